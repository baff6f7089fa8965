"""The table of webhooks on both databases: in which order, in whose hands, sent again and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from bot.domain import periods
from bot.domain.states import WebhookState
from bot.domain.webhooks import SELLER, GivenUp, Heard, News, Outcome, Postponed, Wanted, Webhook
from bot.storage.database import Database
from bot.storage.tables import webhooks
from bot.storage.webhooks import LEASE
from bot.storage.webhooks_upkeep import AT_ONCE, KEPT

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def somebody_listens(database: Database) -> None:
    database.listeners.update({SELLER, "acme"})


async def tell(database: Database, *connectors: str) -> None:
    news = [News("connector.extended", {"id": each}, each, place) for place, each in enumerate(connectors)]
    await database.write(lambda tx: tx.webhooks.tell(*news))


async def take(database: Database, **room: int) -> list[Webhook]:
    ids = await database.read(lambda tx: tx.webhooks.waiting(room or {SELLER: 10, "acme": 10}))
    return await database.write(lambda tx: tx.webhooks.take(ids))


async def note(database: Database, outcome: Outcome) -> bool:
    return await database.write(lambda tx: tx.webhooks.note(outcome))


async def states(database: Database) -> list[str]:
    query = select(webhooks.c.state).order_by(webhooks.c.id)
    return await database.read(lambda tx: list(tx.connection.scalars(query)))


async def count(database: Database) -> int:
    query = select(func.count()).select_from(webhooks)
    return await database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))


async def replay(database: Database, **wanted: Any) -> int:
    found, _ = await database.write(lambda tx: tx.webhooks_upkeep.replay(Wanted(**wanted), after_id=0))
    return found


async def test_nobody_listens_and_nothing_is_written(database: Database) -> None:
    database.listeners.clear()
    await tell(database, "wa-1")
    await database.write(lambda tx: tx.webhooks.forward("acme", "key", b"sealed"))
    assert await count(database) == 0


async def test_each_has_a_random_name_and_keeps_it(database: Database) -> None:
    await tell(database, "wa-1", "wa-2")
    first, second = await take(database)
    assert len({first.reference, second.reference}) == 2
    assert len(first.reference) == 26
    await note(database, Postponed(first, periods.now(), "HTTP 500"))
    (again,) = await take(database)
    assert (again.reference, again.tries, again.payload) == (first.reference, 2, {"id": "wa-1"})


async def test_one_connector_is_told_in_order(database: Database) -> None:
    await tell(database, "wa-1", "wa-1", "wa-2")
    one, other = await take(database)
    assert (one.connector_id, other.connector_id) == ("wa-1", "wa-2")
    assert await take(database) == [], "its next waits while the first is on its way"
    await note(database, Heard(one))
    assert [each.connector_id for each in await take(database)] == ["wa-1"]


async def test_what_failed_holds_up_nothing_later(database: Database) -> None:
    await tell(database, "wa-1", "wa-1")
    (first,) = await take(database)
    await note(database, Postponed(first, periods.now() + MINUTE, "HTTP 500"))
    (second,) = await take(database)
    assert second.id != first.id


async def test_a_slow_address_takes_no_others_room(database: Database) -> None:
    await tell(database, *(f"wa-{number}" for number in range(5)))
    await database.write(lambda tx: tx.webhooks.forward("acme", "key", b"sealed"))
    assert [each.address for each in await take(database, seller=0, acme=1)] == ["acme"]
    assert len(await take(database, seller=2, acme=0)) == 2


async def test_a_foreign_event_is_forwarded_once(database: Database) -> None:
    for _ in range(3):
        await database.write(lambda tx: tx.webhooks.forward("acme", "the-event", b"sealed"))
    (forward,) = await take(database)
    assert (forward.reference, forward.body, forward.kind) == ("the-event", b"sealed", "forwarded")


async def test_old_hands_change_nothing(database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await tell(database, "wa-1")
        (dead_hands,) = await take(database)
        clock.shift(LEASE + MINUTE)
        (live_hands,) = await take(database)
        assert not await note(database, GivenUp(dead_hands, "too late"))
        assert await note(database, Heard(live_hands))
    assert await states(database) == ["sent"]


async def test_what_a_dead_process_had_is_free_at_the_next_start(database: Database) -> None:
    await tell(database, "wa-1")
    (lost,) = await take(database)
    await database.write(lambda tx: tx.webhooks.take_back())
    if database.dialect == "postgresql":
        assert await take(database) == [], "there another process may live and have it"
        return
    (found,) = await take(database)
    assert found.reference == lost.reference
    assert not await note(database, Heard(lost))


async def test_replay_sends_the_same_again(database: Database) -> None:
    await tell(database, "wa-1", "wa-2", "wa-3")
    one, two, _ = await take(database)
    await note(database, Heard(one))
    await note(database, GivenUp(two, "HTTP 410"))
    assert await replay(database, connector_id="wa-3") == 0, "what is on its way is not sent beside itself"
    assert await replay(database, connector_id="wa-1") == 1
    assert await replay(database, reference=two.reference) == 1
    again = await take(database)
    assert [each.reference for each in again] == [one.reference, two.reference]
    assert [each.was_heard for each in again] == [True, False]
    assert [each.tries for each in again] == [1, 1]


async def test_replay_goes_by_the_moment(database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for connector in ("wa-1", "wa-2"):
            await tell(database, connector)
            for taken in await take(database):
                await note(database, Heard(taken))
            clock.shift(MINUTE)
        assert await replay(database, since=START + MINUTE) == 1
        assert await replay(database, states=(WebhookState.DEAD,)) == 0
    assert await states(database) == ["sent", "due"]


async def test_what_ended_long_ago_is_forgotten(database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await tell(database, "wa-1", "wa-2")
        one, _ = await take(database)
        await note(database, Heard(one))
        clock.shift(KEPT + MINUTE)
        assert await database.write(lambda tx: tx.webhooks_upkeep.purge()) == 1
    assert await states(database) == ["due"], "what nobody has heard yet stays"


async def test_queues_are_counted(database: Database) -> None:
    with time_machine.travel(START, tick=False):
        await tell(database, "wa-1", "wa-2", "wa-3")
        one, two, _ = await take(database)
        await note(database, Heard(one))
        await note(database, GivenUp(two, "HTTP 410"))
        queues = await database.read(lambda tx: tx.webhooks_upkeep.queues())
    assert list(queues) == [SELLER]
    assert (queues[SELLER].due, queues[SELLER].dead, queues[SELLER].oldest) == (1, 1, START)


async def test_the_newest_are_listed(database: Database) -> None:
    await tell(database, "wa-1", "wa-2", "wa-3")
    listed = await database.read(lambda tx: tx.webhooks_upkeep.list(Wanted(), 2))
    assert [each.connector_id for each in listed] == ["wa-2", "wa-3"]
    assert AT_ONCE > 2
