"""The four calls of the Bot API that Stars need, and what its answers mean.

The bot's token is a part of every address, so no address gets into an error or a log.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from bot.domain.errors import ProviderRefused, ProviderUnavailable
from bot.gateways.base import BotAccess, OnCall
from bot.gateways.http import Answer, NotUnderstood, Transport

Raw = dict[str, Any]

PAGE = 100
MOST_TRANSACTIONS = 10_000_000
JSON = {"Content-Type": "application/json"}


class Said(ProviderRefused):
    """Telegram said no; `why` is its own word, such as CHARGE_ALREADY_REFUNDED."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Api:
    """Raises ProviderUnavailable, Said or OutcomeUnknown."""

    def __init__(self, access: BotAccess, on_call: OnCall) -> None:
        self._transport = Transport(
            "stars", access.address, headers={}, read=_read, on_call=on_call, secret_address=True
        )
        self.close = self._transport.close

    async def refund(self, user_id: int, charge_id: str) -> None:
        body = {"user_id": user_id, "telegram_payment_charge_id": charge_id}
        path = "/refundStarPayment"
        await self._transport.act("refundStarPayment", path, json.dumps(body).encode(), JSON)

    async def balance(self) -> int:
        told = await self._transport.ask("getMyStarBalance", "/getMyStarBalance")
        amount = told.get("amount") if isinstance(told, dict) else None
        if not isinstance(amount, int):
            raise ProviderUnavailable("a balance without its amount")
        return amount

    async def transactions(self, since: int) -> AsyncIterator[Raw]:
        """What moved from that second on, the oldest first, as Telegram lists it."""
        offset = await self._first_since(since)
        while page := await self._page(offset, PAGE):
            for raw in page:
                yield raw
            offset += len(page)

    async def _first_since(self, since: int) -> int:
        """Where to begin: the list cannot be asked by date, so the way there is halved again and again."""
        low, high = 0, PAGE
        while high < MOST_TRANSACTIONS and await self._is_before(high, since):
            low, high = high, high * 2
        while low < high:
            middle = (low + high) // 2
            if await self._is_before(middle, since):
                low = middle + 1
            else:
                high = middle
        return low

    async def _is_before(self, offset: int, since: int) -> bool:
        """Whether the transaction at that place is older; there is none behind the end of the list."""
        page = await self._page(offset, 1)
        return bool(page) and moved_at(page[0]) < since

    async def _page(self, offset: int, limit: int) -> list[Raw]:
        query = {"offset": str(offset), "limit": str(limit)}
        told = await self._transport.ask("getStarTransactions", "/getStarTransactions", query)
        listed = told.get("transactions") if isinstance(told, dict) else None
        if not isinstance(listed, list):
            raise ProviderUnavailable("a list without transactions")
        return [raw for raw in listed if isinstance(raw, dict)]


def moved_at(raw: Raw) -> int:
    written = raw.get("date")
    return written if isinstance(written, int) else 0


def _read(answer: Answer) -> Any:
    """Only an answer of the Bot API itself says anything; a proxy's page says nothing."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("ok"), bool) or answer.status >= 500:
        raise NotUnderstood(f"status {answer.status}, not an answer of the Bot API")
    if told["ok"]:
        return told.get("result")
    parameters = told.get("parameters")
    pause = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if answer.status == 429:
        raise ProviderUnavailable("too many requests", retry_after=pause if isinstance(pause, int) else None)
    raise Said(str(told.get("description", ""))[:200].removeprefix("Bad Request: "))
