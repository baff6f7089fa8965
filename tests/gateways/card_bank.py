"""A provider that keeps cards and charges them: each card's next charges end as the test says."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import OutcomeUnknown, ProviderError, ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid, Refused, Unfinished
from bot.domain.periods import now
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways import base
from tests.gateways.fake import FakeGateway, Sale

CANNOT_COME = timedelta(minutes=10)


class Ending(StrEnum):
    """How one charge ends."""

    PAID = "paid"
    NO_FUNDS = "no_funds"
    BLOCKED = "blocked"
    REVOKED = "revoked"
    LATER_PAID = "later_paid"  # accepted; paid when it is asked after
    SILENT_PAID = "silent_paid"  # it acts, and the answer is lost
    SILENT_NOT = "silent_not"  # nothing happens, and nobody knows
    DOWN = "down"  # nothing happens, and that is known
    BUSY = "busy"  # 429: nothing happens, and the provider asks to wait
    REFUSES_US = "refuses_us"


_REFUSALS = {
    Ending.NO_FUNDS: Refusal.NO_FUNDS,
    Ending.BLOCKED: Refusal.CARD_BLOCKED,
    Ending.REVOKED: Refusal.CARD_REMOVED,
}

_WITHOUT_ACTING: dict[Ending, Callable[[], ProviderError]] = {
    Ending.DOWN: lambda: ProviderUnavailable("a bad day"),
    Ending.BUSY: lambda: ProviderUnavailable("too many", retry_after=30.0),
    Ending.REFUSES_US: lambda: ProviderRefused("no right to charge"),
    Ending.SILENT_NOT: lambda: OutcomeUnknown("a bad day"),
}


class CardBank(FakeGateway):
    """`endings[token]` are the ends of the card's next charges, then all are paid."""

    charges_per_second = 1000.0

    def __init__(self, name: str = "fake") -> None:
        super().__init__(name)
        first = self.methods[0]
        self.methods = (
            base.Method(first.name, first.provider, first.currencies, first.schemes, saves_cards=True),
        )
        self.endings: dict[str, deque[Ending]] = {}
        self.charges: list[base.ChargeRequest] = []
        self.unlinked: list[str] = []
        self.charged_at: dict[str, datetime] = {}

    def saved(
        self, reference: str, token: str, *, last4: str = "7173", expires_on: date | None = None
    ) -> Paid:
        """The payer pays on the page, and the card is saved."""
        self.pay(reference)
        sale = self.sales[self._payment(reference)]
        paid = sale.told
        assert isinstance(paid, Paid)
        card = CardOnFile(token, token, f"•••• {last4}", expires_on)
        told = Paid(
            paid.provider,
            paid.movement,
            paid.reference,
            paid.amount,
            paid.provider_payment,
            paid.proof,
            happened_at=paid.happened_at,
            card_on_file=card,
        )
        sale.told = told
        return told

    def will(self, token: str, *endings: Ending) -> None:
        self.endings.setdefault(token, deque()).extend(endings)

    async def charge(self, request: base.ChargeRequest) -> Paid | Refused | Unfinished:
        self.charges.append(request)
        known = self.sales.get(self._payment(request.reference))
        if known is not None:
            return known.told or Unfinished(self.name, request.reference, known.id)
        queue = self.endings.get(request.token)
        ending = queue.popleft() if queue else Ending.PAID
        if ending in _WITHOUT_ACTING:
            raise _WITHOUT_ACTING[ending]()
        return self._act(request, ending)

    def _act(self, request: base.ChargeRequest, ending: Ending) -> Paid | Refused | Unfinished:
        sale = Sale(self._payment(request.reference), request.reference, request.amount)
        self.sales[sale.id] = sale
        self.charged_at[request.reference] = now()
        if ending in _REFUSALS:
            reason = _REFUSALS[ending]
            sale.told = Refused(self.name, request.reference, reason, sale.id, code=reason.value)
            return sale.told
        sale.told = self._paid(sale, sale.amount)
        if ending is Ending.LATER_PAID:
            return Unfinished(self.name, request.reference, sale.id)
        if ending is Ending.SILENT_PAID:
            raise OutcomeUnknown("the answer is lost")
        return sale.told

    async def ask_charge(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        sale = self.sales.get(provider_payment or self._payment(reference))
        if sale is not None:
            return sale.told or Unfinished(self.name, reference, sale.id)
        if since is not None and now() - since < CANNOT_COME:
            return Unfinished(self.name, reference)
        return Refused(self.name, reference, Refusal.LINK_EXPIRED, code=NEVER_CREATED)

    async def unlink(self, token: str) -> None:
        self.unlinked.append(token)
