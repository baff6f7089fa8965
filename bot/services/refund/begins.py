"""Beginning a refund that was agreed to: its money leaves the order, in the unit of whoever agreed."""

from __future__ import annotations

from typing import Any

from bot.domain.errors import CustomerError
from bot.domain.payments import Payment
from bot.domain.refunds import Destination, RefundRequest, RefundState
from bot.services import send_back
from bot.services.inquiries import next_ask
from bot.services.refund import cards as refund_cards
from bot.services.refund import ends as refund_ends
from bot.storage.tx import Tx


def begin(tx: Tx, who: int, request: RefundRequest) -> None:
    """From here on it is on its way, or on the balance; CustomerError "already_done" for the second."""
    payment = tx.payments.get(request.payment_id)
    assert payment is not None
    if request.destination is Destination.BALANCE:
        _to_balance(tx, who, request, payment)
    else:
        _on_its_way(tx, who, request, payment)
    tx.audit.note(who, "refund_confirmed", f"payment:{payment.id}", amount=request.amount)
    refund_cards.close(tx, request.id, by=who, answer="refund_confirmed")
    if request.destination is Destination.BY_HAND:
        refund_cards.hand_over(tx, request, payment)


def lock_payment(tx: Tx, payment_id: int) -> Payment:
    """The payment with its payer, held until this unit ends; CustomerError "not_found" without it."""
    payment = tx.payments.lock_numbered(payment_id)
    if payment is None:
        raise CustomerError("not_found")
    return payment


def _on_its_way(tx: Tx, who: int, request: RefundRequest, payment: Payment) -> None:
    """The attempt counts as sent in this commit: by hand nobody is asked after it, a person tells."""
    by_hand = request.destination is Destination.BY_HAND
    if request.amount > tx.ledger.brought_by(payment.id, request.amount.currency):
        raise CustomerError("refund_too_large")
    attempt_id = send_back.begin(tx, payment, request.amount, request.reason)
    tx.attempts.sent(attempt_id, ask_at=None if by_hand else next_ask(0))
    state = RefundState.BY_HAND if by_hand else RefundState.SENDING
    _move(tx, request, to=state, confirmed_by=who, attempt_id=attempt_id)


def _to_balance(tx: Tx, who: int, request: RefundRequest, payment: Payment) -> None:
    """Nobody has to be called: the order gives it back, and its payer has it."""
    _move(tx, request, to=RefundState.DONE, confirmed_by=who, outcome=refund_ends.ON_BALANCE)
    order = tx.orders.lock(request.order_id) if request.order_id else None
    if order is None or not send_back.give_back(tx, order, request.amount):
        raise CustomerError("refund_too_large")
    refund_ends.tell_on_balance(tx, request, payment)


def _move(tx: Tx, request: RefundRequest, *, to: RefundState, **values: Any) -> None:
    if not tx.refund_requests.move(request.id, to=to, only_from=[RefundState.PROPOSED], **values):
        raise CustomerError("already_done")
