"""A provider that lives in memory: signed callbacks, bad days on demand. For tests and benchmarks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Callback, Event, EventKind, Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.gateways import base
from bot.gateways.base import signatures_match
from tests.gateways.fake_wire import RECEIPT, event_of, fields_of, hint_of, signature, written


class Day(StrEnum):
    """What kind of day the provider has."""

    GOOD = "good"
    DOWN = "down"  # nothing happens, and that is known
    SILENT = "silent"  # nothing happens, and nobody knows
    LOST = "lost"  # it acts, and the answer is lost
    REFUSES = "refuses"


@dataclass
class Sale:
    """A payment as the provider keeps it."""

    id: str
    reference: str
    amount: Money
    told: Paid | Refused | None = None
    refunds: dict[str, Refunded] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """What a provider holds of it: what it took less what it gave back."""
        back = sum(refund.amount.minor for refund in self.refunds.values())
        return self.told.amount.minor - back if isinstance(self.told, Paid) else 0


class FakeGateway:
    """`day` decides how calls end, `delay` (seconds) how long they take, `refunds_end` how refunds do.

    `pay`, `refuse`, `refund_by_hand` and `foreign` are the payer's and the cabinet's strings: each returns
    the callback that the provider would send. Deliver it as often and in any order you like.
    """

    replay_window = timedelta(hours=23)
    lists_movements = True
    can_be_asked = True

    def __init__(
        self,
        name: str = "fake",
        *,
        asks_back: bool = False,
        currencies: tuple[str, ...] = ("RUB", "BYN", "KGS"),
        schemes: tuple[str, ...] = ("mir", "visa", "mastercard"),
        secret: str = "sandbox",
        on_call: base.OnCall = lambda *_: None,
    ) -> None:
        self.name = name
        self.methods: tuple[base.Method, ...] = (base.Method(name, name, currencies, schemes),)
        self.asks_back = asks_back
        self.day = Day.GOOD
        self.delay = 0.0
        self.refunds_end = "succeeded"
        self.link_lives = timedelta(minutes=58)
        self.sales: dict[str, Sale] = {}
        self.calls: list[str] = []
        self.offsets: list[base.OffsetRequest] = []
        self.links_asked: list[base.LinkRequest] = []
        self._secret = secret.encode()
        self._on_call = on_call

    async def create_link(self, request: base.LinkRequest) -> base.Link:
        sale = Sale(self._payment(request.reference), request.reference, request.amount)
        self.links_asked.append(request)
        await self._called("create_link", acts=lambda: self.sales.setdefault(sale.id, sale))
        return base.Link(f"https://bank.example/{sale.id}", sale.id, now() + self.link_lives)

    async def read_callback(self, callback: Callback) -> Event | Hint:
        fields = fields_of(callback)
        if self.asks_back:
            return hint_of(self.name, fields)
        claimed = callback.headers.get("x-signature", "")
        if not signatures_match(claimed, signature(self._secret, callback.body)):
            raise BadCallback("wrong signature")
        return event_of(self.name, fields)

    async def ask(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        await self._called("ask")
        sale = self.sales.get(provider_payment or self._payment(reference))
        if sale is None and provider_payment:
            raise ProviderRefused("not_found")
        if sale is None:
            return Refused(self.name, reference, Refusal.LINK_EXPIRED, code="never_created")
        return sale.told or Unfinished(self.name, sale.reference, sale.id)

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        await self._called("ask_hint")
        sale = self.sales.get(hint.provider_payment)
        if sale is None:
            raise BadCallback("nobody knows this payment")
        if hint.kind is not EventKind.REFUNDED:
            return sale.told or Unfinished(self.name, sale.reference, sale.id)
        for refund in sale.refunds.values():
            if refund.movement == hint.movement:
                return refund
        raise BadCallback("nobody knows this refund")

    async def refund(self, request: base.RefundCall) -> base.RefundAnswer:
        """More than a payment holds no provider sends back."""
        sale = self.sales[request.provider_payment]
        if request.reference not in sale.refunds and request.amount.minor > sale.held:
            await self._called("refund", acts=lambda: None)
            return base.RefundRefused(request.reference, "amount_too_large")
        await self._called(
            "refund",
            acts=lambda: self._sent_back(request.provider_payment, request.amount, request.reference),
        )
        return self._answer(request)

    async def ask_refund(self, request: base.RefundCall) -> base.RefundAnswer | None:
        await self._called("ask_refund")
        known = request.reference in self.sales[request.provider_payment].refunds
        return self._answer(request) if known else None

    async def offset_receipt(self, request: base.OffsetRequest) -> str:
        await self._called("offset_receipt", acts=lambda: self.offsets.append(request))
        return f"receipt-{request.reference}"

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:
        await self._called("movements_since")
        for sale in list(self.sales.values()):
            for told in (sale.told, *sale.refunds.values()):
                if isinstance(told, Paid | Refunded) and (told.happened_at or moment) >= moment:
                    yield told

    async def check(self) -> base.Health:
        return base.Health(well=self.day is not Day.DOWN, test=False, remark=f"{self.name}: a fake")

    async def close(self) -> None:
        return

    def pay(
        self, reference: str, amount: Money | None = None, *, movement: str = "", test: bool = False
    ) -> Callback:
        """The payer pays; another `amount` or `movement` than asked for, or a `test`, is a provider's fault.

        A sale that this provider has not heard of is begun with it, if `amount` says how much.
        """
        payment = self._payment(reference)
        if payment not in self.sales:
            assert amount is not None, "nobody asked for this payment: say how much"
            self.sales[payment] = Sale(payment, reference, amount)
        sale = self.sales[payment]
        sale.told = self._paid(sale, sale.amount if amount is None else amount, movement, test)
        return self.callback(sale.told)

    def refuse(self, reference: str, reason: Refusal = Refusal.NO_FUNDS) -> Callback:
        """The payer's bank says no, or the link runs out."""
        sale = self.sales[self._payment(reference)]
        sale.told = Refused(self.name, reference, reason, sale.id, code=reason.value)
        return self.callback(sale.told)

    def refund_by_hand(self, reference: str, amount: Money) -> Callback:
        """Somebody refunds in the provider's cabinet: no attempt of ours."""
        return self.callback(self._sent_back(self._payment(reference), amount, ""))

    def foreign(self, amount: Money) -> Callback:
        """Another sale of the seller through the same shop: it does not bear our mark."""
        sale = Sale(self._payment(new_reference()), "", amount)
        self.sales[sale.id] = sale
        sale.told = self._paid(sale, amount)
        return self.callback(sale.told)

    def callback(self, event: Event, *, shop: str = "shop") -> Callback:
        """What the provider sends about an event, signed where it signs."""
        body = written(event, shop)
        return Callback(body, {} if self.asks_back else {"x-signature": signature(self._secret, body)})

    def _paid(self, sale: Sale, amount: Money, movement: str = "", test: bool = False) -> Paid:
        return Paid(
            self.name, movement or sale.id, sale.reference, amount, sale.id, RECEIPT, test, happened_at=now()
        )

    def _payment(self, reference: str) -> str:
        return f"{self.name}-{reference}"

    def _sent_back(self, payment: str, amount: Money, attempt: str) -> Refunded:
        sale, key = self.sales[payment], attempt or new_reference()
        made = Refunded(self.name, f"back-{key}", payment, amount, attempt, sale.reference, happened_at=now())
        return sale.refunds.setdefault(key, made)

    def _answer(self, request: base.RefundCall) -> base.RefundAnswer:
        made = self.sales[request.provider_payment].refunds[request.reference]
        if self.refunds_end == "refused":
            return base.RefundRefused(request.reference, "insufficient_funds")
        if self.refunds_end == "unfinished":
            return base.RefundUnfinished(request.reference, made.movement)
        return made

    async def _called(self, call: str, acts: Callable[[], object] | None = None) -> None:
        """Have the kind of day it is; a question on a day without answers is only unavailable."""
        self.calls.append(call)
        if self.delay:
            await asyncio.sleep(self.delay)
        if acts is not None and self.day in (Day.GOOD, Day.LOST):
            acts()
        outcome, trouble = self._trouble(asking=acts is None)
        self._on_call(self.name, outcome, self.delay)
        if trouble is not None:
            raise trouble

    def _trouble(self, *, asking: bool) -> tuple[str, Exception | None]:
        if self.day is Day.GOOD:
            return "ok", None
        if self.day is Day.REFUSES:
            return "refused", ProviderRefused("a bad day")
        if self.day is Day.DOWN or asking:
            return "unavailable", ProviderUnavailable("a bad day")
        return "unknown", OutcomeUnknown("a bad day")
