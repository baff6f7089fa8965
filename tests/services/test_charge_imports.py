"""A file of charges: all of it or nothing, each charge once, however often the file comes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from bot.domain.billing import RunState
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.errors import ImportRefused
from bot.domain.periods import now
from bot.services import charge_imports as module
from bot.services.charge_imports import ChargeImportService, ChargeReport
from bot.storage.database import Database
from bot.storage.tables import charges, connectors, import_batches, imported_charges
from bot.storage.tx import Tx

HEADER = "connector,started_at,number,duration_s,amount,description"
CALL = "sip-1,2026-11-05T10:00:00+03:00,+7 999,61,1.20,Москва"
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path(__file__).parents[2] / "catalog.example.toml")


@pytest.fixture
async def service(database: Database, catalogue: Catalogue) -> ChargeImportService:
    def connect(tx: Tx) -> None:
        for id_ in ("sip-1", "sip-2"):
            tx.connectors.add(Connector(id_, "line", id_, "sip", None, None, None))

    await database.write(connect)
    return ChargeImportService(database, catalogue, MOSCOW)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "charges.csv"


def written(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join((header, *lines)) + "\n", encoding)
    return path


async def refused(service: ChargeImportService, path: Path, *lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(ImportRefused) as problems:
        await service.take(written(path, *lines, header=header))
    return problems.value.problems


async def kept(database: Database) -> list[tuple[str, str, int, str, datetime]]:
    def look(tx: Tx) -> list[tuple[str, str, int, str, datetime]]:
        rows = tx.connection.execute(select(charges).order_by(charges.c.started_at, charges.c.id))
        return [(row.connector_id, row.month, row.minor, row.currency, row.started_at) for row in rows]

    return await database.read(look)


async def test_a_charge_is_kept_as_the_file_says(
    service: ChargeImportService, database: Database, here: Path
) -> None:
    assert await service.take(written(here, CALL)) == ChargeReport(added=1, repeated=0)
    moment = datetime(2026, 11, 5, 7, 0, tzinfo=UTC)
    assert await kept(database) == [("sip-1", "2026-11", 120, "RUB", moment)]
    assert await database.read(lambda tx: tx.connection.execute(select(imported_charges)).all()) == []
    assert await database.read(lambda tx: tx.connection.execute(select(import_batches)).all()) == []


async def test_the_same_file_twice_adds_nothing_and_equal_rows_are_several_charges(
    service: ChargeImportService, database: Database, here: Path
) -> None:
    assert await service.take(written(here, CALL, CALL)) == ChargeReport(2, 0)
    assert await service.take(written(here, CALL, CALL)) == ChargeReport(0, 2)
    assert await service.take(written(here, CALL, CALL, CALL)) == ChargeReport(1, 2)
    assert len(await kept(database)) == 3


async def test_the_same_charge_written_otherwise_is_the_same(
    service: ChargeImportService, database: Database, here: Path
) -> None:
    await service.take(written(here, CALL))
    by_spreadsheet = 'sip-1;05.11.2026 10:00:00;+7 999;61;"1,2";Москва'
    told = await service.take(
        written(here, by_spreadsheet, header=HEADER.replace(",", ";"), encoding="utf-8-sig")
    )
    assert told == ChargeReport(0, 1)
    assert len(await kept(database)) == 1


async def test_a_reference_makes_a_charge_known(
    service: ChargeImportService, database: Database, here: Path
) -> None:
    header = f"{HEADER},reference,currency"
    assert await service.take(written(here, f"{CALL},a,BYN", f"{CALL},b,byn", header=header)) == ChargeReport(
        2, 0
    )
    assert await service.take(written(here, f"{CALL},b,BYN", header=header)) == ChargeReport(0, 1)
    assert {row[3] for row in await kept(database)} == {"BYN"}
    other = CALL.replace("1.20", "9.99")
    assert await refused(service, here, f"{CALL},c,RUB", f"{other},a,BYN", header=header) == [
        'line 3: "a" was taken before, and said something else'
    ]
    assert await refused(service, here, f"{CALL},c,RUB", f"{CALL},c,RUB", header=header) == [
        'line 3: reference "c" stands on line 2 too'
    ]


async def test_what_comes_for_a_begun_month_is_billed_with_the_next(
    service: ChargeImportService, database: Database, here: Path
) -> None:
    await database.write(lambda tx: tx.billing.begin("2026-11", RunState.COUNTING))
    at_the_turn = "sip-1,2026-11-30T23:30:00Z,,,1.00,"
    await service.take(written(here, CALL, at_the_turn, CALL.replace("2026-11", "2027-02")))
    assert [row[1] for row in await kept(database)] == ["2026-12", "2026-12", "2027-02"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sip-1", "sip 1", 'line 2: id "sip 1": use'),
        ("sip-1", "sip-9", 'line 2: there is no connector "sip-9"'),
        ("2026-11-05T10:00:00+03:00", "yesterday", 'line 2: started_at "yesterday": write it as'),
        ("2026-11-05T10:00:00+03:00", "2026-11-05", "line 2: started_at"),
        ("2026-11-05T10:00:00+03:00", "0001-01-01T00:00:00+14:00", "line 2: started_at"),
        ("61", "-1", 'line 2: duration_s "-1": write whole seconds'),
        ("61", "1.5", "line 2: duration_s"),
        ("1.20", "-1.20", 'line 2: amount "-1.20": write it as 12.50'),
        ("1.20", "1e3", "line 2: amount"),
        ("1.20", "=1+1", "line 2: amount"),
        ("1.20", "9" * 13, "line 2: amount"),
        ("Москва", "x" * 201, "line 2: description"),
        ("Москва", "a\x07b", "line 2: description"),
        (",Москва", "", "line 2: 5 values under 6 columns"),
        ("Москва", '"never closed', "line 2: this is not CSV"),
    ],
)
async def test_bad_values_are_told_with_their_line(
    service: ChargeImportService, here: Path, field: str, value: str, said: str
) -> None:
    problems = await refused(service, here, CALL.replace(field, value))
    assert len(problems) == 1
    assert said in problems[0]


async def test_all_or_nothing(service: ChargeImportService, database: Database, here: Path) -> None:
    problems = await refused(service, here, CALL, CALL.replace("1.20", "?"), CALL.replace("sip-1", "no"))
    assert [problem.split(":")[0] for problem in problems] == ["line 3", "line 4"]
    assert await kept(database) == []
    assert await database.read(lambda tx: tx.connection.execute(select(imported_charges)).all()) == []


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("connector,amount", "line 1: the header lacks started_at"),
        (f"{HEADER},surprise", 'line 1: unknown column "surprise"'),
        (f"{HEADER},amount", "line 1: the header has amount twice"),
    ],
)
async def test_a_header_of_another_kind(
    service: ChargeImportService, here: Path, header: str, said: str
) -> None:
    assert said in (await refused(service, here, CALL, header=header))[0]


async def test_a_spreadsheets_own_encoding_is_told_kindly(service: ChargeImportService, here: Path) -> None:
    with pytest.raises(ImportRefused, match="Windows-1251"):
        await service.take(written(here, CALL, encoding="cp1251"))


async def test_a_process_killed_after_the_acceptance_is_finished_by_the_next(
    service: ChargeImportService, database: Database, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PART", 2)

    async def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(service, "_move", die)
        with pytest.raises(KeyboardInterrupt):
            await service.take(written(here, *(CALL,) * 5))
    assert await kept(database) == []
    await service.finish()
    assert len(await kept(database)) == 5
    assert await database.read(lambda tx: tx.connection.execute(select(import_batches)).all()) == []


async def test_no_unit_holds_the_writer_for_long(
    sqlite_database: Database, catalogue: Catalogue, here: Path
) -> None:
    def connect(tx: Tx) -> None:
        tx.connection.execute(
            insert(connectors),
            [
                {"id": f"sip-{n}", "kind": "line", "title": "x", "tariff": "sip", "created_at": now()}
                for n in range(100)
            ],
        )

    await sqlite_database.write(connect)
    units: list[float] = []
    write = sqlite_database.write

    async def timed(unit: object) -> object:
        def run(tx: Tx) -> object:
            begun = time.thread_time()  # others may be at work on this machine
            try:
                return unit(tx)  # type: ignore[operator]  # a unit of any shape
            finally:
                units.append(time.thread_time() - begun)

        return await write(run)

    sqlite_database.write = timed  # type: ignore[method-assign,assignment]  # every unit is timed
    service = ChargeImportService(sqlite_database, catalogue, MOSCOW)
    assert (await service.take(written(here, *many(10_000)))).added == 10_000
    units.sort()
    assert units[len(units) * 99 // 100] < 0.05


def many(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"sip-{number % 100},2026-11-05T10:{number % 60:02}:00Z,{number},{number},1.20,Москва"
