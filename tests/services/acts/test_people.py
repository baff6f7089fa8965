"""Joining two payers, moving a customer to another Telegram account: nothing is lost or double."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.domain.payer_details import PayerDetails
from bot.domain.requisites import PartyKind
from bot.domain.states import OrderState, TransferReason
from bot.services.house import House
from bot.storage.customer_moves import CustomerMoves
from bot.storage.database import Database
from bot.storage.ledger import Because, source
from bot.storage.payer_joins import PayerJoins
from bot.storage.tables import metadata
from bot.storage.tx import Tx
from tests.autopays import connect
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, CASHIER, LINE, OPERATOR, OWNER, WHATSAPP
from tests.services.money import begun, notices
from tests.services.test_desk import refused_with

WHY = "the same firm"
SUM = Money(50_000, "RUB")
FIRM = PayerDetails(PartyKind.ORGANISATION, "RU", "ООО «Ромашка»", "7707083893", "770701001", "Москва", "")


def names(owner: str) -> set[str]:
    """Tables that name a customer or a payer by a foreign key."""
    tables = metadata.sorted_tables
    return {
        table.name for table in tables for key in table.foreign_keys if key.target_fullname == f"{owner}.id"
    }


def test_nothing_that_names_a_customer_or_a_payer_is_left_behind() -> None:
    assert names("customers") == CustomerMoves.touched
    assert names("payers") == PayerJoins.touched


async def person(database: Database, customer: int) -> int:
    return await database.write(lambda tx: tx.customers.person(customer))


async def firm(database: Database, customer: int) -> int:
    def make(tx: Tx) -> int:
        payer = tx.payers.add(customer, "Ромашка")
        tx.payers.set_details(payer, FIRM)
        return payer

    return await database.write(make)


async def rich(house: House, fake: FakeGateway, database: Database, customer: int, payer: int) -> None:
    """Put a sum onto the balance, by a payment of its own."""
    link = await house.payments.start_top_up(customer, payer, "fake", SUM)
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    await house.callbacks.receive("fake", fake.pay(payment.reference))


async def balance(database: Database, payer: int) -> Money:
    return await database.read(lambda tx: tx.ledger.balance(payer, "RUB"))


async def test_joined_payers_have_one_balance_and_both_codes(
    house: House, database: Database, fake: FakeGateway
) -> None:
    anna, bobs = await firm(database, ANNA), await firm(database, BOB)
    await rich(house, fake, database, ANNA, anna)
    await rich(house, fake, database, BOB, bobs)
    codes = [(await house.codes.make(OWNER, payer)).code for payer in (anna, bobs)]
    (first, *_rest) = await house.acts.payers.others(OWNER, bobs)
    assert first.id == anna, "the same tax number is offered first"
    kept = await house.acts.payers.join(OWNER, bobs, anna, WHY)
    assert (kept.id, kept.customer_id) == (anna, ANNA)
    assert await balance(database, anna) == SUM + SUM
    assert await balance(database, bobs) == Money(0, "RUB")
    led = await database.read(lambda tx: [tx.payers.by_code(code) for code in codes])
    assert [payer.id for payer in led if payer] == [anna, anna]
    assert [payer.id for payer in await house.balance.payers(BOB)] == [await person(database, BOB)]
    await refused_with("done_by", house.acts.payers.join(OWNER, bobs, anna, WHY))


async def test_orders_and_connectors_go_over_and_late_money_finds_them(
    house: House, database: Database, fake: FakeGateway
) -> None:
    def give_bob_a_line(tx: Tx) -> None:
        tx.connectors.add(Connector("bob-1", "line", "Bob 1", "line", tx.customers.person(BOB), None, None))

    await database.write(give_bob_a_line)
    mine, bobs = await person(database, ANNA), await person(database, BOB)
    order = await house.orders.place(BOB, ["bob-1"], 1)
    link = await house.payments.start(BOB, order.id, "fake")
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    await house.acts.payers.join(OWNER, bobs, mine, WHY)
    await house.callbacks.receive("fake", fake.pay(payment.reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    with pytest.raises(NotYours):
        await house.orders.get(BOB, order.id)
    assert (await house.connectors.get(ANNA, "bob-1")).payer_id == mine


async def test_what_both_have_once_is_ended_first(house: House, database: Database) -> None:
    mine, second = await person(database, ANNA), await firm(database, ANNA)
    await database.write(lambda tx: connect(tx, ANNA, None, token="one"))
    other = await database.write(lambda tx: connect(tx, ANNA, None, token="two", payer_id=second))
    join = house.acts.payers.join
    await refused_with("join_autopay", join(OWNER, second, mine, WHY))
    await house.acts.autopays.end(OWNER, other.autopay_id, WHY)
    await refused_with("join_itself", join(OWNER, mine, mine, WHY))
    await refused_with("not_allowed", join(CASHIER, second, mine, WHY))
    await join(OWNER, second, mine, WHY)


async def test_no_card_pays_for_another_persons_things(house: House, database: Database) -> None:
    mine, bobs = await person(database, ANNA), await person(database, BOB)
    await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    await refused_with("join_anothers_autopay", house.acts.payers.join(OWNER, mine, bobs, WHY))
    await house.acts.payers.join(OWNER, bobs, mine, WHY)


async def test_a_debt_is_joined_as_well(house: House, database: Database, fake: FakeGateway) -> None:
    mine, bobs = await person(database, ANNA), await person(database, BOB)
    await rich(house, fake, database, BOB, bobs)

    def owe(tx: Tx) -> None:
        tx.ledger.open_payer(mine, "RUB")
        because = Because()
        tx.ledger.debit(mine, SUM, taker=source("fake"), reason=TransferReason.TAKEN_BACK, because=because)

    await database.write(owe)
    await house.acts.payers.join(OWNER, mine, bobs, WHY)
    assert (await balance(database, mine), await balance(database, bobs)) == (
        Money(0, "RUB"),
        Money(0, "RUB"),
    )


async def test_joined_both_ways_at_once_one_stays(house: House, database: Database) -> None:
    mine, second = await person(database, ANNA), await firm(database, ANNA)
    join = house.acts.payers.join
    done = await asyncio.gather(
        join(OWNER, mine, second, WHY), join(OWNER, second, mine, WHY), return_exceptions=True
    )
    (refusal,) = [each for each in done if isinstance(each, CustomerError)]
    assert refusal.blanks == {"who": OWNER}


async def moved(house: House, *, asks: int = CASHIER, seconds: int = OWNER) -> None:
    card = await house.acts.moves.ask(asks, ANNA, BOB, "the telephone was lost")
    await house.acts.moves.second(seconds, card.id)


async def test_everything_moves_to_the_new_account(
    house: House, database: Database, fake: FakeGateway
) -> None:
    autopay = await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    mine = await person(database, ANNA)
    await house.balance.payers(BOB)
    await rich(house, fake, database, ANNA, mine)
    await house.customers.set_email(ANNA, "anna@example.org")
    await house.notice_choices.choose(ANNA, NoticeTopic.RENEWAL, NoticePlace.CHAT)
    order = await house.orders.place(ANNA, [LINE], 1)
    reference = await begun(house, database, order)
    await moved(house)
    assert await database.read(lambda tx: tx.customer_moves.count(ANNA)) == 0
    (mandate,) = await house.autopays.all(BOB)
    assert mandate.autopay.id == autopay.autopay_id
    assert await database.read(lambda tx: tx.autopay_consents.stands(autopay.autopay_id))
    assert [payer.id for payer in await house.balance.payers(BOB)] == [mine]
    assert await balance(database, mine) == SUM
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(BOB, order.id)).state is OrderState.FULFILLED
    with pytest.raises(NotYours):
        await house.orders.get(ANNA, order.id)
    old, new = await house.customers.get(ANNA), await house.customers.get(BOB)
    assert old is not None and new is not None
    assert (old.email, new.email, new.name) == ("", "anna@example.org", "Bob")
    assert {"moved_away", "moved_here"} <= set(await notices(database))


async def test_a_move_needs_two_people_and_an_owner(house: House) -> None:
    moves = house.acts.moves
    await refused_with("not_allowed", moves.ask(OPERATOR, ANNA, BOB, WHY))
    await refused_with("move_stranger", moves.ask(OWNER, ANNA, 987654, WHY))
    await refused_with("move_itself", moves.ask(OWNER, ANNA, ANNA, WHY))
    card = await moves.ask(OWNER, ANNA, BOB, WHY)
    await refused_with("already_done", moves.ask(CASHIER, ANNA, BOB, WHY))
    await refused_with("second_person_needed", moves.second(OWNER, card.id))
    await moves.second(CASHIER, card.id)
    await refused_with("card_answered", moves.second(CASHIER, card.id))


async def test_the_new_account_is_found_by_its_whole_name(house: House, database: Database) -> None:
    def named(tx: Tx) -> None:
        tx.customers.add(CASHIER, name="Max", language="en")
        tx.customers.set_username(BOB, "Bob_2")
        tx.customers.set_username(CASHIER, "bob_22")

    await database.write(named)
    moves = house.acts.moves
    assert (await moves.both(OWNER, ANNA, "@BOB_2"))[1].id == BOB
    await refused_with("move_stranger", moves.both(OWNER, ANNA, "@bob"))
    await refused_with("move_stranger", moves.both(OWNER, ANNA, "@"))


async def test_who_asked_to_be_forgotten_is_not_moved(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await rich(house, fake, database, ANNA, await person(database, ANNA))
    await house.personal_data.forget(ANNA)
    card = await house.acts.moves.ask(CASHIER, ANNA, BOB, WHY)
    await refused_with("move_forgetting", house.acts.moves.second(OWNER, card.id))
