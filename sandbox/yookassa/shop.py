"""The shop's books at the provider: what may happen to a payment, and who is told of it."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from sandbox.cards import KeptCards
from sandbox.clock import Clock
from sandbox.yookassa.cards import Card, who_refused
from sandbox.yookassa.errors import Refused, invalid
from sandbox.yookassa.memory import SavedMethods
from sandbox.yookassa.payments import HOLD, OffsetReceipt, Payment, Refund
from sandbox.yookassa.saving import REASONS, SavedMethod
from sandbox.yookassa.settings import ShopSettings

Announce = Callable[[str, Payment | Refund], None]


class Shop:
    def __init__(self, settings: ShopSettings, clock: Clock, memory: Path | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.announce: Announce = lambda _event, _subject: None
        self._payments: dict[str, Payment] = {}
        self._refunds: dict[str, Refund] = {}
        self.receipts: list[OffsetReceipt] = []
        self.cards = KeptCards()
        self._saved = SavedMethods(self.cards, memory)

    def add(self, payment: Payment) -> Payment:
        self._payments[payment.id] = payment
        return payment

    def payments(self) -> Iterable[Payment]:
        """Newest first."""
        return reversed(self._payments.values())

    def refunds(self) -> Iterable[Refund]:
        return reversed(self._refunds.values())

    def payment(self, payment_id: str) -> Payment:
        if payment_id not in self._payments:
            raise Refused(404, "Payment doesn't exist or access denied", "payment_id")
        return self._payments[payment_id]

    def refund(self, refund_id: str) -> Refund:
        if refund_id not in self._refunds:
            raise Refused(404, "Refund doesn't exist or access denied", "refund_id")
        return self._refunds[refund_id]

    def pay(self, payment: Payment, method: str, card: Card | None = None) -> None:
        """The payer's bank answers; what is no longer pending stays as it is."""
        if payment.status != "pending":
            return
        payment.method, payment.paid_with, payment.waiting_for_code = method, card, None
        dead = payment.saved and payment.saved.kept.refusal_at_page(self.clock.now().date())
        if dead:
            self.die(payment, *REASONS[dead])
        elif card and card.refusal:
            self.die(payment, who_refused(card.refusal), card.refusal)
        elif payment.capture:
            self._succeed(payment)
        else:
            payment.status = "waiting_for_capture"
            payment.expires_at = self.clock.now() + HOLD
            self.announce("payment.waiting_for_capture", payment)

    def saved_method(self, token: object) -> SavedMethod:
        saved = self._saved.find(token)
        if saved is None:
            raise invalid("payment_method_id", "Payment method doesn't exist or access denied")
        return saved

    def close(self) -> None:
        """How the cards behave may have changed since they were saved."""
        self._saved.write()

    def capture(self, payment: Payment, amount: int | None) -> None:
        if payment.status != "waiting_for_capture":
            raise invalid("payment_id", f"Payment is {payment.status}, only a held one can be captured")
        if amount is not None and amount > payment.amount:
            raise invalid("amount", "More than was held")
        payment.amount = amount or payment.amount
        self._succeed(payment)

    def cancel(self, payment: Payment) -> None:
        if payment.status != "waiting_for_capture":
            raise invalid("payment_id", f"Payment is {payment.status}, only a held one can be canceled")
        self.die(payment, "merchant", "canceled_by_merchant")

    def die(self, payment: Payment, party: str, reason: str) -> None:
        payment.status, payment.cancellation = "canceled", (party, reason)
        self.announce("payment.canceled", payment)

    def expire(self, payment: Payment) -> None:
        held = payment.status == "waiting_for_capture"
        self.die(payment, "yoo_money", "expired_on_capture" if held else "expired_on_confirmation")

    def add_refund(self, refund: Refund) -> Refund:
        """Keep it and tell of it; it must fit into what is left of the payment."""
        payment = refund.payment
        if payment.status != "succeeded":
            raise invalid("payment_id", f"Payment is {payment.status}, only a succeeded one can be refunded")
        taken = sum(
            r.amount for r in self._refunds.values() if r.payment is payment and r.status != "canceled"
        )
        if refund.amount > payment.amount - taken:
            raise invalid("amount", "More than is left of the payment")
        self._refunds[refund.id] = refund
        if refund.status != "pending":
            self.settle_refund(refund, refund.status)
        return refund

    def add_receipt(self, receipt: OffsetReceipt) -> OffsetReceipt:
        self.receipts.append(receipt)
        return receipt

    def settle_refund(self, refund: Refund, status: str) -> None:
        """Give a refund its end; only a success is announced, as at the provider."""
        refund.status = status
        if status == "canceled":
            refund.reason = "insufficient_funds"
        else:
            refund.payment.refunded += refund.amount
            self.announce("refund.succeeded", refund)

    def sweep(self) -> None:
        """End what ran out of time."""
        now = self.clock.now()
        for payment in list(self._payments.values()):
            if payment.due and payment.due <= now:
                self.expire(payment)

    async def sweep_for_ever(self) -> None:
        while True:
            self.sweep()
            await asyncio.sleep(1)

    def _succeed(self, payment: Payment) -> None:
        payment.status, payment.captured_at = "succeeded", self.clock.now()
        if payment.saves:
            number = payment.paid_with.number if payment.paid_with else ""
            self._saved.keep(payment.method_id, payment.method or "", number, payment.behaviour)
            self._saved.write()
        self.announce("payment.succeeded", payment)
