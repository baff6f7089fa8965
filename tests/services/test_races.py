"""One act by several people at once happens once, and the others are told who was first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy import select

from bot.domain.errors import CustomerError
from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.talk import Said
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import audit, events, operator_cards
from tests.services.conftest import ANNA, BOB, CASHIER, OPERATOR, OWNER, Count

PEOPLE = (CASHIER, OWNER)
Act = Callable[[House, int, int], Awaitable[object]]

ON_A_QUESTION: dict[str, Act] = {
    "answer": lambda house, who, card: house.talk.answer(who, card, Said(who, "Here")),
    "dismiss": lambda house, who, card: house.desk.dismiss(who, card),
    "let go": lambda house, who, card: house.card_keepers.let_go(who, card),
}


async def the_card(database: Database) -> int:
    query = select(operator_cards.c.id).order_by(operator_cards.c.id.desc()).limit(1)
    return await database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))


async def once(acts: list[Awaitable[object]]) -> CustomerError:
    """The refusal that all but one of them hear."""
    ends = await asyncio.gather(*acts, return_exceptions=True)
    refusals = [end for end in ends if isinstance(end, CustomerError)]
    assert len(refusals) == len(ends) - 1, ends
    return refusals[0]


@pytest.mark.parametrize("name", ON_A_QUESTION)
async def test_a_question_is_dealt_with_once(
    house: House, database: Database, count: Count, name: str
) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    card = await the_card(database)
    await house.card_keepers.take(OPERATOR, card, "Oleg")
    refusal = await once([ON_A_QUESTION[name](house, who, card) for who in PEOPLE])
    assert refusal.code in ("card_answered", "already_done")
    assert await count(audit, audit.c.who.in_(PEOPLE)) == 1
    if refusal.code == "card_answered":
        assert (await house.desk.card(card)).closed_by in PEOPLE, "whose name is told"


async def test_money_without_an_owner_is_given_once(house: House, database: Database) -> None:
    await house.settlement.take(Paid("fake", "m-1", "lost", Money(100, "RUB"), provider_payment="p-1"))
    card = await the_card(database)
    event = await database.read(lambda tx: int(tx.connection.execute(select(events.c.id)).scalar_one()))
    gifts = [
        house.desk.give_to_customer(who, card, event, to) for who, to in zip(PEOPLE, (ANNA, BOB), strict=True)
    ]
    assert (await once([*gifts])).code == "card_answered"
    assert (await house.desk.card(card)).closed_by in PEOPLE


async def test_payments_are_stopped_once(house: House) -> None:
    stops = [house.desk.close_payments(who, closed=True) for who in PEOPLE * 2]
    assert (await once([*stops])).code == "already_done"


async def test_a_card_that_was_answered_is_taken_by_nobody(house: House, database: Database) -> None:
    await house.complaints.complain(ANNA, payment_id=None, day=date(2026, 11, 1), amount="990")
    card = await the_card(database)
    await house.desk.dismiss(CASHIER, card)
    with pytest.raises(CustomerError, match="card_answered"):
        await house.card_keepers.take(OPERATOR, card, "Oleg")
