"""Telegram's sending limits: 30 a second over all, 1 a second in a chat, 20 a minute in a group."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque

from sandbox.faults import Fault
from sandbox.telegram.errors import too_many

BURST_PER_CHAT = 5


class _Window:
    """At most `limit` messages in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float, count: int) -> float:
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        surplus = len(self._times) + count - self._limit
        return self._times[min(surplus, len(self._times)) - 1] + self._seconds - now if surplus > 0 else 0.0

    def take(self, now: float, count: int) -> None:
        self._times.extend([now] * count)


class _Bucket:
    """One a second, and a few more at once."""

    def __init__(self) -> None:
        self._free_at = 0.0

    def wait(self, now: float, count: int) -> float:
        return max(self._free_at, now) + count - now - BURST_PER_CHAT

    def take(self, now: float, count: int) -> None:
        self._free_at = max(self._free_at, now) + count


class SendLimits:
    def __init__(self, switch: Fault) -> None:
        self._switch = switch
        self._all = _Window(30, 1.0)
        self._chats: dict[int, _Bucket] = defaultdict(_Bucket)
        self._groups: dict[int, _Window] = defaultdict(lambda: _Window(20, 60.0))

    def take(self, chat_id: int, *, group: bool, count: int = 1) -> None:
        """Let `count` messages through together, or refuse with the seconds to wait."""
        if self._switch.value == "off":
            return
        now = time.monotonic()
        rules: list[_Window | _Bucket] = [self._all, self._chats[chat_id]]
        if group:
            rules.append(self._groups[chat_id])
        wait = max(rule.wait(now, count) for rule in rules)
        if wait > 0:
            raise too_many(math.ceil(wait))
        for rule in rules:
            rule.take(now, count)
