"""Invoices on request: frozen at issue, numbered without gaps, settled by the money of their order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, NotYours
from bot.domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceState, Unit
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.domain.webhooks import SELLER
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import promo_counts, webhooks
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, BOB, LINE, WHATSAPP
from tests.services.money import begun, notices, price_of, used


async def ordered(house: House, *connectors: str, months: int = 1) -> Order:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    return await house.orders.place(ANNA, connectors or (WHATSAPP,), months, payer_id=firm.id)


async def invoiced(house: House, *connectors: str, months: int = 1) -> Invoice:
    order = await ordered(house, *connectors, months=months)
    return await house.invoices.issue(ANNA, order.id, "RUB")


async def state_of(house: House, invoice: Invoice) -> InvoiceState:
    return (await house.invoices.get(ANNA, invoice.id)).invoice.state


async def test_an_invoice_freezes_its_payer_its_prices_and_the_seller(
    house: House, catalogue: Catalogue
) -> None:
    invoice = await invoiced(house, WHATSAPP, LINE, months=3)
    assert (invoice.kind, invoice.state) == (InvoiceKind.OFFER, InvoiceState.ISSUED)
    assert invoice.buyer == ROMASHKA.party
    assert catalogue.invoicing is not None
    assert invoice.seller == catalogue.invoicing.seller("RUB")
    assert invoice.total == Money(282_000 + 129_000, "RUB")
    assert [(line.title, line.quantity, line.unit) for line in invoice.lines] == [
        ("Line 5", 3, Unit.MONTH),
        ("WhatsApp +7 999", 3, Unit.MONTH),
    ]
    assert invoice.valid_until == invoice.issued_on + timedelta(days=catalogue.invoicing.valid_days)
    await house.payers.save(ANNA, invoice.payer_id, replace(ROMASHKA, name="ООО «Другое имя»"))
    assert (await house.invoices.get(ANNA, invoice.id)).invoice.buyer == ROMASHKA.party


async def test_the_purpose_names_the_number_and_that_there_is_no_vat(house: House) -> None:
    invoice = await invoiced(house)
    day = f"{invoice.issued_on:%d.%m.%Y}"
    assert invoice.purpose == (
        f"Оплата по счёту-оферте № {invoice.number} от {day} г. за "
        "неисключительные права на использование ПО для ЭВМ, без НДС"
    )


async def test_a_second_tap_finds_the_first_invoice(house: House, database: Database) -> None:
    order = await ordered(house)
    issue = house.invoices.issue
    first, second = await asyncio.gather(*(issue(ANNA, order.id, "RUB") for _ in range(2)))
    assert first == second
    assert (await notices(database)).count("invoice_issued") == 2  # the customer, and the operators


async def test_numbers_have_no_gaps_even_where_a_unit_fails(house: House, database: Database) -> None:
    def fail(tx: object) -> None:
        tx.invoices.draw_number(periods.now().year)  # type: ignore[attr-defined]  # what it is given does not matter
        raise CustomerError("order_not_open")

    orders = [await ordered(house) for _ in range(3)]
    first = await house.invoices.issue(ANNA, orders[-1].id, "RUB")
    with pytest.raises(CustomerError):
        await database.write(fail)
    second = await invoiced(house, LINE)
    year = first.issued_on.year
    assert [first.number, second.number] == [f"INV-{year}-000001", f"INV-{year}-000002"]


async def test_nobody_reads_or_voids_anothers_invoice(house: House) -> None:
    invoice = await invoiced(house)
    for call in (house.invoices.get, house.invoices.void, house.invoices.link, house.invoices.send):
        with pytest.raises(NotYours):
            await call(BOB, invoice.id)


async def test_a_payer_without_requisites_gets_no_invoice(house: House) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    with pytest.raises(CustomerError, match="payer_incomplete"):
        await house.invoices.issue(ANNA, order.id, "RUB")


async def test_money_of_any_kind_pays_the_invoice(
    house: House, database: Database, fake: FakeGateway
) -> None:
    invoice = await invoiced(house)
    order = await house.orders.get(ANNA, invoice.order_id)
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, order)))
    view = await house.invoices.get(ANNA, invoice.id)
    assert view.invoice.state is InvoiceState.PAID
    assert (view.paid, view.missing) == (price_of(order), Money(0, "RUB"))
    with pytest.raises(CustomerError, match="invoice_not_open"):
        await house.invoices.void(ANNA, invoice.id)


async def test_an_invoice_that_is_out_lapses_where_the_line_is_ordered_anew(
    house: House, database: Database, fake: FakeGateway
) -> None:
    """It may be at the payer's bank already: late money must not rest on the balance."""
    invoice = await invoiced(house)
    payment = await begun(house, database, await house.orders.get(ANNA, invoice.order_id))
    await house.orders.place(ANNA, [WHATSAPP], 12)
    assert await state_of(house, invoice) is InvoiceState.LAPSED
    await house.callbacks.receive("fake", fake.pay(payment))
    assert await state_of(house, invoice) is InvoiceState.PAID
    assert (await house.orders.get(ANNA, invoice.order_id)).state is OrderState.FULFILLED


async def test_a_voided_invoice_closes_its_order(house: House) -> None:
    invoice = await house.invoices.void(ANNA, (await invoiced(house)).id)
    assert invoice.state is InvoiceState.VOID
    assert (await house.orders.get(ANNA, invoice.order_id)).state is OrderState.CANCELLED


async def test_a_cancelled_order_voids_its_invoice(house: House) -> None:
    invoice = await invoiced(house)
    await house.orders.cancel(ANNA, invoice.order_id)
    assert await state_of(house, invoice) is InvoiceState.VOID


async def test_an_invoice_lapses_when_its_time_is_over(house: House) -> None:
    invoice = await invoiced(house)
    with time_machine.travel(periods.now() + timedelta(days=7)):
        assert await house.orders.expire() == 1
    assert await state_of(house, invoice) is InvoiceState.LAPSED


async def test_a_months_bill_is_formed_once_and_paid_like_any_order(
    house: House, database: Database, fake: FakeGateway
) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    line = InvoiceLine(
        "SIP 100", 1, Unit.USAGE, Money(12_345, "RUB"), Money(12_345, "RUB"), uses=3, seconds=60
    )

    def form(tx: Tx) -> Invoice | None:
        return house.invoices.bill(tx, firm, "2026-10", "RUB", [line])

    await database.write(lambda tx: used(tx, LINE, firm.id, "2026-10", line.amount))
    bill, again = await database.write(form), await database.write(form)
    assert bill is not None
    assert again is None
    assert (bill.kind, bill.month, bill.valid_until) == (InvoiceKind.REGULAR, "2026-10", None)
    order = await house.orders.get(ANNA, bill.order_id)
    assert order.titles == [bill.number]
    await house.callbacks.receive("fake", fake.pay(await begun(house, database, order)))
    assert await state_of(house, bill) is InvoiceState.PAID


async def test_the_list_shows_the_newest_first_with_what_is_missing(house: House) -> None:
    first, second = await invoiced(house), await invoiced(house, LINE)
    page = await house.invoices.page(ANNA)
    assert [view.invoice.number for view in page.items] == [second.number, first.number]
    assert page.items[0].missing == second.total
    assert (await house.invoices.page(BOB)).total == 0


async def test_a_link_to_the_paper_is_random_and_opens_nothing_else(house: House) -> None:
    invoice = await invoiced(house)
    url = await house.invoices.link(ANNA, invoice.id)
    token = url.removeprefix("https://pay.example/documents/").removesuffix(".pdf")
    enclosure, language = await house.document_links.open(token)
    assert (enclosure.kind, enclosure.subject, language) == ("invoice", {"invoice_id": invoice.id}, "en")
    with pytest.raises(NotYours):
        await house.document_links.open("0" * 40)


async def test_a_link_ends(house: House) -> None:
    url = await house.invoices.link(ANNA, (await invoiced(house)).id)
    with time_machine.travel(periods.now() + timedelta(days=61)):
        with pytest.raises(NotYours):
            await house.document_links.open(url[-44:-4])
        assert await house.document_links.purge() > 0


async def test_a_void_invoice_lets_its_promo_code_go(house: House, database: Database) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="START", payer_id=firm.id)
    invoice = await house.invoices.issue(ANNA, order.id, "RUB")
    taken = select(promo_counts.c.taken).where(promo_counts.c.code == "START")
    for expected in (1, 0):
        assert await database.read(lambda tx: tx.connection.execute(taken).scalar_one()) == expected
        if expected:
            await house.invoices.void(ANNA, invoice.id)


async def test_the_sellers_systems_hear_what_becomes_of_an_invoice(
    house: House, database: Database, fake: FakeGateway
) -> None:
    database.listeners.add(SELLER)
    paid, given_up = await invoiced(house), await invoiced(house, LINE)
    await house.callbacks.receive(
        "fake", fake.pay(await begun(house, database, await house.orders.get(ANNA, paid.order_id)))
    )
    await house.invoices.void(ANNA, given_up.id)
    late = await invoiced(house, LINE)
    with time_machine.travel(periods.now() + timedelta(days=30)):
        await house.orders.expire()
    query = select(webhooks.c.kind, webhooks.c.payload).where(webhooks.c.kind.startswith("invoice."))
    news = await database.read(lambda tx: tx.connection.execute(query.order_by(webhooks.c.id)).all())
    assert [(row.kind, row.payload["invoice"]) for row in news] == [
        ("invoice.issued", paid.number),
        ("invoice.issued", given_up.number),
        ("invoice.paid", paid.number),
        ("invoice.void", given_up.number),
        ("invoice.issued", late.number),
        ("invoice.lapsed", late.number),
    ]
    assert news[2].payload == {
        "invoice": paid.number,
        "kind": "offer",
        "state": "paid",
        "month": None,
        "amount": {"value": paid.total.decimal(), "currency": "RUB"},
        "issued_on": paid.issued_on.isoformat(),
        "valid_until": paid.valid_until and paid.valid_until.isoformat(),
        "buyer": {"name": ROMASHKA.name, "tax_number": ROMASHKA.tax_number, "kpp": ROMASHKA.kpp},
        "order": (await house.orders.get(ANNA, paid.order_id)).reference,
    }
