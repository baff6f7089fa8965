"""What metered connectors used, as those who pay for it see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import periods
from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.seller import Charge
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.services.conftest import ANNA, BOB

SIP, FAX, BOBS = "sip-1", "sip-2", "sip-9"
NOVEMBER = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)


def charge(reference: str, connector_id: str = SIP, minor: int = 120, **more: object) -> Charge:
    said = {"started_at": NOVEMBER, "duration_s": 61, "number": "+7 999"} | more
    return Charge(reference, connector_id, amount=Money(minor, "RUB"), **said)  # type: ignore[arg-type]  # its fields, by name


async def charged(house: House, *told: Charge) -> None:
    await house.seller.add_charges(told, None)


def metered(tx: Tx) -> None:
    for customer, ids in ((ANNA, (SIP, FAX)), (BOB, (BOBS,))):
        payer = tx.customers.person(customer)
        for id_ in ids:
            tx.connectors.add(Connector(id_, "line", f"Office {id_}", "sip", payer, None, None))


@pytest.fixture(autouse=True)
async def november(house: House, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "now", lambda: datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    await database.write(metered)


async def test_totals_are_of_each_connector_and_of_all(house: House) -> None:
    await charged(house, charge("a"), charge("b", minor=30), charge("c", FAX, 50), charge("d", BOBS, 999))
    usage = await house.usage.summary(ANNA, None, "2026-11")
    assert [(each.connector_id, each.records, each.seconds) for each in usage.connectors] == [
        (SIP, 2, 122),
        (FAX, 1, 61),
    ]
    assert usage.sums == (Money(200, "RUB"),)
    one = await house.usage.summary(ANNA, SIP, "2026-11")
    assert (one.records, one.sums) == (2, (Money(150, "RUB"),))


async def test_somebody_elses_connector_has_nothing_to_show(house: House) -> None:
    await charged(house, charge("d", BOBS, 999))
    assert (await house.usage.summary(ANNA, BOBS, "2026-11")).records == 0
    assert (await house.usage.records(ANNA, BOBS, "2026-11")).items == []


async def test_months_with_records_are_offered(house: House) -> None:
    await charged(house, charge("old", started_at=NOVEMBER - timedelta(days=60)), charge("new"))
    assert await house.usage.months(ANNA) == ["2026-11", "2026-09"]
    assert await house.usage.months(ANNA, FAX) == ["2026-11"]


async def test_every_record_comes_once_in_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.usage.PART", 3)
    told = [
        charge(f"{place}", (SIP, FAX)[place % 2], started_at=NOVEMBER + timedelta(minutes=place // 3))
        for place in range(20)
    ]
    await charged(house, *told)
    found = [record async for record in house.usage.every_record(ANNA, None, "2026-11")]
    assert len(found) == 20
    assert [(each.connector_id, each.started_at) for each in found] == ordered(told)
    page = await house.usage.records(ANNA, None, "2026-11", page=1)
    assert (page.pages, page.total, len(page.items)) == (3, 20, 8)


def ordered(told: Iterable[Charge]) -> list[tuple[str, datetime]]:
    return sorted((each.connector_id, each.started_at) for each in told)
