"""Where a customer hears of a thing: as he chose, else by the road that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.domain.notices import MAIL, Dead, Notice, Sent
from bot.domain.states import Lane, NoticeState
from bot.services.notice_places import fall_back, tell
from bot.services.outbox import OutboxService
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.storage.tx import Tx

ANNA = 1001
CARD = "•••• 7173"
ADDRESS = "anna@example.org"
ROOM = {Lane.MONEY: 9, Lane.REMINDERS: 9, Lane.LETTERS: 9, Lane.OPERATORS: 1}
AUTOPAY, RENEWAL = NoticeTopic.AUTOPAY, NoticeTopic.RENEWAL


@pytest.fixture
def books(database: Database) -> Database:
    """Letters can leave."""
    database.listeners.add(MAIL)
    return database


async def meet(database: Database, *, email: str = ADDRESS, place: NoticePlace | None = None) -> None:
    def write(tx: Tx) -> None:
        tx.customers.add(ANNA, name="Anna", language="en")
        tx.customers.set_email(ANNA, email)
        if place is not None:
            for topic in NoticeTopic:
                tx.notice_choices.choose(ANNA, topic, place)

    await database.write(write)


async def announce(database: Database, topic: NoticeTopic = AUTOPAY, **more: Any) -> int | None:
    return await database.write(
        lambda tx: tell(tx, ANNA, topic, "autopay_announced", amount=1, card=CARD, **more)
    )


async def told(database: Database) -> list[tuple[int, str]]:
    """Id and address of what was written to Anna, the oldest first; "" is the chat."""
    query = select(outbox.c.id, outbox.c.email).where(outbox.c.address == ANNA).order_by(outbox.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.id, row.email) for row in rows]


async def end(database: Database, notice_id: int, how: Callable[[Notice], Dead | Sent]) -> None:
    """Let a worker take it, and tell the books what became of it."""
    service = OutboxService(database)
    (notice,) = await service.take([notice_id])
    await service.note([how(notice)])


def blocked(notice: Notice) -> Dead:
    return Dead(notice, "bot was blocked by the user", unreachable=True)


def unwanted(notice: Notice) -> Dead:
    return Dead(notice, "550 no such user")


async def instead(database: Database, notice_id: int) -> int | None:
    return await database.write(lambda tx: fall_back(tx, notice_id))


@pytest.mark.parametrize(
    ("place", "roads"),
    [
        (None, [""]),
        (NoticePlace.CHAT, [""]),
        (NoticePlace.EMAIL, [ADDRESS]),
        (NoticePlace.BOTH, [ADDRESS, ""]),
        (NoticePlace.OFF, [""]),
    ],
)
async def test_a_notice_goes_where_he_chose(
    books: Database, place: NoticePlace | None, roads: list[str]
) -> None:
    """What the law wants told comes into the chat even where it was switched off somehow."""
    await meet(books, place=place)
    counts = await announce(books)
    written = await told(books)
    assert [email for _id, email in written] == roads
    assert counts == written[-1][0], "the chat counts where there are both"


async def test_what_may_be_off_is_off(books: Database) -> None:
    await meet(books, place=NoticePlace.OFF)
    assert await announce(books, RENEWAL) is None
    assert await told(books) == []


async def test_without_an_address_or_mail_it_comes_into_the_chat(database: Database) -> None:
    await meet(database, place=NoticePlace.EMAIL)
    await announce(database)
    assert [email for _id, email in await told(database)] == [""]
    database.listeners.add(MAIL)
    await database.write(lambda tx: tx.customers.set_email(ANNA, ""))
    await announce(database)
    assert [email for _id, email in await told(database)] == ["", ""]


async def test_a_customer_who_blocked_the_bot_gets_a_letter_or_nothing(books: Database) -> None:
    await meet(books)
    await books.write(lambda tx: tx.customers.set_reachable(ANNA, False))
    assert await announce(books) is not None
    assert [email for _id, email in await told(books)] == [ADDRESS]
    await books.write(lambda tx: tx.customers.set_email(ANNA, ""))
    assert await announce(books) is None


async def test_a_key_is_told_once_by_every_road(books: Database) -> None:
    await meet(books, place=NoticePlace.BOTH)
    assert await announce(books, key="autopay:1") is not None
    assert await announce(books, key="autopay:1") is None
    assert len(await told(books)) == 2


async def test_a_dead_notice_goes_by_letter_once(books: Database) -> None:
    await meet(books)
    notice_id = await announce(books)
    assert notice_id is not None
    await end(books, notice_id, blocked)
    delivery = await books.read(lambda tx: tx.outbox.delivered(notice_id))
    assert delivery is not None and delivery.state is NoticeState.DEAD
    customer = await books.read(lambda tx: tx.customers.get(ANNA))
    assert customer is not None and not customer.reachable
    (_first, (letter, email)) = await told(books)
    assert email == ADDRESS
    assert await instead(books, notice_id) == await instead(books, notice_id) == letter
    await end(books, letter, Sent)
    sent = await books.read(lambda tx: tx.outbox.delivered(letter))
    assert sent is not None and sent.state is NoticeState.SENT and sent.sent_at is not None
    assert sent.payload["amount"] == 1 and sent.kind == "autopay_announced"


async def test_when_the_letter_dies_as_well_no_road_is_left(books: Database) -> None:
    await meet(books)
    notice_id = await announce(books)
    assert notice_id is not None
    await end(books, notice_id, blocked)
    letter = await instead(books, notice_id)
    assert letter is not None
    await end(books, letter, unwanted)
    assert await instead(books, notice_id) is None
    assert await instead(books, letter) is None


async def test_a_letter_that_nobody_takes_comes_into_the_chat(books: Database) -> None:
    await meet(books, place=NoticePlace.EMAIL)
    letter = await announce(books)
    assert letter is not None
    await end(books, letter, unwanted)
    chat = await instead(books, letter)
    assert (chat, "") in await told(books)


async def test_of_two_that_tell_the_same_the_other_counts_when_one_is_dead(books: Database) -> None:
    await meet(books, place=NoticePlace.BOTH)
    notice_id = await announce(books)
    assert notice_id is not None
    ((letter, _email), _chat) = await told(books)
    await end(books, notice_id, blocked)
    assert await instead(books, notice_id) == letter
    assert len(await told(books)) == 2, "nothing is told twice"


async def test_what_was_forgotten_has_no_other_way(books: Database) -> None:
    await meet(books)
    assert await instead(books, 4711) is None
    assert await books.read(lambda tx: tx.outbox.delivered(4711)) is None
