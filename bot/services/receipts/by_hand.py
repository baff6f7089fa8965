"""Fiscal receipts (54-FZ) that no provider makes: for bank transfers of private persons."""

from __future__ import annotations

from bot.domain.invoicing import BANK
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.requisites import PartyKind
from bot.services.payment_facts import facts_of
from bot.services.receipts.offsets import CURRENCY
from bot.storage.tx import Tx

BY_HAND = "by_hand"
"""Whom money came by that an operator took outside: in cash, say. Its receipt he makes for everybody."""


def owe_by_hand(tx: Tx, payment: Payment, amount: Money) -> None:
    """Firms among themselves owe none without cash; for a private person's transfer a person makes it."""
    if payment.provider not in (BANK, BY_HAND) or amount.currency != CURRENCY:
        return
    payer = tx.payers.get(payment.payer_id)
    if payer is None or (payment.provider == BANK and payer.kind != PartyKind.PERSON):
        return
    facts = facts_of(payment, amount)
    card = tx.cards.add("receipt_by_hand", f"payment:{payment.id}", facts)
    tx.outbox.to_operators("receipt_by_hand", card=card, **facts)
