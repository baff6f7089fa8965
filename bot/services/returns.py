"""Money on its way back: first out of the order that it was used for."""

from __future__ import annotations

from bot.domain.money import Money, zero
from bot.domain.payments import Payment
from bot.domain.states import OrderState, TransferReason
from bot.storage.ledger import REVENUE, Because
from bot.storage.tx import Tx


def unsettle(tx: Tx, payment: Payment, amount: Money, *, attempt_id: int | None = None) -> bool:
    """Bring back to the balance what a refund needs; False when order and balance together have too little.

    What the order's payments left over goes first, then what the order took; money that was brought for
    something else only when that is not enough.
    """
    nothing = zero(amount.currency)
    balance = max(tx.ledger.balance(payment.payer_id, amount.currency), nothing)
    order = tx.orders.lock(payment.order_id) if payment.order_id else None
    if order is None:
        return balance >= amount
    taken = tx.ledger.settled_for(order.id, amount.currency)
    over = min(balance, max(tx.ledger.brought_for(order.id, amount.currency) - taken, nothing))
    needed = min(max(amount - over, nothing), taken)
    if balance + needed < amount:
        return False
    if not needed:
        return True
    tx.ledger.credit(
        payment.payer_id,
        needed,
        giver=REVENUE,
        reason=TransferReason.UNSETTLED,
        because=Because(order_id=order.id, attempt_id=attempt_id),
    )
    if needed == taken:
        tx.orders.move(order.id, to=OrderState.REFUNDED, only_from=order.state)
    return True
