"""The payment behind a charge: the one of the call before while that may be sent again, else a new one."""

from __future__ import annotations

from bot.domain import periods
from bot.domain.autopays import Autopay
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import SavedCard
from bot.domain.states import OPEN_PAYMENTS, Purpose
from bot.services.accounts import open_accounts
from bot.services.methods import Methods
from bot.services.pay_links import PayLinks
from bot.storage.tx import Tx


class AutopayPayments:
    """Equal references are one charge to a provider that proves it, so that a call may be made again."""

    def __init__(self, methods: Methods, links: PayLinks) -> None:
        self._methods = methods
        self._links = links

    def find_or_write(
        self, tx: Tx, autopay: Autopay, card: SavedCard, order: Order | None, amount: Money
    ) -> Payment:
        """The same while the provider proves that equal references are one charge, else a new one.

        Whoever marks its call as sent says when it is asked after.
        """
        found = self._sendable_again(tx, autopay, card, order, amount)
        if found is not None:
            return found
        if order is not None and (other := tx.payments.open_for(order.id, card.method)) is not None:
            tx.payments.give_way(other.id)
        return self._write(tx, autopay, card, order, amount)

    def _sendable_again(
        self, tx: Tx, autopay: Autopay, card: SavedCard, order: Order | None, amount: Money
    ) -> Payment | None:
        """The open one of this cycle; what is open and differs, or is too old, is given up."""
        window = self._methods.gateways[card.provider].replay_window
        wanted = (amount, card.id, order.id if order else None)
        for call in reversed(tx.attempts.charges_in(autopay.id, autopay.cycle)):
            before = tx.payments.get(call.payment_id)
            if before is None or before.state not in OPEN_PAYMENTS:
                continue
            is_same = (before.amount, before.card_id, before.order_id) == wanted
            if is_same and periods.now() - before.created_at < window:
                return before
            tx.payments.refuse(before.id, Refusal.LINK_EXPIRED)
        return None

    def _write(
        self, tx: Tx, autopay: Autopay, card: SavedCard, order: Order | None, amount: Money
    ) -> Payment:
        open_accounts(tx, autopay.payer_id, card.provider, amount.currency)
        reference = new_reference()
        payment_id = tx.payments.add(
            reference=reference,
            customer_id=autopay.customer_id,
            payer_id=autopay.payer_id,
            order_id=order.id if order else None,
            purpose=Purpose.ORDER if order else Purpose.TOP_UP,
            method=card.method,
            provider=card.provider,
            amount=amount,
            link_reference=reference,
            link_fingerprint=self._links.fingerprint(reference),
            next_ask_at=None,
            card_id=card.id,
            autopay_id=autopay.id,
        )
        payment = tx.payments.get(payment_id)
        assert payment is not None
        return payment
