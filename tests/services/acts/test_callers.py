"""Callers: written down by an operator, they order, pay and get letters without a chat, until they come."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.domain.caller_words import read_requisites
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.notices import MAIL
from bot.domain.requisites import PartyKind
from bot.domain.states import OrderState
from bot.services.acts.callers import read_person
from bot.services.acts.made import Made
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.gateways.fake import FakeGateway
from tests.made_to_order import by_the_year
from tests.services.conftest import ANNA, BOB, LINE, OPERATOR, VIEWER, WHATSAPP, surroundings
from tests.services.test_desk import refused_with

CALLER = "Вера Иванова, vera@example.org, +7 999 123-45-67"
FIRM = "7707083893 770701001 ООО «Ромашка»; Москва, Тверская, 1"


@pytest.fixture
def books(database: Database) -> Database:
    """Letters can leave."""
    database.listeners.add(MAIL)
    return database


async def ordered(house: House, customer: Customer, title: str = "Line 9") -> Made:
    connector = await house.acts.caller_orders.add(OPERATOR, customer.id, "whatsapp", title)
    return await house.acts.caller_orders.order(OPERATOR, customer.id, connector.id, 1)


async def letters(database: Database) -> list[tuple[str, str]]:
    query = select(outbox.c.kind, outbox.c.email).where(outbox.c.email != "").order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.email) for row in rows]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (CALLER, ("Вера Иванова", "vera@example.org", "+79991234567")),
        ("anna@example.org; Anna", ("Anna", "anna@example.org", "")),
        ("Пётр\n8 999 123-45-67", ("Пётр", "", "+79991234567")),
    ],
)
def test_who_calls_is_read_from_plain_words(words: str, read: tuple[str, str, str]) -> None:
    assert read_person(words) == read


@pytest.mark.parametrize(
    ("words", "before", "read"),
    [
        ("Вера Иванова", "vera@example.org", ("Вера Иванова", "vera@example.org", "")),
        ("vera@example.org", "Вера", ("Вера", "vera@example.org", "")),
        ("Вера, vera@example.org", "Вероника", ("Вера", "vera@example.org", "")),
        ("Вера, vera@example.org", "vera@exmaple.org", ("Вера", "vera@example.org", "")),
    ],
)
async def test_what_was_searched_for_fills_up_what_is_missing_and_no_more(
    house: House, words: str, before: str, read: tuple[str, str, str]
) -> None:
    caller = await house.acts.callers.meet(OPERATOR, words, before)
    assert (caller.name, caller.email, caller.phone) == read


@pytest.mark.parametrize("words", ["", "Анна", "anna@example.org", "Анна, не адрес@", ", ,"])
def test_a_caller_without_a_name_or_an_address_is_refused(words: str) -> None:
    with pytest.raises(CustomerError):
        read_person(words)


def test_requisites_are_read_from_one_line() -> None:
    firm = read_requisites(FIRM, "RUB")
    assert (firm.kind, firm.kpp, firm.name) == (PartyKind.ORGANISATION, "770701001", "ООО «Ромашка»")
    assert firm.address == "Москва, Тверская, 1"
    alone = read_requisites("500100732259 ИП Иванов Иван", "RUB")
    assert (alone.kind, alone.tax_number) == (PartyKind.ENTREPRENEUR, "500100732259")
    assert read_requisites("Иванов Иван", "RUB").kind is PartyKind.PERSON
    with pytest.raises(CustomerError):
        read_requisites("7707083893", "RUB")


async def test_a_caller_pays_by_the_link_and_gets_letters(
    house: House, books: Database, fake: FakeGateway
) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    assert (caller.id < 0, caller.reachable) == (True, False)
    made = await ordered(house, caller)
    assert made.url.startswith("https://pay.example/order/")
    assert await house.acts.caller_orders.send(OPERATOR, made.order.id) == "vera@example.org"
    token = made.url.rpartition("/")[2]
    link = await house.order_links.begin(token, "fake", "RUB")
    payment = await books.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    await house.callbacks.receive("fake", fake.pay(payment.reference))
    assert (await house.orders.get(caller.id, made.order.id)).state is OrderState.FULFILLED
    page = await house.links.open_link(link.url.rpartition("/")[2])
    assert page.mine == await house.acts.callers.link(OPERATOR, caller.id), "the page leads into Telegram"
    assert await letters(books) == [("order_link", "vera@example.org"), ("receipt", "vera@example.org")]
    query = select(outbox.c.id).where(outbox.c.address < 0, outbox.c.email == "")
    assert await books.read(lambda tx: tx.connection.execute(query).first()) is None, "no chat is written to"


async def test_a_firm_on_the_telephone_gets_its_invoice_by_e_mail(house: House, books: Database) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    made = await ordered(house, caller)
    details = read_requisites(FIRM, "RUB")
    again = await house.acts.caller_orders.name_payer(OPERATOR, made.order.id, details)
    invoice = await house.acts.caller_orders.invoice(OPERATOR, again.order.id, "RUB")
    assert (invoice.buyer.name, invoice.email) == ("ООО «Ромашка»", "vera@example.org")
    assert ("invoice", "vera@example.org") in await letters(books)
    assert (await house.orders.get(caller.id, made.order.id)).state is OrderState.REPLACED


async def test_a_sum_is_asked_for_by_a_link(house: House, database: Database) -> None:
    url = await house.acts.caller_orders.sum_link(OPERATOR, ANNA, Money(150_000, "RUB"), "setting up")
    assert url.startswith("https://pay.example/pay/")


async def test_whoever_opens_the_callers_link_has_it_all(
    house: House, database: Database, fake: FakeGateway
) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    made = await ordered(house, caller)
    token = await house.acts.callers.link(OPERATOR, caller.id)
    assert await house.acts.callers.link(OPERATOR, caller.id) == token
    await house.acts.callers.claim(BOB, token)
    assert (await house.orders.get(BOB, made.order.id)).id == made.order.id
    assert await house.customers.get(caller.id) is None
    bob = await house.customers.get(BOB)
    assert bob is not None and (bob.name, bob.email) == ("Bob", "vera@example.org")
    await house.acts.callers.claim(BOB, token)
    await refused_with("link_used", house.acts.callers.claim(ANNA, token))
    with pytest.raises(NotYours):
        await house.acts.callers.claim(ANNA, "nobody gave this out")


async def test_two_people_at_once_and_one_of_them_has_it(house: House, database: Database) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    await ordered(house, caller)
    token = await house.acts.callers.link(OPERATOR, caller.id)
    done = await asyncio.gather(
        house.acts.callers.claim(ANNA, token), house.acts.callers.claim(BOB, token), return_exceptions=True
    )
    assert [type(each) for each in done].count(CustomerError) == 1


async def test_an_existing_customer_keeps_what_was_his(house: House, database: Database) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    await ordered(house, caller)
    await house.acts.callers.claim(ANNA, await house.acts.callers.link(OPERATOR, caller.id))
    found = await house.connectors.page(ANNA)
    assert {WHATSAPP, LINE} < {each.id for each in found.items}
    assert len(await house.balance.payers(ANNA)) == 1


async def test_roles_and_states_are_looked_at(house: House, database: Database) -> None:
    callers = house.acts.callers
    await refused_with("not_allowed", callers.meet(VIEWER, CALLER))
    await refused_with("not_a_caller", callers.link(OPERATOR, ANNA))
    await refused_with("not_allowed", house.acts.caller_orders.order(VIEWER, ANNA, LINE, 1))
    made = await house.acts.caller_orders.order(OPERATOR, ANNA, LINE, 1)
    await refused_with("caller_email_missing", house.acts.caller_orders.send(OPERATOR, made.order.id))


async def made_to_order(house: House, customer: Customer) -> Made:
    words = "A menu and a map, in two languages"
    return await house.acts.made_for_callers.order(OPERATOR, customer.id, "app", months=12, words=words)


async def pay(house: House, database: Database, fake: FakeGateway, made: Made) -> None:
    """By the link of the order."""
    link = await house.order_links.begin(made.url.rpartition("/")[2], "fake", "BYN")
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    await house.callbacks.receive("fake", fake.pay(payment.reference))


async def test_what_is_made_to_order_is_told_on_the_telephone_and_begins_when_it_is_paid(
    house: House, books: Database, fake: FakeGateway
) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    made = await made_to_order(house, caller)
    assert made.order.state is OrderState.AWAITING, "who wrote it down has looked at it"
    assert await letters(books) == [("order_confirmed", made.mailed)]
    assert made.mailed == "vera@example.org"
    view = await house.order_forms.look_at_order(caller.id, made.order.id)
    assert view.form is not None and view.form.decided_by == OPERATOR
    assert view.form.answers["about"].value == "A menu and a map, in two languages"
    await pay(house, books, fake, made)
    paid = await house.order_forms.look_at_order(caller.id, made.order.id)
    assert paid.work is not None and paid.work.done_at is None
    assert paid.order is not None and paid.order.state is OrderState.PAID
    card = await books.read(lambda tx: tx.cards.open_about(f"work:{made.order.id}"))
    assert card is not None
    file = {"file": {"file_id": "draft-1", "kind": "document"}}
    await refused_with("file_needs_chat", house.order_work.draft(OPERATOR, card.id, file))


@pytest.mark.parametrize("once", [True, False])
async def test_what_was_made_to_order_is_renewed_by_telephone_unless_it_is_paid_for_once(
    database: Database, catalogue: Catalogue, fake: FakeGateway, once: bool
) -> None:
    sold = catalogue if once else by_the_year(catalogue)
    house = build_house(database, surroundings(sold, fake))
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    made = await made_to_order(house, caller)
    assert (await house.acts.caller_orders.choice(OPERATOR, caller.id)).connectors == ()
    await pay(house, database, fake, made)
    connectors = (await house.acts.caller_orders.choice(OPERATOR, caller.id)).connectors
    assert len(connectors) == (0 if once else 1)
    for each in connectors:
        again = await house.acts.caller_orders.order(OPERATOR, caller.id, each.id, 12)
        assert again.order.state is OrderState.AWAITING


async def test_a_firm_pays_for_what_is_made_to_order(house: House, books: Database) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    made = await made_to_order(house, caller)
    details = read_requisites(FIRM, "RUB")
    again = await house.acts.caller_orders.name_payer(OPERATOR, made.order.id, details)
    assert again.order.id == made.order.id, "an order that is placed anew would lose its form"
    assert again.order.payer_id != made.order.payer_id
    view = await house.order_forms.look_at_order(caller.id, made.order.id)
    assert view.form is not None and view.form.payer_id == again.order.payer_id


async def test_what_is_told_for_a_made_order_is_needed_and_asks_for_a_role(
    house: House, books: Database
) -> None:
    caller = await house.acts.callers.meet(OPERATOR, CALLER)
    order = house.acts.made_for_callers.order
    await refused_with("words_needed", order(OPERATOR, caller.id, "app", months=12, words="  "))
    await refused_with("form_gone", order(OPERATOR, caller.id, "whatsapp", months=1, words="x"))
    await refused_with("not_allowed", order(VIEWER, caller.id, "app", months=12, words="x"))
