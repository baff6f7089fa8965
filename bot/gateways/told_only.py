"""Providers whom nobody can call: a statement, a register, or calls of their own tell of their money."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Event, Hint, Paid, Refunded, Unfinished
from bot.gateways.base import Link, LinkRequest, OffsetRequest, RefundCall, RefundRefused


class ToldOnly:
    """Answers every question of a gateway with what is known without asking."""

    name: str
    returned: str
    """How money goes back, since we can't send it: a refusal of refunds."""
    replay_window = timedelta(0)
    lists_movements = False
    can_be_asked = False

    async def create_link(self, request: LinkRequest) -> Link:  # noqa: ARG002 (there is no page)
        return Link("", "", None)

    async def read_callback(self, callback: Callback) -> Event | Hint:  # noqa: ARG002 (none comes here)
        raise BadCallback(f"{self.name} calls no callback")

    async def ask(self, provider_payment: str, reference: str, since: datetime | None = None) -> Unfinished:  # noqa: ARG002 (nobody is asked)
        return Unfinished(self.name, reference, provider_payment)

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        raise BadCallback(f"nobody hints for {hint.provider}")

    async def refund(self, request: RefundCall) -> RefundRefused:
        return RefundRefused(request.reference, self.returned)

    async def ask_refund(self, request: RefundCall) -> RefundRefused:
        return RefundRefused(request.reference, self.returned)

    async def offset_receipt(self, request: OffsetRequest) -> str:  # noqa: ARG002 (we issue none)
        return ""

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:  # noqa: ARG002 (nothing is listed)
        nothing: tuple[Paid | Refunded, ...] = ()
        for movement in nothing:
            yield movement

    async def close(self) -> None:
        return None
