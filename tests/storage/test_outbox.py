"""The outbox table on both databases: who is next, who holds it, what is folded, what is forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from bot.domain import periods
from bot.domain.money import Money
from bot.domain.notices import DIGEST, FROM_BALANCE, OPERATORS, Dead, Later, Notice, Sent
from bot.domain.states import Lane
from bot.storage.database import Database
from bot.storage.outbox import _WAITING, LEASE
from bot.storage.payloads import from_json, to_json
from bot.storage.tables import outbox, outbox_keys
from bot.storage.tx import Tx

ANNA, BORIS = 7, 8
ROOM = {Lane.MONEY: 10, Lane.OPERATORS: 10, Lane.REMINDERS: 10}
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


async def tell(database: Database, customer: int, kind: str, **more: Any) -> None:
    await database.write(lambda tx: tx.outbox.to_customer(customer, kind, **more))


async def tell_operators(database: Database, kind: str, **more: Any) -> None:
    await database.write(lambda tx: tx.outbox.to_operators(kind, **more))


async def take(database: Database, room: dict[Lane, int] | None = None) -> list[Notice]:
    ids = await database.read(lambda tx: tx.outbox.waiting(room or ROOM))
    return await database.write(lambda tx: tx.outbox.take(ids))


async def row(database: Database, notice_id: int) -> Any:
    query = select(outbox).where(outbox.c.id == notice_id)
    return await database.read(lambda tx: tx.connection.execute(query).one())


def count(tx: Tx, table: Any) -> int:
    return int(tx.connection.execute(select(func.count()).select_from(table)).scalar_one())


async def test_what_was_told_comes_out_as_it_went_in(database: Database) -> None:
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="be"))
    facts = {
        "amount": Money(99000, "RUB"),
        "until": date(2026, 12, 14),
        "ids": [1, 2],
        "when": START,
        "no": None,
    }
    await tell(database, ANNA, "paid", **facts)
    (notice,) = await take(database)
    assert (notice.address, notice.kind, notice.lane, notice.language) == (ANNA, "paid", Lane.MONEY, "be")
    assert notice.payload == facts


def test_payloads_survive_json_however_deep() -> None:
    deep = {"lines": [{"sums": [Money(1, "KGS")], "note": {"minor": "x"}}], "empty": {}}
    assert from_json(to_json(deep)) == deep


async def test_a_key_is_told_once(database: Database) -> None:
    for _ in range(3):
        await tell(database, ANNA, "expires", key="42")
    await tell(database, BORIS, "expires", key="42")
    await tell(database, ANNA, "expires")
    assert len(await take(database)) == 2
    assert await database.read(lambda tx: count(tx, outbox)) == 3


async def test_better_lanes_come_first_and_none_takes_anothers_room(database: Database) -> None:
    for customer in range(20):
        await tell(database, 100 + customer, "reminder", lane=Lane.REMINDERS)
    await tell_operators(database, "unknown_money")
    await tell(database, ANNA, "paid")
    taken = await take(database, {Lane.MONEY: 5, Lane.OPERATORS: 5, Lane.REMINDERS: 3})
    assert [notice.kind for notice in taken] == ["paid", "unknown_money", *["reminder"] * 3]


async def test_a_chat_hears_things_in_order(database: Database) -> None:
    await tell(database, ANNA, "first")
    await tell(database, ANNA, "second")
    await tell(database, BORIS, "other")
    first, other = await take(database)
    assert (first.kind, other.kind) == ("first", "other")
    assert await take(database) == []
    later = Later(first, datetime.now(UTC) + timedelta(hours=1), "busy")
    await database.write(lambda tx: tx.outbox.note([later]))
    assert await take(database) == []


async def test_the_next_of_a_chat_goes_when_the_first_is_sent(database: Database) -> None:
    await tell(database, ANNA, "first")
    await tell(database, ANNA, "second")
    (first,) = await take(database)
    await database.write(lambda tx: tx.outbox.note([Sent(first, ANNA, 5)]))
    assert [notice.kind for notice in await take(database)] == ["second"]
    assert (await row(database, first.id)).message_id == 5


async def test_what_is_for_later_holds_up_nothing(database: Database) -> None:
    await tell(database, ANNA, "tomorrow", not_before=datetime.now(UTC) + timedelta(days=1))
    await tell(database, ANNA, "now")
    assert [notice.kind for notice in await take(database)] == ["now"]


async def test_a_lease_ends_and_its_late_holder_is_not_heard(database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await tell(database, ANNA, "paid")
        (lost,) = await take(database)
        assert await take(database) == []
        clock.shift(LEASE)
        (found,) = await take(database)
        await database.write(lambda tx: tx.outbox.note([Dead(lost, "too slow")]))
        assert (await row(database, found.id)).state == "due"
        await database.write(lambda tx: tx.outbox.note([Sent(found, ANNA, 5)]))
        assert (await row(database, found.id)).state == "sent"
        assert (found.tries, found.fence) == (2, 2)


async def test_what_a_dead_process_held_is_free_at_the_next_start(sqlite_database: Database) -> None:
    await tell(sqlite_database, ANNA, "paid")
    await tell(sqlite_database, BORIS, "paid")
    held, refused = await take(sqlite_database)
    await sqlite_database.write(
        lambda tx: tx.outbox.note([Later(refused, periods.now() + timedelta(seconds=30), "429")])
    )
    await sqlite_database.write(lambda tx: tx.outbox.take_back())
    (again,) = await take(sqlite_database)
    assert again.id == held.id, "what Telegram put off stays put off"
    await sqlite_database.write(lambda tx: tx.outbox.note([Sent(held, ANNA, 5)]))
    assert (await row(sqlite_database, held.id)).sent_at is None, "the dead hand is not heard"


async def test_leases_of_living_replicas_stand(postgres_database: Database) -> None:
    await tell(postgres_database, ANNA, "paid")
    await take(postgres_database)
    await postgres_database.write(lambda tx: tx.outbox.take_back())
    assert await take(postgres_database) == []


async def test_two_who_take_at_once_never_hold_the_same(database: Database) -> None:
    for customer in range(60):
        await tell(database, 100 + customer, "paid")
    taken = await asyncio.gather(*(take(database) for _ in range(8)))
    ids = [notice.id for notices in taken for notice in notices]
    assert len(ids) == len(set(ids))


class TestDigest:
    async def test_amounts_add_up_per_kind_and_currency(self, database: Database) -> None:
        for minor in (100, 250):
            await tell_operators(database, "paid", informs=True, amount=Money(minor, "RUB"))
        await tell_operators(database, "paid", informs=True, amount=Money(7, "KGS"))
        await tell_operators(database, "refused", informs=True)
        await tell_operators(database, "unknown_money", amount=Money(5, "RUB"))
        assert await database.write(lambda tx: tx.outbox_upkeep.fold()) == 4
        (person,) = await take(database)
        assert person.kind == "unknown_money"
        await database.write(lambda tx: tx.outbox.note([Sent(person, -1, 1)]))
        (digest,) = await take(database)
        assert (digest.kind, digest.address) == (DIGEST, OPERATORS)
        assert digest.payload["lines"] == [
            {"kind": "paid", "count": 3, "sums": [Money(350, "RUB"), Money(7, "KGS")]},
            {"kind": "refused", "count": 1, "sums": []},
        ]

    async def test_a_digest_that_waits_takes_in_what_comes_after_it(self, database: Database) -> None:
        for _ in range(3):
            for _ in range(2):
                await tell_operators(database, "paid", informs=True, amount=Money(100, "RUB"))
            await database.write(lambda tx: tx.outbox_upkeep.fold())
        (digest,) = await take(database)
        assert digest.payload["lines"] == [{"kind": "paid", "count": 6, "sums": [Money(600, "RUB")]}]

    async def test_a_digest_keeps_its_place_before_cards_that_come_later(self, database: Database) -> None:
        for _ in range(2):
            for _ in range(2):
                await tell_operators(database, "paid", informs=True)
            await database.write(lambda tx: tx.outbox_upkeep.fold())
            await tell_operators(database, "question")
        (first,) = await take(database)
        assert (first.kind, first.payload["lines"][0]["count"]) == (DIGEST, 4)

    async def test_money_that_came_before_is_counted_by_itself(self, database: Database) -> None:
        for method in ("fake", "balance"):
            await tell_operators(database, "paid_new", informs=True, method=method, amount=Money(100, "RUB"))
        await database.write(lambda tx: tx.outbox_upkeep.fold())
        (digest,) = await take(database)
        assert [(line["kind"], line["count"]) for line in digest.payload["lines"]] == [
            ("paid_new", 1),
            (FROM_BALANCE, 1),
        ]

    async def test_what_is_on_its_way_is_not_told_twice(self, database: Database) -> None:
        for minor in (1, 2, 4):
            await tell_operators(database, "paid", informs=True, amount=Money(minor, "RUB"))
        (on_its_way,) = await take(database)
        await database.write(lambda tx: tx.outbox_upkeep.fold())
        await database.write(lambda tx: tx.outbox.note([Sent(on_its_way, -1, 1)]))
        (digest,) = await take(database)
        assert digest.payload["lines"][0]["sums"] == [Money(6, "RUB")]

    @pytest.mark.parametrize(
        ("waiting", "seconds", "behind"), [(11, 0, True), (2, 61, True), (1, 61, False), (10, 0, False)]
    )
    async def test_when_the_group_is_behind(
        self, database: Database, waiting: int, seconds: int, behind: bool
    ) -> None:
        with time_machine.travel(START, tick=False) as clock:
            for _ in range(waiting):
                await tell_operators(database, "paid", informs=True)
            clock.shift(seconds)
            assert behind is await database.read(
                lambda tx: tx.outbox_upkeep.is_behind(more_than=10, older_than=timedelta(minutes=1))
            )


async def test_sent_rows_go_after_a_month_and_their_keys_after_three(database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await tell(database, ANNA, "expires", key="42")
        await tell(database, BORIS, "waits for ever")
        (told, _) = await take(database)
        await database.write(lambda tx: tx.outbox.note([Sent(told, ANNA, 5)]))
        left = []
        for days in (29, 2, 60):
            clock.shift(timedelta(days=days))
            await database.write(lambda tx: tx.outbox_upkeep.purge())
            left.append(await database.read(lambda tx: (count(tx, outbox), count(tx, outbox_keys))))
    assert left == [(2, 1), (1, 1), (1, 0)]


async def test_backlog_by_lane(database: Database) -> None:
    with time_machine.travel(START, tick=False):
        await tell(database, ANNA, "paid")
        await tell(database, ANNA, "paid")
        backlog = await database.read(lambda tx: tx.outbox_upkeep.backlog())
    assert (backlog[Lane.MONEY].count, backlog[Lane.MONEY].oldest) == (2, START)
    assert backlog[Lane.REMINDERS].count == 0


async def test_taking_finds_its_way_by_index(sqlite_database: Database) -> None:
    """A hundred thousand reminders must not be read to find the one notice that matters."""

    def plan(tx: Tx) -> str:
        query = _WAITING.compile(tx.connection)
        values = query.params | {"rank": 1, "now": "2026-12-01", "most": 10}
        assert query.positiontup is not None
        row = tuple(values[name] for name in query.positiontup)
        return " ".join(line[3] for line in tx.connection.exec_driver_sql(f"explain query plan {query}", row))

    found = await sqlite_database.read(plan)
    assert "ix_outbox_due" in found
    assert "ix_outbox_queue" in found
    assert "TEMP B-TREE" not in found
