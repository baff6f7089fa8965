"""Payments that nobody began in the chat: money comes by a payment code, a statement or somebody's word."""

from __future__ import annotations

from bot.domain.customers import Payer
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.references import fingerprint, new_reference
from bot.domain.states import Purpose
from bot.storage.tx import Tx


def write_untapped(
    tx: Tx, payer: Payer, reference: str, *, method: str, provider: str, amount: Money, order_id: int | None
) -> Payment:
    """Write down money that came, or is promised, without a tap before it; its link is nobody's."""
    payment_id = tx.payments.add(
        reference=reference,
        customer_id=payer.customer_id,
        payer_id=payer.id,
        order_id=order_id,
        purpose=Purpose.ORDER if order_id else Purpose.TOP_UP,
        method=method,
        provider=provider,
        amount=amount,
        link_reference="",
        link_fingerprint=fingerprint(new_reference()),
        next_ask_at=None,
    )
    payment = tx.payments.get(payment_id)
    assert payment is not None
    return payment
