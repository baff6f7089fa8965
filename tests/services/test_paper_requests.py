"""Papers that are asked for: to the proved address that stands now, on open days, of one's own alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import periods
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.invoices import Invoice, InvoiceLine, Unit
from bot.domain.money import Money
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.payloads import from_json
from bot.storage.tables import outbox
from bot.storage.tx import Tx
from tests.services.conftest import ANNA, BOB
from tests.services.test_usage import charge, charged

SIP = "sip-1"
ADDRESS = "anna@example.org"
NOVEMBER, OCTOBER, SEPTEMBER = "2026-11", "2026-10", "2026-09"


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 20, 12, tzinfo=UTC))
    database.listeners.add("mail")


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(periods, "now", lambda: moment)


@pytest.fixture
async def payer(database: Database) -> int:
    def give(tx: Tx) -> int:
        payer = tx.customers.person(ANNA)
        tx.connectors.add(Connector(SIP, "line", "Office", "sip", payer, None, None))
        tx.payers.prove_email(payer, ADDRESS)
        return payer

    return await database.write(give)


async def bill(house: House, database: Database, payer_id: int, month: str) -> Invoice:
    amount = Money(35640, "RUB")

    def form(tx: Tx) -> Invoice | None:
        payer = tx.payers.get(payer_id)
        assert payer is not None
        line = InvoiceLine("Office", 1, Unit.PERIOD, amount, amount)
        return house.invoices.bill(tx, payer, month, "RUB", [line])

    invoice = await database.write(form)
    assert invoice is not None
    return invoice


async def letters(database: Database) -> list[tuple[str, str, dict[str, Any]]]:
    query = select(outbox).where(outbox.c.email != "").order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.email, row.kind, from_json(row.payload)) for row in rows]


async def test_copies_of_several_months_go_in_one_letter(
    house: House, database: Database, payer: int
) -> None:
    bills = [await bill(house, database, payer, month) for month in (SEPTEMBER, OCTOBER)]
    assert await house.paper_requests.months(ANNA, payer) == [OCTOBER, SEPTEMBER]
    await house.paper_requests.copies(ANNA, payer, [OCTOBER, SEPTEMBER])
    [(email, kind, facts)] = await letters(database)
    assert (email, kind) == (ADDRESS, "invoice_copy")
    assert (facts["since"], facts["until"]) == (SEPTEMBER, OCTOBER)
    assert [copy["invoice_id"] for copy in facts["invoices"]] == [each.id for each in bills]


async def test_a_copy_goes_to_the_new_address_and_the_invoice_keeps_the_old(
    house: House, database: Database, payer: int
) -> None:
    formed = await bill(house, database, payer, OCTOBER)
    await database.write(lambda tx: tx.payers.prove_email(payer, "new@example.org"))
    await house.paper_requests.copies(ANNA, payer, [OCTOBER])
    assert [email for email, _kind, _facts in await letters(database)] == ["new@example.org"]
    assert (await house.invoices.get(ANNA, formed.id)).invoice.email == ADDRESS


async def test_detail_and_charges_name_what_their_files_are_made_of(
    house: House, database: Database, payer: int
) -> None:
    await charged(house, charge("a", SIP, 120), charge("b", SIP, 30))
    await house.paper_requests.detail(ANNA, payer, SIP, NOVEMBER)
    await house.paper_requests.charges(ANNA, payer, None)
    (_, detail, said), (_, charges, of_all) = await letters(database)
    assert (detail, charges) == ("usage", "charges")
    assert said["total"] == Money(150, "RUB")
    assert said["titles"] == ["Office"]
    whose = {"customer_id": ANNA, "payer_id": payer, "month": NOVEMBER}
    assert said["subject"] == {**whose, "subscriber": SIP}
    assert of_all["subject"] == {**whose, "subscriber": None}


async def test_a_second_tap_sends_no_second_letter(house: House, database: Database, payer: int) -> None:
    await charged(house, charge("a", SIP, 120))
    for _ in range(3):
        await house.paper_requests.charges(ANNA, payer, SIP)
    assert len(await letters(database)) == 1


@pytest.mark.parametrize("day", [1, 3])
async def test_while_invoices_are_formed_nothing_is_given_out(
    house: House, database: Database, payer: int, monkeypatch: pytest.MonkeyPatch, day: int
) -> None:
    await bill(house, database, payer, OCTOBER)
    set_clock(monkeypatch, datetime(2026, 12, day, 12, tzinfo=UTC))
    for request in (
        house.paper_requests.copies(ANNA, payer, [OCTOBER]),
        house.paper_requests.links(ANNA, payer, OCTOBER),
        house.paper_requests.charges(ANNA, payer, None),
    ):
        with pytest.raises(CustomerError, match="section_closed"):
            await request
    assert await letters(database) == []


async def test_nothing_goes_to_an_address_that_is_not_proved(
    house: House, database: Database, payer: int
) -> None:
    await bill(house, database, payer, OCTOBER)
    database.listeners.discard("mail")
    with pytest.raises(CustomerError, match="mail_is_off"):
        await house.paper_requests.copies(ANNA, payer, [OCTOBER])
    database.listeners.add("mail")
    firm = await database.write(lambda tx: tx.payers.add(ANNA, "ООО Ромашка"))
    with pytest.raises(CustomerError, match="address_first"):
        await house.paper_requests.charges(ANNA, firm, None)


async def test_a_link_leads_to_the_invoice_of_its_month(house: House, database: Database, payer: int) -> None:
    formed = await bill(house, database, payer, OCTOBER)
    found = await house.paper_requests.links(ANNA, payer, OCTOBER)
    [link] = found.links
    assert link.number == formed.number
    token = link.url.removesuffix(".pdf").rpartition("/")[2]
    enclosure, _language = await house.document_links.open(token)
    assert enclosure.subject == {"invoice_id": formed.id}
    assert (await house.paper_requests.links(ANNA, payer, SEPTEMBER)).links == ()


async def test_nobody_gets_anothers_papers(house: House, database: Database, payer: int) -> None:
    await bill(house, database, payer, OCTOBER)
    for request in (
        house.paper_requests.copies(BOB, payer, [OCTOBER]),
        house.paper_requests.links(BOB, payer, OCTOBER),
        house.paper_requests.charges(BOB, payer, None),
        house.paper_requests.months(BOB, payer),
    ):
        with pytest.raises(NotYours):
            await request
