"""Putting money on its way back, in the unit that decides it; the call is made after the commit."""

from __future__ import annotations

from bot.domain.errors import CustomerError
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Attempt, Payment
from bot.domain.references import new_reference
from bot.domain.states import AttemptKind, TransferReason
from bot.services.refund import ends as refund_ends
from bot.services.returns import take_out, unsettle
from bot.storage.ledger import Because, refunding
from bot.storage.tx import Tx


def begin(tx: Tx, payment: Payment, amount: Money, reason: str) -> int:
    """Take it out of the order and off the balance, and write the attempt that will send it; its id."""
    attempt_id = tx.attempts.add(
        reference=new_reference(),
        kind=AttemptKind.REFUND,
        payment_id=payment.id,
        order_id=None,
        amount=amount,
        reason=reason,
    )
    if not unsettle(tx, payment, amount, attempt_id=attempt_id):
        raise CustomerError("refund_too_large")
    tx.ledger.open(refunding(payment.provider), amount.currency)
    tx.ledger.debit(
        payment.payer_id,
        amount,
        taker=refunding(payment.provider),
        reason=TransferReason.REFUNDING,
        because=Because(None, payment.id, payment.order_id, attempt_id),
    )
    return attempt_id


def fail(tx: Tx, attempt: Attempt, payment: Payment, code: str) -> bool:
    """It will not arrive: its money is the payer's again. False where its end was known before."""
    if not tx.attempts.known(attempt.id, outcome=code):
        return False
    tx.ledger.credit(
        payment.payer_id,
        attempt.amount,
        giver=refunding(payment.provider),
        reason=TransferReason.REFUND_FAILED,
        because=Because(None, payment.id, payment.order_id, attempt.id),
    )
    refund_ends.failed(tx, attempt, code)
    return True


def give_back(tx: Tx, order: Order, amount: Money) -> bool:
    """Let the order return that much to its payer's balance; False where it has taken less."""
    taken = tx.ledger.settled_for(order.id, amount.currency)
    if not zero(amount.currency) < amount <= taken:
        return False
    take_out(tx, order, amount, whole=amount == taken)
    return True
