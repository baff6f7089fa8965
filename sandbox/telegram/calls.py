"""What the bot asked of Telegram."""

from __future__ import annotations

import time
from collections import deque

from sandbox.telegram.fields import Json

MOST_KEPT = 5000


class Calls:
    """The newest calls, each with a number that only grows; long polls are not among them."""

    def __init__(self) -> None:
        self._kept: deque[Json] = deque(maxlen=MOST_KEPT)
        self._count = 0

    def note(self, method: str, fields: Json) -> Json:
        self._count += 1
        call: Json = {
            "number": self._count,
            "at": time.time(),
            "method": method,
            "fields": fields,
            "ok": None,
        }
        self._kept.append(call)
        return call

    def after(self, number: int, method: str) -> list[Json]:
        return [c for c in self._kept if c["number"] > number and method in ("", c["method"])]
