"""Keeping the card that a payment saved, in the unit that books the payment."""

from __future__ import annotations

from bot.domain.events import Paid
from bot.domain.payments import Payment
from bot.domain.personal_data import is_nobody
from bot.storage.tx import Tx


def keep_card(tx: Tx, payment: Payment, event: Paid | None) -> int | None:
    """The card's id, where the customer wished it kept and the provider says that it is; else None."""
    if event is None or event.card_on_file is None or not payment.saves_card:
        return None
    if not event.card_on_file.token or event.provider != payment.provider:
        return None
    if is_nobody(payment.customer_id) or tx.erasures.waiting_of(payment.customer_id) is not None:
        return None  # whoever wishes to be forgotten, or is, has no card any more
    if tx.saved_cards.is_anothers(event.provider, event.card_on_file.token, payment.customer_id):
        return None  # nobody is to use, or to unlink, what stands in somebody else's list
    card_id = tx.saved_cards.add(
        payment.customer_id,
        event.card_on_file,
        provider=event.provider,
        method=payment.method,
        remembered=payment.remembers,
        payment_id=payment.id,
    )
    tx.payments.kept_card(payment.id, card_id)
    return card_id
