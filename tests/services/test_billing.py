"""Forming regular invoices: each charge on one bill, whatever happens on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from bot.domain import periods
from bot.domain.billing import RunState
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.invoices import Delivery, Invoice, Unit
from bot.domain.money import Money
from bot.domain.notices import MAIL
from bot.services import billing as module
from bot.services.bills import BillPost
from bot.services.house import House
from bot.storage import billing as storage
from bot.storage.database import Database
from bot.storage.tables import billed, charges, invoices, operator_cards, outbox, payers
from bot.storage.tx import Tx
from tests.services.conftest import ANNA, BOB
from tests.services.test_usage import BOBS, FAX, NOVEMBER, SIP, charge, charged, metered

LONELY = "sip-lonely"
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(autouse=True)
async def november(house: House, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is November while things are charged; `december` begins when a test says so."""
    monkeypatch.setattr(periods, "now", lambda: datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    await database.write(metered)
    lonely = Connector(LONELY, "line", "Nobody's", "sip", None, None, None)
    await database.write(lambda tx: tx.connectors.add(lonely))


@pytest.fixture
def december(monkeypatch: pytest.MonkeyPatch) -> Any:
    def begin(year: int = 2026, month: int = 12) -> None:
        moment = datetime(year, month, 1, 0, 0, 1, tzinfo=MOSCOW)
        monkeypatch.setattr(periods, "now", lambda: moment.astimezone(UTC))

    return begin


async def form(house: House, most: int = 10_000) -> int:
    """Take part after part; how many there were."""
    taken = 0
    while taken < most and await house.billing.form_due():
        taken += 1
    return taken


async def rows(database: Database, table: Any, *where: Any) -> list[Any]:
    return await database.read(lambda tx: list(tx.connection.execute(select(table).where(*where))))


async def bills(database: Database) -> list[Invoice]:
    def look(tx: Tx) -> list[Invoice]:
        ids = tx.connection.scalars(select(invoices.c.id).order_by(invoices.c.id))
        return [found for each in list(ids) if (found := tx.invoices.get(each))]

    return await database.read(look)


async def test_nothing_is_formed_before_the_month_is_over(house: House, database: Database) -> None:
    await charged(house, charge("a"))
    assert await form(house) == 0
    assert await bills(database) == []


async def test_each_payer_gets_one_invoice_with_a_line_for_each_connector(
    house: House, database: Database, december: Any
) -> None:
    await charged(
        house,
        charge("a"),
        charge("b", minor=30, duration_s=None),
        charge("c", FAX, 50),
        charge("d", BOBS, 999),
    )
    december()
    await form(house)
    annas, bobs = sorted(await bills(database), key=lambda each: each.customer_id)
    assert (annas.total, bobs.total) == (Money(200, "RUB"), Money(999, "RUB"))
    assert [(line.title, line.uses, line.seconds, line.amount.minor) for line in annas.lines] == [
        (f"Office {SIP}", 2, 61, 150),
        (f"Office {FAX}", 1, 61, 50),
    ]
    assert {line.unit for line in annas.lines} == {Unit.USAGE}
    assert (annas.month, annas.valid_until) == ("2026-11", None)
    run = await house.billing.run("2026-11")
    assert run is not None
    assert (run.state, run.counted, run.formed, run.total, run.carried) == (RunState.FORMED, 3, 2, 2, 0)
    assert (await house.usage.summary(ANNA, None, "2026-11")).sums == (Money(200, "RUB"),)


async def test_operators_are_told_at_the_start_and_at_the_end(
    house: House, database: Database, december: Any
) -> None:
    await charged(house, charge("a"))
    december()
    await form(house)
    told = {row.kind: row.payload for row in await rows(database, outbox, outbox.c.address == 0)}
    assert told["billing_started"] == {"month": "2026-11"}
    assert told["billing_formed"]["count"] == 1
    assert told["billing_formed"]["sums"] == [{"minor": 120, "currency": "RUB"}]


async def test_currencies_do_not_mix_and_one_without_an_account_waits(
    house: House, database: Database, december: Any
) -> None:
    await charged(house, *(replace(charge(code), amount=Money(100, code)) for code in ("RUB", "BYN", "KGS")))
    december()
    await form(house)
    assert sorted(each.total.currency for each in await bills(database)) == ["BYN", "RUB"]
    assert [(row.currency, row.month) for row in await rows(database, charges) if row.month > "2026-11"] == [
        ("KGS", "2026-12")
    ]


async def test_what_nobody_pays_for_waits_for_an_owner(
    house: House, database: Database, december: Any
) -> None:
    await charged(house, charge("a"), charge("x", LONELY, 70), charge("y", LONELY, 7))
    december()
    await form(house)
    run = await house.billing.run("2026-11")
    assert run is not None
    assert run.carried == 2
    await database.write(lambda tx: tx.connectors.attach(LONELY, tx.customers.person(BOB)))
    december(2027, 1)
    await form(house)
    assert [(each.month, each.total.minor) for each in await bills(database)] == [
        ("2026-11", 120),
        ("2026-12", 77),
    ]


async def test_a_charge_that_comes_late_is_on_the_next_bill(
    house: House, database: Database, december: Any
) -> None:
    await charged(house, charge("a"))
    december()
    await form(house, 1)
    await charged(house, charge("late", minor=5))
    await form(house)
    assert [each.total.minor for each in await bills(database)] == [120]
    assert [row.month for row in await rows(database, charges, charges.c.reference == "late")] == ["2026-12"]


async def test_a_month_of_nothing_is_closed_all_the_same(
    house: House, database: Database, december: Any
) -> None:
    december()
    assert await form(house) == 0
    await charged(house, charge("late"))
    assert [row.month for row in await rows(database, charges)] == ["2026-12"]
    assert await rows(database, outbox, outbox.c.address == 0) == []


async def test_months_that_were_missed_are_formed_one_after_the_other(
    house: House, database: Database, december: Any
) -> None:
    await charged(house, charge("sep", started_at=NOVEMBER.replace(month=9)), charge("nov", minor=7))
    december()
    await form(house)
    assert [(each.month, each.total.minor) for each in await bills(database)] == [
        ("2026-09", 120),
        ("2026-11", 7),
    ]


async def test_free_use_is_counted_and_not_invoiced(house: House, database: Database, december: Any) -> None:
    await charged(house, charge("a", minor=0), charge("b", FAX, 5))
    december()
    await form(house)
    (bill,) = await bills(database)
    assert [line.title for line in bill.lines] == [f"Office {FAX}"]
    run = await house.billing.run("2026-11")
    assert run is not None
    assert run.carried == 0


@pytest.mark.parametrize("killed_after", range(1, 12))
async def test_killed_at_any_step_it_goes_on_where_it_was(
    house: House, database: Database, december: Any, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    monkeypatch.setattr(module, "CONNECTORS", 1)
    monkeypatch.setattr(module, "CHARGES", 1)
    monkeypatch.setattr(module, "PAYERS", 1)
    await charged(house, charge("a"), charge("c", FAX, 50), charge("d", BOBS, 9), charge("x", LONELY, 1))
    december()
    await form(house, killed_after)
    await form(house)
    assert sorted(each.total.minor for each in await bills(database)) == [9, 170]


async def test_a_part_that_fails_leaves_nothing_of_it(
    house: House, database: Database, december: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await charged(house, charge("a"), charge("d", BOBS, 9))
    december()
    with monkeypatch.context() as broken:
        send = BillPost.send

        def die(self: Any, tx: Tx, month: str, bill: Any) -> None:
            send(self, tx, month, bill)
            raise RuntimeError

        broken.setattr(BillPost, "send", die)
        with pytest.raises(RuntimeError):
            await form(house)
    assert await bills(database) == []
    await form(house)
    assert [each.number[-6:] for each in await bills(database)] == ["000001", "000002"]


async def test_several_replicas_form_a_month_once(house: House, database: Database, december: Any) -> None:
    await charged(house, charge("a"), charge("c", FAX, 50), charge("d", BOBS, 9), charge("x", LONELY, 1))
    december()

    async def replica() -> None:
        for _ in range(12):
            await house.billing.form_due()

    await asyncio.gather(*(replica() for _ in range(4)))
    await form(house)
    assert sorted(each.total.minor for each in await bills(database)) == [9, 170]


async def test_charges_that_come_while_a_month_is_begun_are_on_one_bill_each(
    house: House, database: Database, december: Any
) -> None:
    december()

    async def keep_charging(place: int) -> None:
        for turn in range(10):
            await charged(house, charge(f"{place}-{turn}", minor=1))

    await asyncio.gather(*(keep_charging(place) for place in range(4)), form(house), form(house))
    await form(house)
    found = await rows(database, charges, charges.c.month == "2026-11")
    assert sum(each.total.minor for each in await bills(database)) == len(found)


async def test_a_connector_that_changes_hands_meanwhile_is_billed_once(
    house: House, database: Database, december: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECTORS", 1)
    await charged(house, charge("a"), charge("c", FAX, 50), charge("d", BOBS, 9))
    december()
    await form(house, 3)
    for each in (SIP, FAX, BOBS):
        await database.write(lambda tx, each=each: tx.connectors.give(each, tx.customers.person(BOB)))  # type: ignore[misc]  # a default
    await form(house)
    assert sum(each.total.minor for each in await bills(database)) == 179
    detail = await house.usage.summary(BOB, None, "2026-11")
    billed_to_bob = [each.total for each in await bills(database) if each.customer_id == BOB]
    assert list(detail.sums) == billed_to_bob, "who took over reads what was billed to him, no more"


async def test_a_payer_with_many_connectors_gets_a_line_for_each_tariff(
    house: House, database: Database, december: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MOST_LINES", 1)
    await charged(house, charge("a"), charge("c", FAX, 50))
    december()
    await form(house)
    (bill,) = await bills(database)
    assert [(line.title, line.uses, line.amount.minor) for line in bill.lines] == [
        ("SIP telephony by usage × 2", 2, 170)
    ]


@pytest.mark.parametrize("way", list(Delivery))
async def test_it_goes_the_way_that_stood_when_it_was_formed(
    house: House, database: Database, december: Any, way: Delivery
) -> None:
    database.listeners.add(MAIL)
    standing = {"delivery": way.value, "email": "anna@example.org", "email_proved_at": periods.now()}
    await database.write(
        lambda tx: tx.connection.execute(
            update(payers).where(payers.c.customer_id == ANNA).values(**standing)
        )
    )
    await charged(house, charge("a"))
    december()
    await form(house)
    letters = await rows(database, outbox, outbox.c.kind == "regular_invoice", outbox.c.email != "")
    chats = await rows(database, outbox, outbox.c.kind == "regular_invoice", outbox.c.email == "")
    cards = await rows(database, operator_cards, operator_cards.c.kind == "invoice_by_hand")
    expected = {Delivery.EMAIL: (1, 0, 0), Delivery.CHAT: (0, 1, 0), Delivery.HAND: (0, 0, 1)}
    assert (len(letters), len(chats), len(cards)) == expected[way]
    assert [letter.email for letter in letters] == ["anna@example.org"] * len(letters)


async def test_the_books_name_what_is_billed_wrongly(house: House, database: Database, december: Any) -> None:
    await charged(house, charge("a"), charge("d", BOBS, 9))
    december()
    await form(house)
    assert (await house.books.prove()).clean

    async def told(change: Any) -> list[str]:
        class Undone(Exception):
            pass

        found: list[str] = []

        def look(tx: Tx) -> None:
            tx.connection.execute(change)
            found.extend(tx.proof.all())
            raise Undone

        with pytest.raises(Undone):
            await database.write(look)
        return found

    anothers = (await told(update(charges).where(charges.c.reference == "a").values(minor=121)))[0]
    assert "120 RUB billed for 2026-11, its charges say 121" in anothers
    assert "are on no bill" in (await told(delete(billed).where(billed.c.connector_id == BOBS)))[0]
    assert (
        "asks for 9" in (await told(update(billed).where(billed.c.connector_id == BOBS).values(minor=8)))[1]
    )


@pytest.mark.parametrize("left", [("RUB",), ()])
async def test_an_account_that_leaves_meanwhile_stops_nobody_elses_invoice(
    house: House, database: Database, catalogue: Catalogue, december: Any, left: tuple[str, ...]
) -> None:
    in_byn = replace(charge("b", BOBS, 9), amount=Money(9, "BYN"))
    await charged(house, charge("a"), in_byn, replace(in_byn, reference="z", amount=Money(1, "RUB")))
    december()
    while (run := await house.billing.run("2026-11")) is None or run.state is not RunState.ISSUING:
        await house.billing.form_due()
    assert catalogue.invoicing is not None
    sellers = {code: catalogue.invoicing.sellers[code] for code in left}
    now = replace(catalogue, invoicing=replace(catalogue.invoicing, sellers=sellers))
    service = module.BillingService(database, now, MOSCOW, BillPost(house.invoices, now))
    while await service.form_due():
        pass
    assert [each.total.currency for each in await bills(database)] == ["RUB", "RUB"][: 2 * len(left)]
    told = await rows(database, outbox, outbox.c.kind == "billing_no_account")
    assert {row.payload["currency"] for row in told} == {"RUB", "BYN"} - set(left)
    ended = await house.billing.run("2026-11")
    assert ended is not None and ended.is_over
    assert (ended.formed, ended.total) == (2 * len(left),) * 2
    assert (await house.books.prove()).clean
    december(2027, 1)
    await form(house)
    assert sorted(str(each.total) for each in await bills(database)) == sorted(
        map(str, (Money(120, "RUB"), Money(1, "RUB"), Money(9, "BYN")))
    )


async def test_without_accounts_nothing_is_formed(
    house: House, database: Database, catalogue: Catalogue, december: Any
) -> None:
    await charged(house, charge("a"))
    december()
    without = replace(catalogue, invoicing=None)
    service = module.BillingService(database, without, MOSCOW, BillPost(house.invoices, without))
    assert not await service.form_due()
