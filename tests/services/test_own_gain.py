"""Anna, a customer, works at the desk as well: nobody gives himself what somebody else is there to give."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.desk_terms import DeskTerms
from bot.domain.money import Money, zero
from bot.domain.states import Role
from bot.services.acts.dates import Shift
from bot.services.acts.moving_money import Transfer
from bot.services.house import House
from bot.services.statement import cards as statement_cards
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.acts.test_people import person, rich
from tests.services.conftest import ANNA, BOB, CASHIER, LINE, OWNER, WHATSAPP
from tests.services.money import balance, begun, paid_until, price_of
from tests.services.test_desk import event_id, payment_id, refused_with, stray, the_card
from tests.services.test_invoices import invoiced
from tests.services.test_invoices_given_up import transfer
from tests.services.test_told_elsewhere import told

WHY = "as agreed"
SUM = Money(12345, "RUB")


@pytest.fixture
def operators() -> dict[int, Role]:
    return {OWNER: Role.OWNER, CASHIER: Role.CASHIER, ANNA: Role.CASHIER}


async def refused(act: Awaitable[Any]) -> None:
    await refused_with("own_gain", act)


async def test_stray_money_goes_to_nobodys_own_balance(house: House, database: Database) -> None:
    await stray(house, SUM)
    card, event = (await the_card(database, "money_suspense")).id, await event_id(database)
    await refused(house.desk.give_to_customer(ANNA, card, event, ANNA))
    assert (await house.desk.card(card)).closed_by is None
    await house.desk.give_to_customer(CASHIER, card, event, ANNA)
    assert await balance(database) == SUM


async def test_nor_to_his_own_payment(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    number = await payment_id(database, await begun(house, database, order))
    await stray(house, price_of(order))
    card, event = (await the_card(database, "money_suspense")).id, await event_id(database)
    await refused(house.desk.give_to_payment(ANNA, card, event, number))
    await house.desk.give_to_payment(OWNER, card, event, number)
    assert await balance(database) == zero("RUB")


async def test_to_others_he_gives_it(house: House, database: Database) -> None:
    await stray(house, SUM)
    card, event = (await the_card(database, "money_suspense")).id, await event_id(database)
    await house.desk.give_to_customer(ANNA, card, event, BOB)
    assert await balance(database, customer=BOB) == SUM


async def test_his_own_dates_somebody_else_moves(house: House, database: Database) -> None:
    def move(who: int) -> Awaitable[Any]:
        return house.acts.dates.move(who, WHATSAPP, Shift(days=30), WHY, seen=0, silently=True)

    await refused(move(ANNA))
    assert await paid_until(database, WHATSAPP) is None
    assert await move(CASHIER) == await paid_until(database, WHATSAPP)


async def test_his_own_invoice_is_not_said_to_be_paid_nor_bridged(house: House) -> None:
    invoice = await invoiced(house)
    await refused(house.promises.note(ANNA, invoice.id, invoice.total))
    await refused(house.bridges.bridge(ANNA, invoice.id, 5, WHY))
    await house.bridges.bridge(CASHIER, invoice.id, 5, WHY)
    assert await house.promises.note(CASHIER, invoice.id, invoice.total) is None


async def test_a_line_of_a_statement_is_not_his_own(house: House, database: Database) -> None:
    invoice = await invoiced(house)
    doubtful = replace(transfer(invoice), payer_tax_number="5024002119")
    (line,) = await told(database, house, "1c", doubtful)
    card = await the_card(database, statement_cards.KIND)
    desk = house.statement_desk
    await refused(desk.to_invoice(ANNA, card.id, line, invoice.id))
    await refused(desk.to_payer(ANNA, card.id, line, invoice.payer_id))
    assert (await desk.to_invoice(CASHIER, card.id, line, invoice.id)).first


async def test_a_connector_is_not_found_for_himself(house: House, database: Database) -> None:
    await house.connector_links.detach(ANNA, LINE)
    await house.connectors.find(ANNA, "Line 5")
    (card,) = await house.desk.open_cards(ANNA)
    await refused(house.desk.attach(ANNA, card.id, LINE))
    await house.desk.attach(OWNER, card.id, LINE)


async def test_what_he_made_for_a_caller_is_not_made_his_own(house: House, database: Database) -> None:
    caller = await house.acts.callers.meet(ANNA, "Vera Ivanova, vera@example.org")
    connector = await house.acts.caller_orders.add(ANNA, caller.id, "whatsapp", "Line 9")
    token = await house.acts.callers.link(ANNA, caller.id)
    await refused(house.acts.callers.claim(ANNA, token))
    await house.acts.callers.claim(BOB, token)
    assert (await house.connectors.get(BOB, connector.id)).title == "Line 9"


class TestTwoOwners:
    @pytest.fixture
    def operators(self) -> dict[int, Role]:
        return {OWNER: Role.OWNER, ANNA: Role.OWNER, CASHIER: Role.CASHIER}

    @pytest.fixture
    def catalogue(self, catalogue: Catalogue) -> Catalogue:
        """Every rouble that is moved takes two."""
        return replace(catalogue, desk=DeskTerms(second_from={"RUB": Money(1, "RUB")}))

    async def test_nobody_joins_another_ones_payer_into_his_own(
        self, house: House, database: Database
    ) -> None:
        annas, bobs = await person(database, ANNA), await person(database, BOB)
        await refused(house.acts.payers.join(ANNA, bobs, annas, WHY))
        await house.acts.payers.join(OWNER, bobs, annas, WHY)

    async def test_who_gains_is_not_the_second_person_where_there_is_a_third(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        annas, bobs = await person(database, ANNA), await person(database, BOB)
        await rich(house, fake, database, BOB, bobs)
        has = await database.read(lambda tx: tx.ledger.balance(bobs, "RUB"))
        card = await house.acts.money.move(CASHIER, Transfer(bobs, annas, has, has), WHY)
        assert card is not None
        await refused(house.acts.money.second(ANNA, card.id))
        await house.acts.money.second(OWNER, card.id)
        assert await balance(database) == has


class TestAlone:
    """A firm of one person: nobody else could do it."""

    @pytest.fixture
    def operators(self) -> dict[int, Role]:
        return {ANNA: Role.OWNER}

    async def test_he_does_it_himself(self, house: House, database: Database) -> None:
        await stray(house, SUM)
        card, event = (await the_card(database, "money_suspense")).id, await event_id(database)
        await house.desk.give_to_customer(ANNA, card, event, ANNA)
        assert await balance(database) == SUM
