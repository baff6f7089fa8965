"""Both doors for updates: money is written down first, and nobody waits for somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.types import ErrorEvent, Message, PreCheckoutQuery
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.errors import StorageUnavailable
from bot.services.inbox import InboxService
from bot.storage.database import Database
from bot.workers import feed as feed_module
from bot.workers import updates as updates_module
from bot.workers.feed import Feed, carries_money
from bot.workers.telegram_webhook import LARGEST_UPDATE, SECRET_HEADER, set_webhook, telegram_webhook
from bot.workers.updates import Polling
from tests.telegram import LOST, FakeTelegram, fake_telegram, refusal

ANNA, BORIS = 7, 8
SECRET = "s3cret"


def person(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Anna"}


def message(user_id: int, **more: Any) -> dict[str, Any]:
    chat = {"id": user_id, "type": "private"}
    return {"message": {"message_id": 1, "date": 1, "chat": chat, "from": person(user_id), **more}}


def payment(user_id: int) -> dict[str, Any]:
    paid = {
        "currency": "XTR",
        "total_amount": 250,
        "invoice_payload": "ref",
        "telegram_payment_charge_id": "charge",
        "provider_payment_charge_id": "",
    }
    return message(user_id, successful_payment=paid)


def pre_checkout(user_id: int) -> dict[str, Any]:
    query = {
        "id": "1",
        "from": person(user_id),
        "currency": "XTR",
        "total_amount": 250,
        "invoice_payload": "ref",
    }
    return {"pre_checkout_query": query}


@dataclass
class Chat:
    """Handlers that remember what they heard, and can be slow or broken."""

    heard: list[tuple[int, str]] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    checked: list[int] = field(default_factory=list)
    excused: list[BaseException] = field(default_factory=list)
    slow: asyncio.Event | None = None
    broken: bool = False

    def dispatcher(self) -> Dispatcher:
        dispatcher = Dispatcher()
        dispatcher.message.register(self.payment_came, F.successful_payment)
        dispatcher.message.register(self.text_came, F.text)
        dispatcher.pre_checkout_query.register(self.checkout_came)
        dispatcher.errors.register(self.excuse)
        return dispatcher

    async def text_came(self, message: Message) -> None:
        assert message.from_user is not None
        if self.slow is not None and message.text == "slow":
            await self.slow.wait()
        self.heard.append((message.from_user.id, message.text or ""))

    async def payment_came(self, message: Message) -> None:
        if self.broken:
            raise StorageUnavailable("the disk is full")
        self.paid.append(message.chat.id)

    async def checkout_came(self, query: PreCheckoutQuery) -> None:
        self.checked.append(query.from_user.id)

    async def excuse(self, event: ErrorEvent) -> bool:
        self.excused.append(event.exception)
        return True


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    bot = telegram.bot()
    yield bot
    await bot.session.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates_module, "SLOWEST_RETRY", 0.02)


def make_feed(bot: Bot, chat: Chat, database: Database) -> Feed:
    return Feed(bot, chat.dispatcher(), InboxService(database))


@asynccontextmanager
async def polling(bot: Bot, feed: Feed) -> AsyncIterator[Polling]:
    polling = Polling(bot, feed, ["message", "pre_checkout_query"])
    running = asyncio.create_task(polling.run())
    try:
        yield polling
    finally:
        polling.stop()
        await asyncio.wait_for(running, 30)


async def until(condition: Any) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


async def test_updates_are_handled_and_confirmed(
    telegram: FakeTelegram, bot: Bot, sqlite_database: Database
) -> None:
    chat = Chat()
    async with polling(bot, make_feed(bot, chat, sqlite_database)):
        telegram.give(**message(ANNA, text="/start"))
        await until(lambda: chat.heard == [(ANNA, "/start")])
        telegram.give(**message(ANNA, text="last"))
        await until(lambda: len(chat.heard) == 2)
    assert telegram.unconfirmed == []
    asked = next(call for call in telegram.calls if call.method == "getUpdates")
    assert asked.fields["allowed_updates"] == ["message", "pre_checkout_query"]
    assert telegram.tried[0].method == "deleteWebhook"


async def test_money_is_written_down_before_it_is_confirmed(
    telegram: FakeTelegram, bot: Bot, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, inbox = Chat(), InboxService(sqlite_database)
    fails = [StorageUnavailable("locked"), StorageUnavailable("locked")]
    keep, confirmed_before = inbox.keep, list[list[int]]()

    async def keep_when_it_can(updates: list[dict[str, Any]]) -> None:
        if fails:
            confirmed_before.append(list(telegram.unconfirmed))
            raise fails.pop()
        await keep(updates)

    monkeypatch.setattr(inbox, "keep", keep_when_it_can)
    update_id = telegram.give(**payment(ANNA))
    async with polling(bot, Feed(bot, chat.dispatcher(), inbox)):
        await until(lambda: chat.paid == [ANNA])
        await until(lambda: telegram.unconfirmed == [])
    assert confirmed_before == [[update_id], [update_id]]


async def test_a_payment_told_twice_is_handled_once(bot: Bot, database: Database) -> None:
    chat = Chat()
    feed = make_feed(bot, chat, database)
    for each in (feed, feed, make_feed(bot, chat, database)):  # and once more after a restart
        await each.accept([{"update_id": 5, **payment(ANNA)}])
        await each.drain(5)
    assert chat.paid == [ANNA]


async def test_a_repeated_update_is_answered_once(bot: Bot, sqlite_database: Database) -> None:
    chat = Chat()
    feed = make_feed(bot, chat, sqlite_database)
    for number in (1, 1, 2, 1):
        await feed.accept([{"update_id": number, **message(ANNA, text=f"no. {number}")}])
    await feed.drain(5)
    assert chat.heard == [(ANNA, "no. 1"), (ANNA, "no. 2")]


async def test_what_failed_is_replayed_after_a_restart(bot: Bot, database: Database) -> None:
    chat = Chat(broken=True)
    feed = make_feed(bot, chat, database)
    await feed.accept([{"update_id": 5, **payment(ANNA)}])
    await feed.drain(5)
    assert len(chat.excused) == 1  # the customer was told something nice; it is not handled all the same

    again = Chat()
    restarted = make_feed(bot, again, database)
    for _ in range(2):
        await restarted.replay()
        await restarted.drain(5)
    assert again.paid == [ANNA]


async def test_money_nobody_understands_is_kept(bot: Bot, database: Database) -> None:
    feed = Feed(bot, Dispatcher(), InboxService(database))
    update = {"update_id": 5, **payment(ANNA)}
    await feed.accept([update])
    await feed.drain(5)
    inbox = InboxService(database)
    assert await inbox.unhandled(timedelta(0)) == [update]


async def test_one_persons_updates_go_in_order_and_hold_up_nobody(
    bot: Bot, sqlite_database: Database
) -> None:
    chat = Chat(slow=asyncio.Event())
    assert chat.slow is not None
    feed = make_feed(bot, chat, sqlite_database)
    texts = ["slow", "second", "third"]
    await feed.accept(
        [{"update_id": number, **message(ANNA, text=text)} for number, text in enumerate(texts)]
    )
    crowd = range(100, 300)
    await feed.accept([{"update_id": number, **message(number, text="hi")} for number in crowd])
    await feed.accept([{"update_id": 900, **pre_checkout(ANNA)}])
    await until(lambda: len(chat.heard) == len(crowd) and chat.checked == [ANNA])
    chat.slow.set()
    await feed.drain(5)
    assert [text for who, text in chat.heard if who == ANNA] == texts


async def test_a_flood_from_one_person_is_cut_but_his_money_is_not(
    bot: Bot, sqlite_database: Database
) -> None:
    chat = Chat(slow=asyncio.Event())
    assert chat.slow is not None
    feed = make_feed(bot, chat, sqlite_database)
    await feed.accept([{"update_id": number, **message(ANNA, text="slow")} for number in range(200)])
    await feed.accept([{"update_id": 500, **payment(ANNA)}])
    chat.slow.set()
    await feed.drain(5)
    assert len(chat.heard) == feed_module.MOST_OF_ONE
    assert chat.paid == [ANNA]


async def test_a_crowd_beyond_measure_waits_at_telegram(
    bot: Bot, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "MOST_WAITING", 10)
    chat = Chat(slow=asyncio.Event())
    assert chat.slow is not None
    feed = make_feed(bot, chat, sqlite_database)
    await feed.accept([{"update_id": number, **message(100 + number, text="slow")} for number in range(10)])
    more = asyncio.create_task(feed.accept([{"update_id": 50, **message(BORIS, text="hi")}]))
    await asyncio.sleep(0.02)
    assert not more.done()
    chat.slow.set()
    await asyncio.wait_for(more, 30)
    await feed.drain(5)
    assert len(chat.heard) == 11


async def test_bad_days_of_polling(
    telegram: FakeTelegram, bot: Bot, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = Chat()
    conflict = refusal(409, "Conflict: terminated by other getUpdates request")
    telegram.fail(
        "getUpdates", LOST, conflict, refusal(502, "Bad Gateway"), refusal(429, "slow", retry_after=1)
    )
    async with polling(bot, make_feed(bot, chat, sqlite_database)):
        telegram.give(message={"no": "sense"})
        telegram.give(**message(ANNA, text="hello"))
        await until(lambda: chat.heard == [(ANNA, "hello")])
    told = capsys.readouterr().out
    assert "another bot polls with this token" in told
    assert "TEST" not in told


async def test_a_stop_lets_handlers_end(telegram: FakeTelegram, bot: Bot, sqlite_database: Database) -> None:
    chat = Chat(slow=asyncio.Event())
    assert chat.slow is not None
    async with polling(bot, make_feed(bot, chat, sqlite_database)) as poller:
        telegram.give(**message(ANNA, text="slow"))
        await until(lambda: telegram.unconfirmed == [])
        poller.stop()
        asyncio.get_running_loop().call_later(0.1, chat.slow.set)
    assert chat.heard == [(ANNA, "slow")]


class TestWebhook:
    @pytest.fixture
    def chat(self) -> Chat:
        return Chat()

    @pytest.fixture
    async def feed(self, bot: Bot, chat: Chat, sqlite_database: Database) -> Feed:
        return make_feed(bot, chat, sqlite_database)

    @pytest.fixture
    async def client(self, feed: Feed) -> AsyncIterator[TestClient[Any, Any]]:
        app = web.Application()
        app.router.add_post("/telegram", telegram_webhook(feed, SECRET))
        async with TestClient(TestServer(app)) as client:
            yield client

    async def post(self, client: TestClient[Any, Any], secret: str | None = SECRET, **options: Any) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        response = await client.post("/telegram", headers=headers, **options)
        return response.status

    async def test_it_answers_at_once_and_handles_behind(
        self, client: TestClient[Any, Any], feed: Feed, chat: Chat
    ) -> None:
        chat.slow = asyncio.Event()
        assert await self.post(client, json={"update_id": 1, **message(ANNA, text="slow")}) == 200
        assert chat.heard == []
        chat.slow.set()
        await feed.drain(5)
        assert chat.heard == [(ANNA, "slow")]

    @pytest.mark.parametrize("secret", [None, "", "wrong", "пароль", SECRET + " x"])
    async def test_a_forged_update_is_refused(
        self, client: TestClient[Any, Any], feed: Feed, chat: Chat, secret: str | None
    ) -> None:
        assert await self.post(client, secret, json={"update_id": 1, **payment(ANNA)}) == 403
        await feed.drain(5)
        assert chat.paid == []

    async def test_money_is_in_the_books_before_the_answer(
        self, client: TestClient[Any, Any], chat: Chat, sqlite_database: Database
    ) -> None:
        chat.broken = True
        assert await self.post(client, json={"update_id": 1, **payment(ANNA)}) == 200
        assert len(await InboxService(sqlite_database).unhandled(timedelta(0))) == 1

    async def test_books_that_are_shut_make_telegram_come_again(
        self, client: TestClient[Any, Any], sqlite_database: Database
    ) -> None:
        await sqlite_database.close()
        assert await self.post(client, json={"update_id": 1, **payment(ANNA)}) == 503

    @pytest.mark.parametrize(
        "junk", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000]
    )
    async def test_junk_is_refused(self, client: TestClient[Any, Any], junk: bytes) -> None:
        assert await self.post(client, data=junk) == 400

    async def test_an_update_too_large_is_refused(self, client: TestClient[Any, Any]) -> None:
        assert await self.post(client, data=BytesIO(b"x" * (LARGEST_UPDATE + 1))) == 413

    async def test_an_update_nobody_can_read_is_ours_all_the_same(
        self, client: TestClient[Any, Any], feed: Feed
    ) -> None:
        assert await self.post(client, json={"update_id": 1, "message": {"no": "sense"}}) == 200
        await feed.drain(5)


async def test_the_webhook_asks_for_what_handlers_need(telegram: FakeTelegram, bot: Bot) -> None:
    await set_webhook(
        bot, "https://example.org/telegram", SECRET, Chat().dispatcher().resolve_used_update_types()
    )
    (call,) = [call for call in telegram.calls if call.method == "setWebhook"]
    assert call.fields["secret_token"] == SECRET
    assert set(call.fields["allowed_updates"]) == {"message", "pre_checkout_query"}


def test_a_webhook_without_a_secret_is_not_made() -> None:
    with pytest.raises(ValueError, match="without a secret"):
        telegram_webhook(None, "")  # type: ignore[arg-type]  # no feed is reached


@pytest.mark.parametrize(
    ("update", "with_money"),
    [
        (payment(ANNA), True),
        (message(ANNA, refunded_payment={}), True),
        ({"subscription": {}}, True),
        (message(ANNA, text="successful_payment"), False),
        (pre_checkout(ANNA), False),
        ({"message": None}, False),
    ],
)
def test_which_updates_carry_money(update: dict[str, Any], with_money: bool) -> None:
    assert carries_money(update) is with_money
