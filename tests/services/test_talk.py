"""Talk between customers and operators: each message goes over once, and every answer finds its thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.notices import Notice, Sent
from bot.domain.states import Lane
from bot.domain.talk import Attached, Said
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import operator_cards, outbox, talk_messages
from tests.services.conftest import ANNA, BOB, CASHIER, OPERATOR, STRANGER, VIEWER, Count

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
"""Ten in the morning in Moscow."""

GROUP = -100500


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


async def cards(database: Database) -> list[Card]:
    ids = select(operator_cards.c.id).order_by(operator_cards.c.id)
    found = await database.read(lambda tx: [tx.cards.get(id_) for id_ in tx.connection.scalars(ids).all()])
    return [card for card in found if card is not None]


async def sent(house: House, first: int = 1) -> list[Notice]:
    """All that waits arrives, each with the next number of its chat."""
    told: list[Notice] = []
    while ids := await house.outbox.waiting({Lane.OPERATORS: 9, Lane.MONEY: 9}):
        for notice in await house.outbox.take(ids):
            number = first + len(told)
            chat = GROUP if notice.is_for_operators else notice.address
            await house.outbox.note([Sent(notice, chat, number)])
            told.append(notice)
    return told


async def thread(house: House, notice: Notice) -> int:
    chat = GROUP if notice.is_for_operators else notice.address
    return (await house.outbox.thread_of(notice, chat, None, 0)).message_id


async def test_a_question_is_promised_an_answer_in_working_hours(house: House, database: Database) -> None:
    handed = await house.talk.ask(ANNA, Said(1, "Where is my line?"))
    assert handed.due_at == MONDAY + timedelta(hours=4)
    (card,) = await cards(database)
    assert (card.kind, card.customer_id, card.due_at) == ("question", ANNA, handed.due_at)
    (told,) = await sent(house)
    assert told.payload["text"] == "Where is my line?"


async def test_one_message_is_handed_over_once(house: House, database: Database, count: Count) -> None:
    for _time in range(3):
        await house.talk.ask(ANNA, Said(1, "Where?"))
    assert await count(operator_cards) == await count(talk_messages) == await count(outbox) == 1


async def test_an_album_goes_below_the_first_of_it(house: House, database: Database) -> None:
    first = await house.talk.ask(ANNA, Said(1, "Look", Attached("photo", "a")))
    more = [await house.talk.ask(ANNA, Said(n, "", Attached("video", f"v{n}"))) for n in (2, 3)]
    assert [first.goes_on, *(each.goes_on for each in more)] == [False, True, True]
    assert len(await cards(database)) == 1
    question, second, third = await sent(house, 50)
    assert (question.kind, second.kind, third.kind) == ("question", "talk", "talk")
    assert await thread(house, third) == 50, "in the thread of the card"
    assert third.payload["attached"] == {"kind": "video", "file_id": "v3"}


async def test_the_answer_returns_below_the_operators_words(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    await sent(house, 50)
    (card,) = await cards(database)
    closed = await house.talk.answer(OPERATOR, card.id, Said(60, "Which one?", Attached("voice", "f")))
    assert (closed.closed_by, closed.due_at) == (OPERATOR, None)
    (answer,) = await sent(house, 7)
    assert await thread(house, answer) == 1, "below what he asked"
    assert answer.payload["attached"] == {"kind": "voice", "file_id": "f"}
    assert await house.talk.knows(ANNA, 7) and not await house.talk.knows(BOB, 7)
    await house.talk.reply(ANNA, Said(8, "The red one"), to=7)
    (again,) = await cards(database)
    assert (again.id, again.closed_by, again.payload["text"]) == (card.id, None, "The red one")
    (returned,) = await sent(house, 61)
    assert (returned.kind, await thread(house, returned)) == ("question", 60), "it waits once more"


async def test_what_he_says_within_a_day_is_his_answer(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    assert not await house.talk.goes_on(ANNA)
    place = (GROUP, None)
    await house.talk.begin(OPERATOR, ANNA, Said(60, "Your line is ready"), place)
    await sent(house, 7)
    assert await house.talk.goes_on(ANNA)
    await house.talk.reply(ANNA, Said(8, "Thank you"))
    (returned,) = await sent(house, 61)
    assert (returned.payload["text"], await thread(house, returned)) == ("Thank you", 60)
    clock.shift(timedelta(days=1, minutes=1))
    assert not await house.talk.goes_on(ANNA)
    assert await house.talk.knows(ANNA, 7), "a reply to it still finds its way"


async def test_an_open_card_gets_the_answer_and_the_promise(house: House, database: Database) -> None:
    await house.connectors.find(ANNA, "my line")
    await sent(house, 50)
    (card,) = await cards(database)
    await house.talk.answer(OPERATOR, card.id, Said(60, "Which phone?"))
    await sent(house, 7)
    await house.talk.reply(ANNA, Said(8, "+7 999"), to=7)
    (told,) = await sent(house, 61)
    assert (told.kind, told.payload["about_card"]) == ("talk", card.id)
    (same,) = await cards(database)
    assert (same.closed_by, same.due_at) == (None, MONDAY + timedelta(hours=4))


async def test_several_operators_may_write(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    (card,) = await cards(database)
    await sent(house, 50)
    await house.talk.add(OPERATOR, card.id, Said(60, "Here."))
    await house.talk.add(CASHIER, card.id, Said(61, "And there."))
    (same,) = await cards(database)
    assert same.closed_by == OPERATOR, "whoever was first"
    assert [told.payload["text"] for told in await sent(house, 7)] == [
        "Here.",
        "And there.",
    ]


async def test_operators_words_go_once_whoever_tells_of_them(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    (card,) = await cards(database)
    writes = [house.talk.add(OPERATOR, card.id, Said(60, "Here.")) for _time in range(3)]
    await asyncio.gather(*writes)
    assert [told.kind for told in await sent(house, 7)].count("answer") == 1


async def test_what_is_put_right_is_told_below(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Whre?"))
    await sent(house, 50)
    assert await house.talk.reworded_by_customer(ANNA, Said(1, "Where?"))
    assert not await house.talk.reworded_by_customer(ANNA, Said(1, "Where?")), "told once"
    assert not await house.talk.reworded_by_customer(BOB, Said(1, "Mine")), "not his"
    (told,) = await sent(house, 51)
    assert (told.payload["edited"], await thread(house, told)) == (True, 50)
    (card,) = await cards(database)
    assert card.payload["text"] == "Where?"
    await house.talk.answer(OPERATOR, card.id, Said(60, "Hre"))
    await sent(house, 7)
    assert not await house.talk.reworded_by_operator(STRANGER, Said(60, "Here"))
    assert await house.talk.reworded_by_operator(OPERATOR, Said(60, "Here"))
    (again,) = await sent(house, 8)
    assert (again.payload["text"], await thread(house, again)) == ("Here", 7)


@pytest.mark.parametrize("who", [STRANGER, VIEWER])
async def test_who_only_looks_on_writes_to_nobody(house: House, database: Database, who: int) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    await sent(house)
    (card,) = await cards(database)
    acts: list[Any] = [
        house.talk.answer(who, card.id, Said(60, "No")),
        house.talk.add(who, card.id, Said(60, "No")),
        house.talk.begin(who, ANNA, Said(60, "No"), (GROUP, None)),
        house.talk.card_to_write(who, card.id),
        house.talk.customer_to_write(who, ANNA),
    ]
    for act in acts:
        with pytest.raises(CustomerError, match="not_allowed"):
            await act
    assert await sent(house) == []


async def test_nobody_is_written_to_in_vain(house: House, database: Database) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    (card,) = await cards(database)
    await house.customers.set_reachable(ANNA, False)
    with pytest.raises(CustomerError, match="customer_unreachable"):
        await house.talk.answer(OPERATOR, card.id, Said(60, "Here"))
    (same,) = await cards(database)
    assert same.closed_by is None, "it still waits for somebody"
