"""YooKassa's six endpoints over our own transport, and what its status codes mean.

The SDK's own transport is synchronous, has no time-out, and reports a lost connection as an AttributeError.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.gateways.base import OnCall
from bot.gateways.http import Answer, NotFound, NotUnderstood, Transport
from bot.gateways.yookassa.settings import YooKassaSettings

Raw = dict[str, Any]

PAGE = 100
MOST_PAGES = 10_000
MENDS = {
    401: "mend: YOOKASSA__SHOP_ID and YOOKASSA__SECRET_KEY must be of one shop, see its cabinet",
    403: "mend: this shop may not do that, ask YooKassa's manager",
}
ABOUT_SAVING = ("save_payment_method", "payment_method_id")
UNDECIDED = (408, 409, 425)
"""Answers below 500 that do not say whether something happened."""


class KeyUsed(OutcomeUnknown):
    """This reference was sent before with other data: look for what came of it."""


class CannotSave(ProviderRefused):
    """This shop may not keep cards, or knows nothing of this one: a payment without it may still be begun."""


class Api:
    """Raw objects in and out; raises ProviderUnavailable, ProviderRefused (NotFound) or OutcomeUnknown."""

    def __init__(self, settings: YooKassaSettings, on_call: OnCall) -> None:
        login = f"{settings.shop_id}:{settings.secret_key.get_secret_value()}"
        self._transport = Transport(
            "yookassa",
            settings.api_url,
            headers={"Authorization": "Basic " + base64.b64encode(login.encode()).decode()},
            read=_read,
            timeouts=settings.timeouts,
            on_call=on_call,
        )
        self.close = self._transport.close

    async def payment(self, payment_id: str) -> Raw:
        return _same(payment_id, await self._transport.ask("payment", f"/payments/{payment_id}"))

    async def refund(self, refund_id: str) -> Raw:
        return _same(refund_id, await self._transport.ask("refund", f"/refunds/{refund_id}"))

    async def me(self) -> Raw:
        return await self._transport.ask("me", "/me")

    async def create_payment(self, body: Raw, key: str) -> Raw:
        return await self._act("create_payment", "/payments", body, key)

    async def create_refund(self, body: Raw, key: str) -> Raw:
        return await self._act("create_refund", "/refunds", body, key)

    async def create_receipt(self, body: Raw, key: str) -> Raw:
        return await self._act("create_receipt", "/receipts", body, key)

    async def payments(self, query: Mapping[str, str]) -> AsyncIterator[Raw]:
        async for raw in self._listed("/payments", query):
            yield raw

    async def refunds(self, query: Mapping[str, str]) -> AsyncIterator[Raw]:
        async for raw in self._listed("/refunds", query):
            yield raw

    async def receipts(self, query: Mapping[str, str]) -> AsyncIterator[Raw]:
        async for raw in self._listed("/receipts", query):
            yield raw

    async def _act(self, call: str, path: str, body: Raw, key: str) -> Raw:
        headers = {"Idempotence-Key": key, "Content-Type": "application/json"}
        return await self._transport.act(call, path, json.dumps(body).encode(), headers)

    async def _listed(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Raw]:
        """Follow the cursor to the end of a list."""
        asked = {**query, "limit": str(PAGE)}
        for _ in range(MOST_PAGES):
            page = await self._transport.ask("list" + path.replace("/", "_"), path, asked)
            items, cursor = page.get("items"), page.get("next_cursor")
            if not isinstance(items, list):
                raise ProviderUnavailable("a list without items")
            for raw in items:
                if isinstance(raw, dict):
                    yield raw
            if not isinstance(cursor, str) or not cursor or cursor == asked.get("cursor"):
                return
            asked["cursor"] = cursor


def _same(asked: str, raw: Raw) -> Raw:
    if raw.get("id") != asked:
        raise ProviderUnavailable("an answer about something else")
    return raw


def _read(answer: Answer) -> Raw:
    """Take 200 for an answer, a clear refusal for a refusal, and everything else for nothing."""
    told = _object(answer.body)
    if answer.status == 429:
        raise ProviderUnavailable("too many requests", retry_after=_pause(told))
    if told is None or answer.status >= 500 or answer.status in UNDECIDED:
        raise NotUnderstood(f"status {answer.status}" + ("" if told is not None else ", not a JSON object"))
    if answer.status == 200:
        return told
    if answer.status < 400 or told.get("type") != "error":
        raise NotUnderstood(f"status {answer.status}")
    if told.get("parameter") == "Idempotence-Key":
        raise KeyUsed("this reference was sent before with other data")
    raise _kind_of_refusal(answer.status, told)(_refusal(answer.status, told))


def _kind_of_refusal(status: int, told: Raw) -> type[ProviderRefused]:
    """A shop without the right to save is told so with a 403 that names no field."""
    if status == 403 or told.get("parameter") in ABOUT_SAVING:
        return CannotSave
    return NotFound if status == 404 else ProviderRefused


def _refusal(status: int, told: Raw) -> str:
    """YooKassa's words for operators, with its id of the error, which its support asks for."""
    said = [str(told[key])[:200] for key in ("code", "description", "parameter") if told.get(key)]
    mend = [MENDS[status]] if status in MENDS else []
    return "; ".join([*said, *mend, f"status {status}, error {str(told.get('id', ''))[:64]}"])


def _object(body: bytes) -> Raw | None:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _pause(told: Raw | None) -> float | None:
    """`retry_after` is in milliseconds."""
    asked = told.get("retry_after") if told else None
    return asked / 1000 if isinstance(asked, int) and 0 < asked <= 3_600_000 else None
