"""Usage and charges as papers and tables, from the books to the page."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.documents import usage as module
from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain import periods
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.documents import Enclosure, File
from bot.domain.money import Money
from bot.domain.seller import Charge
from bot.i18n import LANGUAGES
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.documents.pages import Pages
from tests.services.conftest import ANNA, BOB, catalogue, fake, hinting, house, operators  # noqa: F401 (fixtures)

SIP, FAX = "sip-1", "sip-2"
NOVEMBER = datetime(2026, 11, 5, 9, 0, 30, tzinfo=UTC)
MARKUP = "=#let $x$ [a] *b* |"


def metered(tx: Tx) -> None:
    payer = tx.customers.person(ANNA)
    for id_ in (SIP, FAX):
        tx.connectors.add(Connector(id_, "line", f"Office {id_}", "sip", payer, None, None))


@pytest.fixture
async def used(house: House, database: Database, monkeypatch: pytest.MonkeyPatch) -> House:  # noqa: F811 (the fixture)
    """Two uses of one line and one of another in November, seen on the 20th."""
    monkeypatch.setattr(periods, "now", lambda: datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    await database.write(metered)
    told = [
        Charge("a", SIP, NOVEMBER, Money(120, "RUB"), "+7 999 1", 3661, MARKUP),
        Charge("b", SIP, NOVEMBER, Money(100, "RUB"), "+7 999 2", 5),
        Charge("c", FAX, NOVEMBER, Money(1000, "RUB")),
    ]
    await house.seller.add_charges(told, None)
    return house


async def made(
    house: House,  # noqa: F811 (the fixture)
    typesetter: Typesetter,
    kind: str,
    language: str = "ru",
    **subject: Any,
) -> File:
    sources = Sources(house, read_catalogue(Path("catalog.example.toml")), typesetter)
    asked = {"customer_id": ANNA, "payer_id": None, "subscriber": None, "month": "2026-11"} | subject
    return await Press(sources).make(Enclosure(kind, asked), language)


def words(file: File) -> str:
    return Pages(file.content).words.replace("\xa0", " ")


def table(file: File) -> list[list[str]]:
    return list(csv.reader(file.content.decode("utf-8-sig").splitlines(), delimiter=";"))


async def test_papers_in_every_language(used: House, typesetter: Typesetter) -> None:
    for language in LANGUAGES:
        for kind in ("usage", "charges"):
            file = await made(used, typesetter, kind, language)
            assert file.name == f"{kind}-2026-11.pdf"
            assert Pages(file.content).is_archival
            assert "Office sip-2" in words(file)


async def test_the_detail_has_each_use(used: House, typesetter: Typesetter) -> None:
    said = words(await made(used, typesetter, "usage"))
    assert "Детализация, ноябрь 2026" in said
    assert f"05.11.2026 12:00:30 Office sip-1 +7 999 1 1:01:01 {MARKUP} 1,20 ₽" in said
    assert "05.11.2026 12:00:30 Office sip-2 10,00 ₽" in said
    assert "Итого 12,20 ₽" in said


async def test_the_detail_of_one_subscriber_names_him_once(used: House, typesetter: Typesetter) -> None:
    said = words(await made(used, typesetter, "usage", subscriber=SIP))
    assert said.count("Office sip-1") == 1
    assert "Итого 2,20 ₽" in said


async def test_too_many_uses_for_a_paper_are_summed(
    used: House, typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ON_PAPER", 2)
    said = words(await made(used, typesetter, "usage"))
    assert "Office sip-1 2 1:01:06 2,20 ₽" in said
    assert "все они есть в таблице" in said


async def test_charges_so_far_say_when_that_is(used: House, typesetter: Typesetter) -> None:
    said = words(await made(used, typesetter, "charges"))
    assert "Office sip-1 2 1:01:06 2,20 ₽ Office sip-2 1 10,00 ₽" in said
    assert "По состоянию на 20 ноября 2026, 15:00:00 (UTC+3)." in said
    assert "Месяц ещё не закончился" in said


async def test_tables_are_for_spreadsheets(used: House, typesetter: Typesetter) -> None:
    detail = await made(used, typesetter, "usage_csv", "en")
    assert detail.name == "usage-2026-11.csv"
    head, first, *_ = table(detail)
    assert head == [
        *("Subscriber", "Identifier", "Date and time", "Number", "Seconds"),
        *("Amount", "Currency", "Description"),
    ]
    assert first == [
        *("Office sip-1", SIP, "2026-11-05 12:00:30", "+7 999 1", "3661", "1.20", "RUB", f"'{MARKUP}"),
    ]
    sums = table(await made(used, typesetter, "charges_csv"))
    assert sums[1:] == [
        ["Office sip-1", SIP, "2", "3666", "2,20", "RUB"],
        ["Office sip-2", FAX, "1", "0", "10,00", "RUB"],
    ]


async def test_somebody_elses_use_is_nobodys_business(used: House, typesetter: Typesetter) -> None:
    assert len(table(await made(used, typesetter, "usage_csv", customer_id=BOB))) == 1
    assert "Office" not in words(await made(used, typesetter, "charges", customer_id=BOB, subscriber=SIP))


async def test_more_subscribers_than_a_paper_holds_are_in_the_table(
    used: House, typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ON_PAPER", 1)
    said = words(await made(used, typesetter, "charges"))
    assert "Office sip-2" not in said
    assert "Ещё 1 — в таблице" in said
