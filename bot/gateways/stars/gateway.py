"""Stars as a gateway: an invoice in the chat, updates instead of callbacks, and a list to ask after them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from bot.domain.errors import BadCallback, ProviderError, ProviderRefused
from bot.domain.events import Callback, Event, Hint, Paid, Proof, Refunded, Refused, Unfinished
from bot.domain.money import STARS, Money
from bot.domain.periods import now
from bot.domain.refusals import Refusal
from bot.gateways import base
from bot.gateways.invoices import LIVES, invoice
from bot.gateways.stars.api import Api, Raw, Said, moved_at
from bot.gateways.stars.settings import StarsSettings

NAME = "stars"
CLOCKS_DIFFER = timedelta(minutes=10)
PAYING_TAKES = timedelta(hours=1)
"""A pre-checkout that was answered in time may still end in a payment that long."""

ALREADY_BACK = "CHARGE_ALREADY_REFUNDED"


class Stars:
    """A bot's own Stars. They come by updates of Telegram, so no callback is ever genuine here."""

    name = NAME
    lists_movements = True
    can_be_asked = True
    replay_window = timedelta(days=365)
    """Stars go back once: Telegram answers a second refund with CHARGE_ALREADY_REFUNDED."""

    def __init__(
        self, settings: StarsSettings, access: base.BotAccess, on_call: base.OnCall = lambda *_: None
    ) -> None:
        self.methods = settings.offered()
        self._api = Api(access, on_call)

    async def create_link(self, request: base.LinkRequest) -> base.Link:
        return invoice(request)

    async def read_callback(self, callback: Callback) -> Event | Hint:
        raise BadCallback(f"{len(callback.body)} bytes: Stars come by Telegram's updates alone")

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        raise BadCallback(f"a hint of {hint.provider}: Stars come by Telegram's updates alone")

    async def ask(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        """By our reference alone: a charge has no id before it is paid."""
        begun = since or now() - LIVES
        async for moved in self.movements_since(begun - CLOCKS_DIFFER):
            if isinstance(moved, Paid) and moved.reference == reference:
                return moved
        if now() - begun < LIVES + PAYING_TAKES:
            return Unfinished(NAME, reference, provider_payment)
        return Refused(NAME, reference, Refusal.LINK_EXPIRED, provider_payment, "never_created")

    async def refund(self, request: base.RefundCall) -> base.RefundAnswer:
        """All of a payment or nothing: a request for a part, which bears items, is refused here."""
        if request.items:
            return base.RefundRefused(request.reference, "only_whole_payments")
        try:
            await self._api.refund(request.customer_id, request.provider_payment)
        except Said as refusal:
            if ALREADY_BACK not in refusal.why:
                return base.RefundRefused(request.reference, refusal.why)
        return _sent_back(request, now())

    async def ask_refund(self, request: base.RefundCall) -> base.RefundAnswer | None:
        """Looked for from the beginning: the request does not say when the payment was."""
        async for raw in self._api.transactions(0):
            if "receiver" in raw and raw.get("id") == request.provider_payment:
                return _sent_back(request, _moment(raw))
        return None

    async def offset_receipt(self, request: base.OffsetRequest) -> str:
        raise ProviderRefused(f"{request.amount}: Stars make no receipts")

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:
        references: dict[str, str] = {}
        async for raw in self._api.transactions(int(moment.timestamp())):
            paid = _paid(raw)
            if paid is not None:
                references[paid.movement] = paid.reference
                yield paid
            refunded = _refunded(raw, references)
            if refunded is not None:
                yield refunded

    async def check(self) -> base.Health:
        try:
            balance = await self._api.balance()
        except ProviderError as trouble:
            return base.Health(well=False, test=False, remark=f"Stars: {trouble}")
        return base.Health(well=True, test=False, remark=f"Stars: the bot has {balance}")

    async def close(self) -> None:
        await self._api.close()


def _paid(raw: Raw) -> Paid | None:
    """Stars that somebody paid an invoice with; gifts, withdrawals and advertisements are none of ours."""
    partner, amount, charge = raw.get("source"), _amount(raw), raw.get("id")
    if not isinstance(partner, dict) or partner.get("type") != "user" or not isinstance(charge, str):
        return None
    if amount is None or partner.get("transaction_type", "invoice_payment") != "invoice_payment":
        return None
    reference = str(partner.get("invoice_payload") or "")[:128]
    proof = Proof(method=NAME)
    return Paid(NAME, charge, reference, amount, charge, proof, happened_at=_moment(raw))


def _refunded(raw: Raw, references: dict[str, str]) -> Refunded | None:
    """Stars that went back to somebody, known by the id of the charge that brought them."""
    partner, amount, charge = raw.get("receiver"), _amount(raw), raw.get("id")
    if not isinstance(partner, dict) or partner.get("type") != "user" or not isinstance(charge, str):
        return None
    if amount is None:
        return None
    reference = str(partner.get("invoice_payload") or references.get(charge, ""))[:128]
    moment = _moment(raw)
    return Refunded(NAME, charge, charge, amount, reference=reference, happened_at=moment, marked=False)


def _sent_back(request: base.RefundCall, at: datetime | None) -> Refunded:
    charge = request.provider_payment
    return Refunded(NAME, charge, charge, request.amount, request.reference, happened_at=at)


def _amount(raw: Raw) -> Money | None:
    amount = raw.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        return None
    return Money(amount, STARS)


def _moment(raw: Raw) -> datetime | None:
    written = moved_at(raw)
    return datetime.fromtimestamp(written, UTC) if 0 < written < 2**33 else None
