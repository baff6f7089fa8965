"""The button "terminal or wallet". There is nobody to call: the payer takes his code there, they call us."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Event, Hint, Paid, Refunded, Unfinished
from bot.gateways.base import Health, Link, LinkRequest, OffsetRequest, RefundRefused, RefundRequest
from bot.gateways.terminals.settings import METHOD, TerminalSettings, offered


class Terminals:
    """All networks together, who give the button; or the one by whose name its money is booked."""

    replay_window = timedelta(0)

    def __init__(self, blocks: Mapping[str, TerminalSettings], name: str = METHOD) -> None:
        self.name = name
        self.methods = offered(blocks) if name == METHOD else ()
        self._blocks = blocks

    async def create_link(self, request: LinkRequest) -> Link:  # noqa: ARG002 (there is no page)
        return Link("", "", None)

    async def read_callback(self, callback: Callback) -> Event | Hint:  # noqa: ARG002 (none comes here)
        raise BadCallback("networks call /terminal")

    async def ask(self, provider_payment: str, reference: str, since: datetime | None = None) -> Unfinished:  # noqa: ARG002 (nobody is asked)
        """The protocol has no question for us to put: money is told of by the network alone."""
        return Unfinished(self.name, reference, provider_payment)

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        raise BadCallback(f"nobody hints for {hint.provider}")

    async def refund(self, request: RefundRequest) -> RefundRefused:
        """A wrong payment is settled with the network by letters."""
        return RefundRefused(request.reference, "by_contract")

    async def ask_refund(self, request: RefundRequest) -> RefundRefused:
        return RefundRefused(request.reference, "by_contract")

    async def offset_receipt(self, request: OffsetRequest) -> str:  # noqa: ARG002 (we issue none)
        """Receipts for money taken at a terminal are the network's, who is the seller's paying agent."""
        return ""

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:  # noqa: ARG002 (nothing is listed)
        """None: the daily register says what came, see services/registers.py."""
        nothing: tuple[Paid | Refunded, ...] = ()
        for movement in nothing:
            yield movement

    async def check(self) -> Health:
        networks = ", ".join(f"{name} ({block.currency})" for name, block in self._blocks.items())
        return Health(well=True, test=False, remark=f"waiting for {networks}")

    async def close(self) -> None:
        return
