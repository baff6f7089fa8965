"""The button "invoice". There is nobody to call: a payer's bank sends a transfer, a statement tells of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Event, Hint, Paid, Refunded, Unfinished
from bot.domain.invoicing import BANK
from bot.gateways.bank.method import offered
from bot.gateways.base import Health, Link, LinkRequest, OffsetRequest, RefundRefused, RefundRequest


class Bank:
    """Takes no calls and makes none."""

    name = BANK
    replay_window = timedelta(0)

    def __init__(self, currencies: Sequence[str]) -> None:
        self.methods = offered(currencies)

    async def create_link(self, request: LinkRequest) -> Link:  # noqa: ARG002 (the invoice is the way)
        return Link("", "", None)

    async def read_callback(self, callback: Callback) -> Event | Hint:  # noqa: ARG002 (none comes here)
        raise BadCallback("a bank tells by statements")

    async def ask(self, provider_payment: str, reference: str, since: datetime | None = None) -> Unfinished:  # noqa: ARG002 (nobody is asked)
        return Unfinished(self.name, reference, provider_payment)

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        raise BadCallback(f"nobody hints for {hint.provider}")

    async def refund(self, request: RefundRequest) -> RefundRefused:
        """A transfer goes back by a payment order, to the account it came from and to no other."""
        return RefundRefused(request.reference, "by_transfer")

    async def ask_refund(self, request: RefundRequest) -> RefundRefused:
        return RefundRefused(request.reference, "by_transfer")

    async def offset_receipt(self, request: OffsetRequest) -> str:  # noqa: ARG002 (we issue none)
        """Transfers between firms owe no cash receipt (54-FZ)."""
        return ""

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:  # noqa: ARG002 (nothing is listed)
        """None: statements say what came, see services/statements.py."""
        nothing: tuple[Paid | Refunded, ...] = ()
        for movement in nothing:
            yield movement

    async def check(self) -> Health:
        return Health(well=True, test=False, remark="told by statements")

    async def close(self) -> None:
        return None
