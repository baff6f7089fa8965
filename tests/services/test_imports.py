import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.errors import ImportRefused
from bot.domain.imports import DateDifference
from bot.services import imports as imports_module
from bot.services.books import BooksService
from bot.services.imports import ImportReport, ImportService
from bot.storage.database import Database
from bot.storage.tables import connectors, extensions, import_batches, imported_connectors

HEADER = "id,kind,title,tariff,paid_until,telegram_id,phone,email"
ANNA, BORIS = 1001, 1002
LINE = "wa-1,messenger,WhatsApp +7 900,whatsapp,2026-12-01,1001,+7 999 000-00-01,anna@example.org"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path(__file__).parents[2] / "catalog.example.toml")


@pytest.fixture
def service(database: Database, catalogue: Catalogue) -> ImportService:
    return ImportService(database, catalogue, "ru")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "connectors.csv"


def written(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join((header, *lines)) + "\n", encoding)
    return path


async def taken(service: ImportService, path: Path, *lines: str, set_dates: bool = False) -> ImportReport:
    return await service.connectors(written(path, *lines), set_dates=set_dates)


async def refused(service: ImportService, path: Path, *lines: str) -> list[str]:
    with pytest.raises(ImportRefused) as problems:
        await taken(service, path, *lines)
    return problems.value.problems


async def kept(database: Database, connector_id: str) -> Connector:
    found = await database.read(lambda tx: tx.connectors.get(connector_id))
    assert found is not None
    return found


async def rows(database: Database, table: Any) -> list[Any]:
    return await database.read(lambda tx: list(tx.connection.execute(select(table))))


async def test_new_connector_comes_with_its_owner_and_date(
    service: ImportService, database: Database, here: Path
) -> None:
    report = await taken(service, here, LINE, "line-1,,Office,line,,,,")
    assert report == ImportReport(added=2, updated=0, differing=0, dates_set=False)
    connector = await database.read(lambda tx: tx.connectors.get_for_customer("wa-1", ANNA))
    assert connector is not None
    assert connector.paid_until == date(2026, 12, 1)
    assert (connector.anchor_day, connector.phone, connector.email) == (1, "+79990000001", "anna@example.org")
    bare = await kept(database, "line-1")
    assert (bare.kind, bare.payer_id, bare.paid_until) == ("line", None, None)
    extension = (await rows(database, extensions))[0]
    assert (extension.from_date, extension.to_date, extension.cause) == (None, date(2026, 12, 1), "import")
    assert (await BooksService(database).prove()).clean
    assert not await rows(database, imported_connectors)
    assert not await rows(database, import_batches)


async def test_two_connectors_of_one_chat_have_one_payer(
    service: ImportService, database: Database, here: Path
) -> None:
    await taken(service, here, LINE, LINE.replace("wa-1", "wa-2"))
    assert (await kept(database, "wa-1")).payer_id == (await kept(database, "wa-2")).payer_id


async def test_existing_connector_is_updated_but_keeps_its_date(
    service: ImportService, database: Database, here: Path
) -> None:
    await taken(service, here, LINE)
    told: list[DateDifference] = []
    changed = written(here, "wa-1,messenger,Sales,telegram,2027-01-31,,,", "wa-2,,New,whatsapp,2027-01-31,,,")
    report = await service.connectors(changed, set_dates=False, tell=told.append)
    assert report == ImportReport(added=1, updated=1, differing=1, dates_set=False)
    assert told == [DateDifference(2, "wa-1", date(2026, 12, 1), date(2027, 1, 31))]
    connector = await kept(database, "wa-1")
    assert (connector.title, connector.tariff, connector.phone) == ("Sales", "telegram", "")
    assert connector.paid_until == date(2026, 12, 1)
    assert connector.payer_id is not None


async def test_a_customers_choice_of_payer_is_kept(
    service: ImportService, database: Database, here: Path
) -> None:
    await taken(service, here, LINE)
    firm = await database.write(lambda tx: tx.payers.add(ANNA, "OOO Romashka"))
    person = (await kept(database, "wa-1")).payer_id
    assert person is not None
    await database.write(lambda tx: tx.connectors.hand_over("wa-1", person, to=firm))
    await taken(service, here, LINE.replace("+7 900", "+7 901"))
    assert ((await kept(database, "wa-1")).payer_id, (await kept(database, "wa-1")).title) == (
        firm,
        "WhatsApp +7 901",
    )
    await taken(service, here, LINE.replace("1001", str(BORIS)))
    assert (await kept(database, "wa-1")).payer_id not in (firm, person)


async def test_dates_move_when_asked_and_leave_a_trace(
    service: ImportService, database: Database, here: Path
) -> None:
    await taken(service, here, LINE, "wa-2,,Same,whatsapp,2026-12-05,,,", "wa-3,,None,whatsapp,,,,")
    lines = (LINE.replace("2026-12-01", "2027-01-31"), "wa-2,,Same,whatsapp,2026-12-05,,,")
    report = await taken(service, here, *lines, "wa-3,,Now,whatsapp,2027-02-01,,,", set_dates=True)
    assert report == ImportReport(added=0, updated=3, differing=2, dates_set=True)
    connector = await kept(database, "wa-1")
    assert (connector.paid_until, connector.anchor_day) == (date(2027, 1, 31), 31)
    moved = [(row.connector_id, row.from_date, row.to_date) for row in await rows(database, extensions)]
    assert moved[2:] == [
        ("wa-1", date(2026, 12, 1), date(2027, 1, 31)),
        ("wa-3", None, date(2027, 2, 1)),
    ]
    assert (await BooksService(database).prove()).clean


async def test_empty_date_takes_nothing_away(service: ImportService, database: Database, here: Path) -> None:
    await taken(service, here, LINE)
    await taken(service, here, LINE.replace("2026-12-01", ""), set_dates=True)
    assert (await kept(database, "wa-1")).paid_until == date(2026, 12, 1)


async def test_file_names_the_owner_of_a_connector(
    service: ImportService, database: Database, here: Path
) -> None:
    await taken(service, here, LINE)
    await taken(service, here, LINE.replace("1001", "1002"))
    connector = await kept(database, "wa-1")
    assert connector.payer_id is not None
    payer = connector.payer_id
    assert await database.read(lambda tx: tx.customers.owner(payer)) == BORIS


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("wa-1", "", 'line 2: id "": use 1 to 40 letters'),
        ("wa-1", "a b", 'line 2: id "a b": use'),
        ("wa-1", "ю", 'line 2: id "ю": use'),
        ("WhatsApp +7 900", " ", 'line 2: title "": write 1 to 64 characters'),
        ("WhatsApp +7 900", "x" * 65, "write 1 to 64 characters"),
        ("whatsapp", "whatsup", 'line 2: tariff "whatsup" is not in the catalogue: did you mean "whatsapp"?'),
        ("whatsapp", "zzz", "it has whatsapp, telegram, "),
        ("2026-12-01", "2026-02-30", 'line 2: paid_until "2026-02-30": there is no such day'),
        ("2026-12-01", "12/01/2026", 'line 2: paid_until "12/01/2026": write it as 2026-12-14'),
        ("2026-12-01", "20226-12-01", "write it as 2026-12-14"),
        ("2026-12-01", "1026-12-01", "write it as 2026-12-14"),
        ("1001", "@anna", 'line 2: telegram_id "@anna": write the number of a person'),
        ("1001", "-1001", "line 2: telegram_id"),
        ("1001", "9" * 30, "line 2: telegram_id"),
        ("+7 999 000-00-01", "12", 'line 2: phone "12": write it with its country'),
        ("anna@example.org", "anna@", 'line 2: email "anna@": write one address'),
        (",anna@example.org", "", "line 2: 7 values under 8 columns"),
        ("WhatsApp +7 900", '"never closed', "line 2: this is not CSV"),
    ],
)
async def test_bad_value_is_told_with_its_line(
    sqlite_database: Database, catalogue: Catalogue, here: Path, field: str, value: str, said: str
) -> None:
    service = ImportService(sqlite_database, catalogue, "ru")
    problems = await refused(service, here, LINE.replace(field, value))
    assert len(problems) == 1
    assert said in problems[0]


async def test_all_or_nothing_and_every_problem_in_order(
    service: ImportService, database: Database, here: Path
) -> None:
    lines = (LINE, "wa-2,,Two,none,,,,", LINE, "wa-4,,Four,line,soon,,,", LINE)
    problems = await refused(service, here, *lines)
    assert [problem.split(":")[0] for problem in problems] == ["line 3", "line 4", "line 5", "line 6"]
    assert problems[1] == 'line 4: id "wa-1" stands on line 2 too'
    assert not await rows(database, connectors)
    assert not await rows(database, imported_connectors)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "line 1: the header lacks id, kind,"),
        (HEADER.replace(",email", "").encode(), "line 1: the header lacks email: write id,kind,title"),
        ((HEADER + ",price\n").encode(), 'line 1: unknown column "price"'),
        ((HEADER + ",email\n").encode(), "line 1: the header has email twice"),
        (HEADER.encode(), "line 2: there is no connector in this file"),
        ((HEADER + "\nwa-1,,Линия,line,,,,\n").encode("cp1251"), "line 2: this is not UTF-8"),
        ((HEADER + "\n").encode("utf-16"), "line 1: this is not UTF-8"),
    ],
)
async def test_file_of_another_make_is_told_kindly(
    sqlite_database: Database, catalogue: Catalogue, here: Path, text: bytes, said: str
) -> None:
    here.write_bytes(text)
    with pytest.raises(ImportRefused) as refusal:
        await ImportService(sqlite_database, catalogue, "ru").connectors(here, set_dates=False)
    assert said in refusal.value.problems[0]


async def test_missing_file_is_told(sqlite_database: Database, catalogue: Catalogue, here: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be read: No such file"):
        await ImportService(sqlite_database, catalogue, "ru").connectors(here, set_dates=False)


async def test_spreadsheets_habits_are_understood(
    service: ImportService, database: Database, here: Path
) -> None:
    line = "wa-1;messenger;WhatsApp, sales;whatsapp;1.12.2026;1001;79990000001;anna@example.org"
    written(here, line, ";;;;;;;", "", header=HEADER.replace(",", ";").upper(), encoding="utf-8-sig")
    report = await service.connectors(here, set_dates=False)
    assert report.added == 1
    connector = await kept(database, "wa-1")
    assert (connector.title, connector.paid_until) == ("WhatsApp, sales", date(2026, 12, 1))
    assert connector.phone == "+79990000001"


async def test_text_over_two_lines_keeps_the_count_of_lines(
    sqlite_database: Database, catalogue: Catalogue, here: Path
) -> None:
    problems = await refused(
        ImportService(sqlite_database, catalogue, "ru"),
        here,
        'wa-1,,"Two\nlines",whatsapp,,,,',
        "wa-2,,Two,none,,,,",
    )
    assert [problem.split(":")[0] for problem in problems] == ["line 2", "line 4"]


class Killed(Exception):
    pass


async def test_killed_after_acceptance_is_finished_by_the_next(
    database: Database, catalogue: Catalogue, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports_module, "PART", 2)

    class Dying(ImportService):
        async def _move(self, batch: str) -> None:
            await self._move_part(batch)
            raise Killed

    lines = [LINE.replace("wa-1", f"wa-{number}") for number in range(5)]
    with pytest.raises(Killed):
        await taken(Dying(database, catalogue, "ru"), here, *lines)
    assert len(await rows(database, connectors)) == 2
    await ImportService(database, catalogue, "ru").finish()
    assert len(await rows(database, connectors)) == 5
    assert (await BooksService(database).prove()).clean


async def test_many_rows_never_hold_the_writer_long(
    sqlite_database: Database, catalogue: Catalogue, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units: list[float] = []
    write = sqlite_database.write

    async def timed(unit: Any) -> Any:
        def measured(tx: Any) -> Any:
            begun = time.thread_time()
            try:
                return unit(tx)
            finally:
                units.append(time.thread_time() - begun)

        return await write(measured)

    monkeypatch.setattr(sqlite_database, "write", timed)
    report = await ImportService(sqlite_database, catalogue, "ru").connectors(
        written(here, *_many(20_000)), set_dates=False
    )
    assert report.added == 20_000
    units.sort()
    assert units[len(units) * 99 // 100] < 0.05


def _many(count: int) -> Iterator[str]:
    for number in range(count):
        chat = number // 2 + 1
        yield f"wa-{number},,Line {number},whatsapp,2026-12-01,{chat},+7999{number:07},a{number}@example.org"
