"""Cards that rise when a promise is over, and a group that shuts the bot out, loses a topic or moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.group_trouble import GroupTrouble, trouble_in
from bot.domain.notices import Notice, Sent
from bot.domain.states import Lane
from bot.domain.talk import Said
from bot.services.house import House
from bot.services.outbox import OutboxService
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.services.conftest import ANNA, CASHIER, OPERATOR, OWNER

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
GROUP, SUPERGROUP = -100500, -100501


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


async def sent(house: House, chat: int = GROUP, first: int = 1) -> list[Notice]:
    told: list[Notice] = []
    while ids := await house.outbox.waiting({Lane.OPERATORS: 9}):
        for notice in await house.outbox.take(ids):
            await house.outbox.note([Sent(notice, chat, first + len(told), 77)])
            told.append(notice)
    return told


async def told_owner(database: Database) -> list[tuple[str, Any]]:
    query = select(outbox.c.kind, outbox.c.payload).where(outbox.c.address == OWNER).order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload.get("trouble") or row.payload.get("topic")) for row in rows]


async def test_what_nobody_answers_in_time_rises_once(house: House, clock: time_machine.Traveller) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    await sent(house)
    await house.hanging.raise_due()
    assert await sent(house) == [], "there is time yet"
    clock.shift(timedelta(hours=4, minutes=1))
    await asyncio.gather(*(house.hanging.raise_due() for _time in range(3)))
    (risen,) = await sent(house, first=9)
    assert (risen.kind, risen.payload["late"], risen.payload["replaces"]) == ("card_again", True, 1)
    assert (await house.desk.card(risen.payload["card"])).message_id == 9, "there it is answered now"


async def test_who_was_answered_or_answers_anew_is_promised_anew(
    house: House, clock: time_machine.Traveller
) -> None:
    await house.talk.ask(ANNA, Said(1, "Where?"))
    (question,) = await sent(house)
    await house.talk.answer(OPERATOR, question.payload["card"], Said(60, "Here"))
    clock.shift(timedelta(hours=5))
    await house.hanging.raise_due()
    assert await sent(house) == []
    await house.talk.reply(ANNA, Said(2, "No, not there"))
    await sent(house, first=20)
    clock.shift(timedelta(hours=20))
    await house.hanging.raise_due()
    assert [told.kind for told in await sent(house, first=30)] == ["card_again"]


async def test_cards_of_one_customer_hang_in_one_thread(house: House) -> None:
    await house.connectors.find(ANNA, "my line")
    await sent(house, first=5)
    await house.talk.ask(ANNA, Said(1, "Where?"))
    (waiting,) = await house.outbox.take(await house.outbox.waiting({Lane.OPERATORS: 1}))
    assert (await house.outbox.thread_of(waiting, GROUP, 77, 0)).message_id == 5
    assert (await house.outbox.thread_of(waiting, GROUP, 78, 0)).message_id == 0, "another topic"
    assert (await house.outbox.thread_of(waiting, SUPERGROUP, 77, 0)).message_id == 0, "another group"


async def test_open_cards_move_with_the_group(house: House, database: Database) -> None:
    service = OutboxService(database, GROUP)
    await house.talk.ask(ANNA, Said(1, "Where?"))
    await sent(house)
    await asyncio.gather(*(service.group_moved(SUPERGROUP) for _time in range(3)))
    (moved,) = await sent(house, SUPERGROUP, first=3)
    card = await house.desk.card(moved.payload["card"])
    assert (moved.kind, card.chat_id, card.message_id) == ("card_again", SUPERGROUP, 3)
    assert await service.group() == SUPERGROUP
    await house.hanging.move_in(SUPERGROUP)
    assert await sent(house) == [], "it hangs there already"


@pytest.mark.parametrize(
    ("refusal", "forbidden", "trouble"),
    [
        ("Forbidden: bot was kicked from the supergroup chat", True, GroupTrouble.REMOVED),
        ("Forbidden: bot is not a member of the supergroup chat", True, GroupTrouble.REMOVED),
        ("Forbidden: the group chat was deleted", True, GroupTrouble.GONE),
        ("Bad Request: chat not found", False, GroupTrouble.GONE),
        ("Bad Request: not enough rights to send text messages to the chat", False, GroupTrouble.SILENT),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", False, GroupTrouble.SILENT),
        ("Bad Request: message text is empty", False, None),
    ],
)
def test_telegrams_words_say_what_is_wrong(
    refusal: str, forbidden: bool, trouble: GroupTrouble | None
) -> None:
    assert trouble_in(refusal, forbidden=forbidden) is trouble


async def test_owners_hear_once_of_a_group_that_is_shut_and_of_its_end(
    house: House, database: Database
) -> None:
    health = house.group_health
    await asyncio.gather(*(health.failed(GroupTrouble.REMOVED) for _time in range(3)))
    assert await health.problems() == ["operators_group_removed"]
    await health.failed(GroupTrouble.SILENT)
    for _time in range(2):
        await health.well()
    assert await health.problems() == []
    assert await told_owner(database) == [
        ("group_shut", "removed"),
        ("group_shut", "silent"),
        ("group_well", "silent"),
    ]
    query = select(outbox.c.address).where(outbox.c.address.in_([CASHIER, OPERATOR]))
    assert await database.read(lambda tx: tx.connection.execute(query).all()) == []


async def test_a_lost_topic_is_told_once_until_it_is_back(house: House, database: Database) -> None:
    health = house.group_health
    for _time in range(2):
        await health.topic_lost("talk")
    await health.topic_lost("money")
    assert await health.problems() == ["operators_topic_gone:money", "operators_topic_gone:talk"]
    await health.topic_well("talk")
    await health.topic_well("house")
    assert await health.problems() == ["operators_topic_gone:money"]
    assert await told_owner(database) == [("topic_gone", "talk"), ("topic_gone", "money")]
