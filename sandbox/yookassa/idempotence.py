"""Keys the shop has used: the same key leads to the first result, for a day."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from sandbox.clock import Clock
from sandbox.yookassa.errors import invalid
from sandbox.yookassa.money import Json
from sandbox.yookassa.payments import OffsetReceipt, Payment, Refund

HEADER = "Idempotence-Key"
REMEMBERED_FOR = timedelta(hours=24)

Result = TypeVar("Result", Payment, Refund, OffsetReceipt)


class UsedKeys:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[str, tuple[datetime, str, Payment | Refund | OffsetReceipt]] = {}

    def once(self, key: str | None, path: str, body: Json, act: Callable[[], Result]) -> Result:
        """Act, or give the subject of the first call; the same key for other data is refused."""
        if not key or len(key) > 64:
            raise invalid(HEADER, "Idempotence key is missing or longer than 64 characters")
        now = self._clock.now()
        asked = _fingerprint(path, body)
        if key in self._used:
            first_at, first_asked, result = self._used[key]
            if now - first_at < REMEMBERED_FOR:
                if asked != first_asked:
                    raise invalid(HEADER, "Idempotence key duplicated")
                return cast(Result, result)
        result = act()
        self._used[key] = (now, asked, result)
        return result


def _fingerprint(path: str, body: Json) -> str:
    written = json.dumps([path, body], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()
