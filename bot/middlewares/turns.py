"""Whose turn it is to send: Telegram's limits by GCRA, shared out by lanes."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.domain.states import LANE_RANKS, Lane

ChatId: TypeAlias = int | str | None
Waiter: TypeAlias = "tuple[int, int, bool, asyncio.Future[None]]"

MAY_BURST = LANE_RANKS[Lane.MONEY]
"""Taps and money go in bursts; the lanes behind them do not, so that a tap finds the way clear."""

LONGEST_WAIT_EVERY = 10
"""Each tenth turn goes to whoever waits longest, so that no lane starves behind a better one."""

FORGET_FROM = 4096
"""Idle chats are forgotten each time that many, or twice those still busy, are remembered."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Each pair is (seconds between two sendings, how many may go at once).

    GCRA lets burst + W / interval through in W seconds: 30 in any second over all, which is Telegram's own
    figure, and 20 in any minute for a group.
    """

    overall: tuple[float, int] = (1 / 25, 5)
    chat: tuple[float, int] = (1.0, 3)
    group: tuple[float, int] = (60 / 17, 3)


class Gauge:
    """The generic cell rate algorithm: one number remembers how much was sent lately."""

    __slots__ = ("_interval", "_slack", "arrival")

    def __init__(self, interval: float, burst: int) -> None:
        self._interval = interval
        self._slack = interval * (burst - 1)
        self.arrival = -math.inf

    def opens_at(self, *, burst: bool = True) -> float:
        return self.arrival - self._slack if burst else self.arrival

    def take(self, now: float) -> None:
        self.arrival = max(self.arrival, now) + self._interval

    def hold(self, until: float) -> None:
        """Nothing goes before that moment, and no burst right after it."""
        self.arrival = max(self.arrival, until + self._slack)


@dataclass(slots=True)
class _Chat:
    gauge: Gauge
    held_until: float = -math.inf
    waiting: list[Waiter] = field(default_factory=list)

    def opens_at(self, counts: bool) -> float:
        return max(self.held_until, self.gauge.opens_at()) if counts else self.held_until

    def is_idle(self, now: float) -> bool:
        return not self.waiting and max(self.held_until, self.gauge.arrival) <= now


class Turns:
    """Grants turns to send; a chat that must wait stands aside and holds up nobody else."""

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates or Rates()
        self._overall = Gauge(*self._rates.overall)
        self._all_held_until = -math.inf
        self._last_refusal: tuple[ChatId, float] = (None, -math.inf)
        self._chats: dict[ChatId, _Chat] = {}
        self._forget_from = FORGET_FROM
        self._ready: list[list[tuple[int, _Chat]]] = [[] for _ in LANE_RANKS]
        self._aside: list[tuple[float, int, _Chat]] = []
        self._numbers = itertools.count()
        self._granted = 0
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, chat_id: ChatId, lane: Lane, *, counts: bool = True) -> None:
        """Wait until one message may go to this chat; what does not count there still waits out a refusal."""
        loop = asyncio.get_running_loop()
        now, rank = loop.time(), LANE_RANKS[lane]
        chat = self._chat(chat_id, now)
        if not chat.waiting and not any(self._ready) and self._is_free(chat, counts, rank, now):
            self._grant(chat, counts, now)
            return
        waiter: Waiter = (rank, next(self._numbers), counts, loop.create_future())
        heapq.heappush(chat.waiting, waiter)
        self._best_changed(chat, waiter, loop)
        try:
            await waiter[3]
        except asyncio.CancelledError:
            self._leave(chat, waiter, loop)
            raise

    def refused(self, chat_id: ChatId, retry_after: float) -> None:
        """A 429 holds its chat; a second chat refused meanwhile means the limit over all: all are held."""
        now = asyncio.get_running_loop().time()
        until = now + retry_after
        chat = self._chat(chat_id, now)
        chat.held_until = max(chat.held_until, until)
        chat.gauge.hold(until)
        other_chat, other_until = self._last_refusal
        if chat_id is None or (other_chat != chat_id and now < other_until):
            self._overall.hold(until)
            self._all_held_until = max(self._all_held_until, until)
        self._last_refusal = (chat_id, until)

    def held_for(self, chat_id: ChatId) -> float:
        """For how many seconds Telegram has told us to send nothing to this chat."""
        chat = self._chats.get(chat_id)
        until = max(self._all_held_until, chat.held_until if chat else -math.inf)
        return max(0.0, until - asyncio.get_running_loop().time())

    def _chat(self, chat_id: ChatId, now: float) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= self._forget_from:
                self._forget_idle(now)
            chat = self._chats[chat_id] = _Chat(self._gauge(chat_id))
        return chat

    def _gauge(self, chat_id: ChatId) -> Gauge:
        if chat_id is None:
            return Gauge(0.0, 1)
        return Gauge(*(self._rates.group if is_group(chat_id) else self._rates.chat))

    def _forget_idle(self, now: float) -> None:
        self._chats = {chat_id: chat for chat_id, chat in self._chats.items() if not chat.is_idle(now)}
        self._forget_from = max(FORGET_FROM, 2 * len(self._chats))

    def _way_opens_at(self, rank: int) -> float:
        return self._overall.opens_at(burst=rank <= MAY_BURST or self._longest_wait_is_next())

    def _longest_wait_is_next(self) -> bool:
        return self._granted % LONGEST_WAIT_EVERY == LONGEST_WAIT_EVERY - 1

    def _is_free(self, chat: _Chat, counts: bool, rank: int, now: float) -> bool:
        return chat.opens_at(counts) <= now and self._way_opens_at(rank) <= now

    def _grant(self, chat: _Chat, counts: bool, now: float) -> None:
        self._overall.take(now)
        if counts:
            chat.gauge.take(now)
        self._granted += 1

    def _best_changed(self, chat: _Chat, best: Waiter, loop: asyncio.AbstractEventLoop) -> None:
        if chat.waiting[0] is best:
            self._place(chat, loop.time())
            self._arm(loop)

    def _place(self, chat: _Chat, now: float) -> None:
        """Put a chat where its best waiter belongs; an entry of an earlier best waiter goes stale."""
        rank, number, counts, _ = chat.waiting[0]
        opens_at = chat.opens_at(counts)
        if opens_at <= now:
            heapq.heappush(self._ready[rank], (number, chat))
        else:
            heapq.heappush(self._aside, (opens_at, number, chat))

    def _leave(self, chat: _Chat, waiter: Waiter, loop: asyncio.AbstractEventLoop) -> None:
        if waiter not in chat.waiting:
            return
        chat.waiting.remove(waiter)
        heapq.heapify(chat.waiting)
        if chat.waiting:
            self._best_changed(chat, chat.waiting[0], loop)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        moments = [self._way_opens_at(rank) for rank, lane in enumerate(self._ready) if lane]
        moments += [opens_at for opens_at, _, _ in self._aside[:1]]
        if not moments or (self._timer is not None and self._timer.when() <= min(moments)):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(max(min(moments), loop.time()), self._serve, loop)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        while self._aside and self._aside[0][0] <= now:
            _, number, chat = heapq.heappop(self._aside)
            if _is_best(chat, number):
                self._place(chat, now)
        while (next_chat := self._next(now)) is not None:
            _, _, counts, granted = heapq.heappop(next_chat.waiting)
            self._grant(next_chat, counts, now)
            granted.set_result(None)
            if next_chat.waiting:
                self._place(next_chat, now)
        self._arm(loop)

    def _next(self, now: float) -> _Chat | None:
        heads = [head for rank in range(len(self._ready)) if (head := self._head(rank, now)) is not None]
        if not heads:
            return None
        rank, _, chat = min(heads, key=lambda head: head[1]) if self._longest_wait_is_next() else heads[0]
        if self._way_opens_at(rank) > now:
            return None
        heapq.heappop(self._ready[rank])
        return chat

    def _head(self, rank: int, now: float) -> tuple[int, int, _Chat] | None:
        lane = self._ready[rank]
        while lane:
            number, chat = lane[0]
            if _is_best(chat, number) and chat.opens_at(chat.waiting[0][2]) <= now:
                return rank, number, chat
            heapq.heappop(lane)
            if _is_best(chat, number):
                self._place(chat, now)  # held after it was found ready
        return None


def is_group(chat_id: ChatId) -> bool:
    """Groups and channels have negative ids or names; a private chat has its person's id."""
    return isinstance(chat_id, str) or (chat_id is not None and chat_id < 0)


def _is_best(chat: _Chat, number: int) -> bool:
    return bool(chat.waiting) and chat.waiting[0][1] == number
