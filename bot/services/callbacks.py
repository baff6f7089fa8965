"""A provider's request: proven, or asked back, then settled; only after the commit comes the answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.domain.errors import BadCallback, ProviderError
from bot.domain.events import Callback, Event, EventKind, Hint, Identity, Refused, Unfinished
from bot.domain.payments import Payment
from bot.domain.references import fingerprint
from bot.domain.states import PaymentState
from bot.gateways.base import Gateway
from bot.services.inquiries import InquiryService
from bot.services.settlement import Outcome, SettlementService
from bot.services.vault import Vault
from bot.services.webhooks import packed
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the provider is told, and the word it is counted under."""

    status: int
    body: str
    result: str


@dataclass(frozen=True, slots=True)
class _Standing:
    known: bool
    payment: Payment | None


class CallbackService:
    """2xx once booked, 403 if forged, 5xx for any trouble of ours, so that the provider tries again."""

    def __init__(
        self,
        database: Database,
        gateways: Mapping[str, Gateway],
        settlement: SettlementService,
        inquiries: InquiryService,
        vault: Vault,
    ) -> None:
        self.database = database
        self._gateways = gateways
        self._settlement = settlement
        self._inquiries = inquiries
        self._vault = vault
        self._warned_at = float("-inf")

    async def receive(self, provider: str, callback: Callback) -> Reply:
        """Take one callback to its end; the same callback again gets the same answer and has no effect."""
        gateway = self._gateways.get(provider)
        if gateway is None:
            return Reply(404, "", "unknown_provider")
        try:
            told = await gateway.read_callback(callback)
            if isinstance(told, Hint):
                return await self._hinted(told, callback)
            return await self._believed(told, callback)
        except BadCallback as forgery:
            self._warn("callback.not_believed", provider, str(forgery))
            return Reply(403, "", "forged")
        except ProviderError as trouble:
            self._warn("callback.not_asked_back", provider, str(trouble))
            return Reply(503, "", "trouble")

    def _warn(self, event: str, provider: str, why: str) -> None:
        """At most one line a second: a flood of forgeries must not flood the log. Metrics count all."""
        if time.monotonic() - self._warned_at >= 1:
            self._warned_at = time.monotonic()
            log.warning(event, provider=provider, why=why)

    async def _hinted(self, hint: Hint, callback: Callback) -> Reply:
        if not hint.final:
            return Reply(200, hint.ack, "not_final")
        standing = await self._standing(hint)
        if standing.known:
            return Reply(200, hint.ack, Outcome.REPEATED)
        told = await self._inquiries.ask_hint(hint, standing.payment)
        if isinstance(told, Unfinished):
            return Reply(200, told.ack, "not_final")
        return await self._believed(told, callback)

    async def _believed(self, event: Event, callback: Callback) -> Reply:
        outcome = await self._settle(
            event, self._vault.seal(callback.body or callback.query.encode()), callback
        )
        log.info("callback.settled", provider=event.provider, outcome=outcome.value)
        return Reply(200, event.ack, outcome)

    @transaction
    def _settle(self, tx: Tx, event: Event, raw: bytes, callback: Callback) -> Outcome:
        """Book it; what is none of ours is handed on after the commit to whoever of the seller wants it."""
        outcome = self._settlement.book(tx, event, raw)
        if outcome is Outcome.FOREIGN and tx.webhooks.is_forwarded(event.provider):
            packet = packed(callback.body, callback.headers.get("content-type", ""), callback.query)
            tx.webhooks.forward(event.provider, _name_of(event), self._vault.seal(packet))
        return outcome

    @reading
    def _standing(self, tx: Tx, hint: Hint) -> _Standing:
        """Is what it speaks of known and final? Then nobody needs to be asked."""
        if hint.kind is not None:
            identity = Identity(hint.provider, EventKind(hint.kind), hint.movement)
            if tx.events.known(identity) is not None:
                return _Standing(known=True, payment=None)
        payment = tx.payments.by_provider(hint.provider, hint.provider_payment)
        final = payment is not None and payment.state in (PaymentState.REFUSED, PaymentState.SUCCEEDED)
        return _Standing(known=final and hint.kind is None, payment=payment)


def _name_of(event: Event) -> str:
    """The same for every callback about one movement of money, so that it is forwarded once."""
    what = (
        ("refused", event.provider_payment)
        if isinstance(event, Refused)
        else (event.identity.kind.value, event.identity.movement)
    )
    return fingerprint(":".join((event.provider, *what)))[:40]
