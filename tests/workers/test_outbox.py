"""The worker between the outbox and a Telegram that has good days and bad ones."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from sqlalchemy import insert, select, update

from bot.domain.money import Money
from bot.domain.notices import DIED, DIGEST
from bot.domain.periods import now
from bot.domain.states import Lane, Role
from bot.middlewares.send_rate import SendRate
from bot.middlewares.turns import Rates, Turns
from bot.notices import registry
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.services.group_health import GroupHealthService
from bot.services.outbox import OutboxService
from bot.storage.database import Database
from bot.storage.tables import customers, outbox
from bot.workers import delivery, sending
from bot.workers import outbox as outbox_worker
from bot.workers.delivery import Delivery
from bot.workers.outbox import OutboxWorker
from tests.telegram import BLOCKED, DONE_BUT_LOST, LOST, FakeTelegram, fake_telegram, refusal, too_many

ANNA, BORIS, VERA = 7, 8, 9
GROUP = -1001
FAST = Rates(overall=(1e-4, 100), chat=(1e-4, 100), group=(1e-4, 100))


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices of this test alone; and what waits for seconds in life waits for less here."""
    monkeypatch.setattr(registry, "_to_customers", {})
    monkeypatch.setattr(registry, "_to_operators", {})
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(outbox_worker, "FOLD_EVERY", 0.0)
    monkeypatch.setattr(delivery, "_backoff", lambda tries: 0.01 * tries)

    @operators_notice("paid")
    @notice("paid")
    def paid(payload: Payload) -> Rendered:
        return Rendered(f"Paid {payload.get('amount')}")

    @operators_notice("says")
    @notice("says", lives=timedelta(minutes=5))
    def says(payload: Payload) -> Rendered:
        return Rendered(payload["text"], photo=payload.get("photo", ""), topic=payload.get("topic", ""))

    @operators_notice(DIGEST)
    def digest(payload: Payload) -> Rendered:
        return Rendered(
            "; ".join(f"{line['count']} {line['kind']} {line['sums'][0]}" for line in payload["lines"])
        )

    @operators_notice(DIED)
    def died(payload: Payload) -> Rendered:
        return Rendered(f"{payload['notice_kind']} died: {payload['error']}")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@asynccontextmanager
async def working(
    database: Database, telegram: FakeTelegram, rates: Rates = FAST, **options: Any
) -> AsyncIterator[OutboxWorker]:
    """A worker that runs meanwhile, with a bot of its own."""
    bot = telegram.bot(default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    bot.session.middleware(SendRate(Turns(rates)))
    service = OutboxService(database, GROUP)
    speak: Callable[[str], Any] = options.pop("speak", lambda language: nullcontext())
    worker = OutboxWorker(service, Delivery(bot, service, speak=speak, operators_language="ru", **options))
    database.when_committed(worker.wake)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running
        await bot.session.close()


async def tell(database: Database, customer: int, kind: str, **more: Any) -> None:
    await database.write(lambda tx: tx.outbox.to_customer(customer, kind, **more))
    database.tell_committed()


async def tell_operators(database: Database, kind: str, **more: Any) -> None:
    await database.write(lambda tx: tx.outbox.to_operators(kind, **more))
    database.tell_committed()


async def states(database: Database) -> Counter[str]:
    rows = await database.read(lambda tx: tx.connection.execute(select(outbox.c.kind, outbox.c.state)).all())
    return Counter(f"{row.kind} {row.state}" for row in rows)


async def last_errors(database: Database) -> set[str]:
    return set(await database.read(lambda tx: tx.connection.scalars(select(outbox.c.last_error)).all()))


async def until_states(database: Database, **expected: int) -> None:
    """Wait until so many notices of a kind are in a state: `paid_sent=2`."""
    wanted = {name.replace("__", " "): number for name, number in expected.items()}
    async with asyncio.timeout(30):
        while not wanted.items() <= (await states(database)).items():
            await asyncio.sleep(0.01)


async def test_a_notice_leaves_at_once_and_is_told_once(database: Database, telegram: FakeTelegram) -> None:
    async with working(database, telegram):
        await tell(database, ANNA, "paid", amount=Money(99000, "RUB"))
        await until_states(database, paid__sent=1)
    assert telegram.texts(to=ANNA) == ["Paid 990.00 RUB"]


async def test_two_workers_send_each_notice_once(database: Database, telegram: FakeTelegram) -> None:
    for customer in range(1, 41):
        await tell(database, customer, "paid")
    telegram.latency = 0.01
    async with working(database, telegram), working(database, telegram):
        await until_states(database, paid__sent=40)
    assert Counter(call.chat_id for call in telegram.sent()) == dict.fromkeys(range(1, 41), 1)


async def test_a_chat_hears_things_in_order_whatever_fails(
    database: Database, telegram: FakeTelegram
) -> None:
    telegram.fail(
        "sendMessage", LOST, refusal(500, "Internal Server Error"), refusal(502, "Bad Gateway"), LOST
    )
    async with working(database, telegram), working(database, telegram):
        for number in range(8):
            await tell(database, ANNA, "says", text=f"no. {number}")
        await until_states(database, says__sent=8)
    assert telegram.texts(to=ANNA) == [f"no. {number}" for number in range(8)]


async def test_sent_but_the_answer_was_lost(database: Database, telegram: FakeTelegram) -> None:
    """Nobody can know; twice is better than never."""
    telegram.fail("sendMessage", DONE_BUT_LOST)
    async with working(database, telegram):
        await tell(database, ANNA, "paid")
        await until_states(database, paid__sent=1)
    assert len(telegram.sent(to=ANNA)) == 2


async def test_a_crash_between_sending_and_writing_down(database: Database, telegram: FakeTelegram) -> None:
    await tell(database, ANNA, "paid")
    service = OutboxService(database, GROUP)
    bot = telegram.bot()
    (held,) = await service.take(await service.waiting({Lane.MONEY: 1}))
    await Delivery(bot, service, speak=nullcontext, operators_language="ru").deliver(held)
    await bot.session.close()

    past = update(outbox).values(due_at=now())  # two minutes later the lease of the dead worker ends
    await database.write(lambda tx: tx.connection.execute(past))
    async with working(database, telegram):
        await until_states(database, paid__sent=1)
    assert len(telegram.sent(to=ANNA)) == 2


async def test_one_who_blocked_the_bot_is_unreachable(database: Database, telegram: FakeTelegram) -> None:
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="ru"))
    telegram.chat_faults[ANNA] = BLOCKED
    async with working(database, telegram):
        await tell(database, ANNA, "paid")
        await tell(database, BORIS, "paid")
        await until_states(database, paid__dead=1, paid__sent=1)
        await tell(database, ANNA, "paid", lane=Lane.REMINDERS)
        await until_states(database, paid__dead=2)
    reachable = select(customers.c.reachable).where(customers.c.id == ANNA)
    assert await database.read(lambda tx: tx.connection.execute(reachable).scalar_one()) is False
    assert len(telegram.tried) == 2  # the reminder was not even tried
    assert telegram.texts(to=GROUP) == []  # it is nobody's fault


async def test_a_400_is_dead_at_once_and_told(database: Database, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", refusal(400, "Bad Request: can't parse entities"))
    async with working(database, telegram):
        await tell(database, ANNA, "paid")
        await until_states(database, paid__dead=1, notice_died__sent=1)
    assert telegram.texts(to=GROUP) == ["paid died: Bad Request: can't parse entities"]
    assert len(telegram.tried) == 2


@pytest.mark.parametrize(("kind", "more"), [("nobody_wrote_this", {}), ("says", {"wrong": "payload"})])
async def test_a_notice_that_cannot_be_written_stops_nobody(
    database: Database, telegram: FakeTelegram, kind: str, more: dict[str, str]
) -> None:
    async with working(database, telegram):
        await tell(database, ANNA, kind, **more)
        await tell(database, ANNA, "paid")
        await until_states(database, paid__sent=1, notice_died__sent=1)


async def test_telegram_down_for_ten_minutes(sqlite_database: Database, telegram: FakeTelegram) -> None:
    telegram.down = True
    start = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        async with working(sqlite_database, telegram):
            for customer in range(1, 21):
                await tell(sqlite_database, customer, "paid", amount=Money(customer, "RUB"))
            await tell(sqlite_database, VERA, "says", text="worth five minutes", lane=Lane.REMINDERS)
            for _ in range(30):
                clock.shift(20)
                await asyncio.sleep(0.02)
            assert telegram.calls == []
            telegram.down = False
            for _ in range(30):
                clock.shift(20)
                await asyncio.sleep(0.02)
            await until_states(sqlite_database, paid__sent=20, says__dead=1, notice_died__sent=1)
    assert sorted(call.chat_id for call in telegram.sent() if call.chat_id > 0) == list(range(1, 21))


async def test_a_storm_of_429_loses_nothing(database: Database, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", *[too_many(1)] * 10)
    async with working(database, telegram):
        for customer in range(1, 6):
            await tell(database, customer, "paid")
        await until_states(database, paid__sent=5)
    assert len(telegram.sent()) == 5


async def test_the_group_becomes_a_supergroup(database: Database, telegram: FakeTelegram) -> None:
    telegram.chat_faults[GROUP] = refusal(400, "group chat was upgraded", migrate_to_chat_id=-100777)
    async with working(database, telegram):
        await tell_operators(database, "says", text="hello")
        await until_states(database, says__sent=1)
    assert telegram.texts(to=-100777) == ["hello"]
    assert await OutboxService(database, GROUP).group() == -100777
    assert await OutboxService(database, -5).group() == -5  # the settings name another group now


async def test_a_group_that_shut_us_out_gets_its_cards_when_it_is_mended(
    database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SLOWEST_RETRY", 0.05)
    telegram.fail("sendMessage", refusal(403, "Forbidden: bot was kicked from the group chat"))
    telegram.fail("sendMessage", refusal(400, "Bad Request: chat not found"))
    async with working(database, telegram):
        await tell_operators(database, "says", text="unknown money")
        await until_states(database, says__sent=1)
    assert telegram.texts(to=GROUP) == ["unknown money"]


async def test_a_card_learns_where_it_hangs(database: Database, telegram: FakeTelegram) -> None:
    card = await database.write(lambda tx: tx.cards.add("unknown", "event:5", {}))
    async with working(database, telegram, topics={"money": 3}):
        await tell_operators(database, "says", text="who is it?", card=card, photo="file", topic="money")
        await until_states(database, says__sent=1)
    (call,) = telegram.sent("sendPhoto")
    assert (call.fields["photo"], call.fields["message_thread_id"], call.text) == ("file", 3, "who is it?")
    hung = await database.read(lambda tx: tx.cards.get(card))
    assert hung is not None
    assert (hung.chat_id, hung.message_id) == (GROUP, 1)


async def test_a_topic_that_was_deleted(database: Database, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", refusal(400, "Bad Request: message thread not found"))
    async with working(database, telegram, topics={"money": 3}):
        await tell_operators(database, "says", text="who is it?", topic="money")
        await until_states(database, says__sent=1)
    (call,) = telegram.sent()
    assert "message_thread_id" not in call.fields


async def test_owners_hear_of_a_group_that_lets_nothing_in_and_of_a_lost_topic(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SLOWEST_RETRY", 0.05)
    silence = "Bad Request: not enough rights to send text messages to the chat"
    telegram.fail("sendMessage", refusal(400, silence))
    telegram.fail("sendMessage", refusal(400, "Bad Request: TOPIC_CLOSED"))
    health = GroupHealthService(sqlite_database, {ANNA: Role.OWNER})
    async with working(sqlite_database, telegram, topics={"money": 3}, health=health, quiet=lambda: True):
        await tell_operators(sqlite_database, "says", text="who is it?", topic="money")
        await until_states(sqlite_database, says__sent=1)
        assert await health.problems() == ["operators_topic_gone:money"]
    call = next(call for call in telegram.sent() if call.text == "who is it?")
    assert call.fields["disable_notification"], "the group is quiet now"
    query = select(outbox.c.kind).where(outbox.c.address == ANNA).order_by(outbox.c.id)
    told = await sqlite_database.read(lambda tx: list(tx.connection.scalars(query)))
    assert sorted(told) == ["group_shut", "group_well", "topic_gone"]


async def test_a_group_that_falls_behind_gets_one_digest(database: Database, telegram: FakeTelegram) -> None:
    for _ in range(14):
        await tell_operators(database, "paid", informs=True, amount=Money(150000, "RUB"))
    await tell_operators(database, "says", text="needs a person")
    async with working(database, telegram):
        await until_states(database, digest__sent=1, says__sent=1, paid__sent=14)
    assert telegram.texts(to=GROUP) == ["needs a person", "14 paid 21000.00 RUB"]


async def test_each_reader_is_told_in_his_language(database: Database, telegram: FakeTelegram) -> None:
    spoken: list[str] = []

    @contextmanager
    def speak(language: str) -> Iterator[None]:
        spoken.append(language)
        yield

    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="be"))
    async with working(database, telegram, speak=speak):
        await tell(database, ANNA, "paid")
        await tell_operators(database, "paid")
        await until_states(database, paid__sent=2)
    assert sorted(spoken) == ["be", "ru"]


async def test_a_notice_bears_no_markup_and_no_more_than_telegram_takes(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    async with working(sqlite_database, telegram):
        await tell(sqlite_database, ANNA, "says", text="<b>" + "x" * 5000)
        await tell(sqlite_database, ANNA, "says", text="<b>" + "x" * 5000, photo="file")
        await until_states(sqlite_database, says__sent=2)
    assert [len(call.text) for call in telegram.calls] == [4096, 1024]
    assert not any("parse_mode" in call.fields for call in telegram.calls)


async def test_one_that_waits_too_long_for_its_turn_goes_back(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its lease would end while it waits, and somebody else would send it as well."""
    monkeypatch.setattr(delivery, "SEND_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "_backoff", lambda tries: 60.0)
    async with working(sqlite_database, telegram, Rates(overall=(1000.0, 1))):
        await tell(sqlite_database, ANNA, "paid")
        await until_states(sqlite_database, paid__sent=1)
        await tell(sqlite_database, BORIS, "paid")
        async with asyncio.timeout(30):
            while await last_errors(sqlite_database) != {"", "TimeoutError"}:
                await asyncio.sleep(0.01)
    assert len(telegram.tried) == 1
    assert await states(sqlite_database) == {"paid sent": 1, "paid due": 1}


async def test_stopping_finishes_what_is_on_its_way(database: Database, telegram: FakeTelegram) -> None:
    telegram.latency = 0.3
    async with working(database, telegram):
        await tell(database, ANNA, "paid")
        async with asyncio.timeout(30):
            while not telegram.tried:
                await asyncio.sleep(0.01)
    assert (await states(database))["paid sent"] == 1


async def test_paid_leaves_within_two_seconds_while_reminders_wait(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    moment = now()
    reminder = {"kind": "paid", "lane": 3, "payload": {}, "informs": False, "state": "due"}
    rows = [
        reminder | {"address": 1000 + number, "due_at": moment, "created_at": moment}
        for number in range(100_000)
    ]
    for start in range(0, len(rows), 10_000):
        batch = rows[start : start + 10_000]
        await sqlite_database.write(lambda tx, batch=batch: tx.connection.execute(insert(outbox), batch))  # type: ignore[misc]  # a default
    telegram.latency = 0.2
    async with working(sqlite_database, telegram, Rates()):
        await telegram.until(30)
        told_at = asyncio.get_running_loop().time()
        await tell(sqlite_database, ANNA, "paid", amount=Money(99000, "RUB"))
        async with asyncio.timeout(30):
            while not telegram.sent(to=ANNA):
                await asyncio.sleep(0.01)
    (call,) = telegram.sent(to=ANNA)
    assert call.at - told_at < 1.0
