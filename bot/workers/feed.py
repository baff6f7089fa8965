"""From an update that Telegram gave us to the dispatcher: nothing with money lost, one person's in order."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any, TypeAlias

import structlog
from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.methods import TelegramMethod
from aiogram.types import TelegramObject, Update
from pydantic import ValidationError

from bot.middlewares.isolation import out_of_line
from bot.services.inbox import InboxService

RawUpdate: TypeAlias = dict[str, Any]

AT_ONCE = 64
"""How many people are answered side by side."""

MOST_WAITING = 2_000
"""Beyond that many updates Telegram keeps them for us."""

MOST_OF_ONE = 50
"""Who sends faster than he can be answered is not heard beyond that, unless it is money."""

REMEMBERED = 4096
"""Updates whose repetition is recognised; what carries money is recognised by the books, for ever."""

REPLAY_EVERY = 60.0

_MONEY_IN_MESSAGES = ("successful_payment", "refunded_payment")
_FATE = "fate"

log = structlog.get_logger(__name__)


def carries_money(update: RawUpdate) -> bool:
    """What Telegram tells once and never again, and what somebody paid for."""
    messages = (update.get("message"), update.get("business_message"))
    return "subscription" in update or any(
        name in message for message in messages if isinstance(message, dict) for name in _MONEY_IN_MESSAGES
    )


class Feed:
    """Both doors, polling and webhook, hand their updates to `accept`."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, inbox: InboxService) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._lines: dict[object, deque[RawUpdate]] = {}
        self._waiting = 0
        self._room = asyncio.Semaphore(AT_ONCE)
        self._has_space = asyncio.Event()
        self._has_space.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard: OrderedDict[int, None] = OrderedDict()
        dispatcher.update.outer_middleware(_watch)

    async def accept(self, updates: list[RawUpdate]) -> None:
        """When it returns they are ours: those with money are in the books, the rest is being handled."""
        with_money = [update for update in updates if carries_money(update)]
        if with_money:
            await self._inbox.keep(with_money)
        await self._has_space.wait()
        self._line_up([update for update in updates if self._is_new(update["update_id"])])

    async def replay(self, *, older_than: timedelta = timedelta(0)) -> None:
        """Handle again what was written down and never finished: at start, and now and then."""
        updates = await self._inbox.unhandled(older_than)
        self._line_up(update for update in updates if update not in self._lines.get(_whose(update), ()))

    async def replay_forever(self) -> None:
        """For as long as the bot runs; cancel it to stop."""
        older_than = timedelta(0)
        while True:
            try:
                await self.replay(older_than=older_than)
                await self._inbox.purge()
            except Exception:
                log.exception("inbox.replay_failed")
            await asyncio.sleep(REPLAY_EVERY)
            older_than = timedelta(seconds=REPLAY_EVERY)

    async def drain(self, seconds: float) -> None:
        """Let what is being handled end; what takes longer is given up."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        given_up = list(self._tasks)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)

    def _is_new(self, update_id: int) -> bool:
        """Telegram repeats what it believes we have not heard; the dispatcher would answer each time."""
        if update_id in self._heard:
            return False
        self._heard[update_id] = None
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return True

    def _line_up(self, updates: Iterable[RawUpdate]) -> None:
        for update in updates:
            who = _whose(update)
            line = self._lines.get(who)
            if line is None:
                self._lines[who] = deque([update])
                self._begin(self._serve(who))
            elif len(line) < MOST_OF_ONE or carries_money(update):
                line.append(update)
            else:
                log.warning("update.not_heard", update_id=update.get("update_id"))
                continue
            self._waiting += 1
        self._note_space()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, who: object) -> None:
        """One person's line, one update after the other; a pre-checkout cannot wait for anybody."""
        line = self._lines[who]
        try:
            while line:
                if isinstance(who, int):
                    async with self._room:
                        await self._handle(line[0])
                else:
                    with out_of_line():
                        await self._handle(line[0])
                line.popleft()
                self._waiting -= 1
                self._note_space()
        finally:
            self._waiting -= len(line)
            del self._lines[who]

    async def _handle(self, raw: RawUpdate) -> None:
        try:
            if not carries_money(raw):
                await self._dispatch(raw)
            elif not await self._inbox.is_handled(raw["update_id"]):
                await self._handle_money(raw)
        except ValidationError as error:
            log.error("update.not_understood", update_id=raw.get("update_id"), problems=error.error_count())
        except Exception:
            log.exception("update.failed", update_id=raw.get("update_id"))

    async def _handle_money(self, raw: RawUpdate) -> None:
        if await self._dispatch(raw):
            await self._inbox.handled(raw["update_id"])
        else:
            log.error("update.money_not_handled", update_id=raw["update_id"])

    async def _dispatch(self, raw: RawUpdate) -> bool:
        """True if a handler took it and came to its end."""
        fate: dict[str, bool] = {}
        update = Update.model_validate(raw, context={"bot": self._bot})
        answer = await self._dispatcher.feed_update(self._bot, update, **{_FATE: fate})
        if isinstance(answer, TelegramMethod):
            await self._bot(answer)
        return fate.get("handled", False)

    def _note_space(self) -> None:
        if self._waiting < MOST_WAITING:
            self._has_space.set()
        else:
            self._has_space.clear()


async def _watch(
    handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
    event: TelegramObject,
    data: dict[str, Any],
) -> Any:
    """Stand inside the error handlers: what they excuse to the customer was not handled all the same."""
    result = await handler(event, data)
    if (fate := data.get(_FATE)) is not None:
        fate["handled"] = result is not UNHANDLED
    return result


def _whose(update: RawUpdate) -> object:
    """The person's id, whose updates go in order; a pre-checkout has ten seconds and a line of its own."""
    if "pre_checkout_query" in update:
        return f"checkout {update.get('update_id')}"
    for event in update.values():
        if isinstance(event, dict):
            who = event.get("from") or event.get("user") or event.get("chat") or {}
            return int(who.get("id", 0))
    return 0
