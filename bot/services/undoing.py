"""A transfer that was booked to the wrong payer: taken back with all that followed, as if it had never been.

Rows are added, never changed: the money goes into suspense, the order is given back, a new one stands in.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.invoices import InvoiceState
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.payments import BookedEvent, Payment
from bot.domain.periods import add_months
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.domain.states import EventFate, ExtensionCause, OrderState, TransferReason
from bot.domain.suspensions import later
from bot.services import seller
from bot.services.invoice import moves as invoice_moves
from bot.services.made_to_order import work_cards
from bot.services.payment_facts import facts_of
from bot.services.seller import Extended
from bot.storage.connectors import Bridge
from bot.storage.ledger import REVENUE, SUSPENSE, Because
from bot.storage.tx import Tx


def withdraw(tx: Tx, event: BookedEvent, zone: ZoneInfo) -> None:
    """Take the money of a booked transfer from its payer into suspense; his balance may go below zero."""
    payment = tx.payments.get(event.payment_id) if event.payment_id else None
    if payment is None or event.fate is not EventFate.BOOKED:
        raise CustomerError("already_done")
    tx.customers.lock_payer(payment.payer_id)
    order = tx.orders.lock(payment.order_id) if payment.order_id else None
    is_settled = order is not None and _is_settled_by(tx, order, event.amount)
    if order is not None and is_settled:
        _give_back(tx, order, event.amount.currency, zone)
    tx.ledger.open(SUSPENSE, event.amount.currency)
    balance = tx.ledger.debit(
        payment.payer_id,
        event.amount,
        taker=SUSPENSE,
        reason=TransferReason.WITHDRAWN,
        because=Because(event_id=event.id, payment_id=payment.id, order_id=payment.order_id),
    )
    tx.payments.undo(payment.id, Refusal.UNDONE)
    if not tx.events.move(event.id, to=EventFate.SUSPENSE, only_from=EventFate.BOOKED, payment_id=None):
        raise CustomerError("already_done")
    if order is not None:
        _ask_again(tx, order, event.amount.currency, anew=is_settled)
    _tell(tx, payment, event.amount, balance, order)


def _is_settled_by(tx: Tx, order: Order, amount: Money) -> bool:
    """Whether the order was paid, and would not be without this money."""
    taken = tx.ledger.settled_for(order.id, amount.currency)
    return bool(taken) and tx.ledger.brought_for(order.id, amount.currency) - amount < taken


def _give_back(tx: Tx, order: Order, currency: str, zone: ZoneInfo) -> None:
    """The order's money back to the balance, and its connectors back to their dates."""
    taken = tx.ledger.settled_for(order.id, currency)
    because, why = Because(order_id=order.id), TransferReason.UNSETTLED
    tx.ledger.credit(order.payer_id, taken, giver=REVENUE, reason=why, because=because)
    tx.orders.move(order.id, to=OrderState.REFUNDED, only_from=order.state)
    seller.tell_order_refunded(tx, order, taken, whole=True)
    work_cards.money_went_back(tx, order.id, taken, by_us=True)
    moved = [_move_back(tx, order, *line, zone) for line in tx.orders.connectors(order.id)]
    seller.tell_extended(tx, moved, cause=ExtensionCause.UNDONE, order=order)


def _move_back(tx: Tx, order: Order, connector: Connector, months: int, zone: ZoneInfo) -> Extended:
    """Where it stood before, lent days lent again; what was bought on top moves back by as many months."""
    moved, since = tx.connectors.extension_by(order.id, connector.id), connector.bridged_since
    rested = tx.connectors.rested_since(order.id, connector.id)
    if moved is not None and _later(moved[1], rested) == connector.paid_until:
        until = _later(moved[0], rested)
        bridge = tx.connectors.bridge_before(order.id, connector.id, zone)
    else:
        until = _without(connector.paid_until, connector, months)
        bridge = Bridge(_without(connector.bridged_from, connector, months), since) if since else None
    sequence = tx.connectors.extend(
        connector,
        until,
        anchor_day=until.day if until and rested else connector.anchor_day,
        cause=ExtensionCause.UNDONE,
        note=order.invoice,
        bridge=bridge,
    )
    return Extended(connector, until, sequence)


def _later(day: date | None, days: int) -> date | None:
    """As much as it rested since: those days are not what the order paid for."""
    return later(day, days) if day else None


def _without(day: date | None, connector: Connector, months: int) -> date | None:
    return add_months(day, -months, connector.anchor_day) if day else None


def _ask_again(tx: Tx, order: Order, currency: str, *, anew: bool) -> None:
    """Let the invoice ask for the money once more; by a new order where the old one was given back."""
    invoice = tx.invoices.of_order(order.id)
    if anew:
        rest = tx.ledger.brought_for(order.id, currency)
        again = _repeat(tx, order, use_balance=bool(rest))
        if invoice is not None:
            state = InvoiceState.PART_PAID if rest else InvoiceState.ISSUED
            invoice_moves.hand_over(tx, invoice.id, to_order=again, state=state)
    elif not tx.ledger.brought_for(order.id, currency):
        invoice_moves.move(tx, order.id, to=InvoiceState.ISSUED, only_from=(InvoiceState.PART_PAID,))


def _repeat(tx: Tx, order: Order, *, use_balance: bool) -> int:
    """The same order once more: expired, so that it holds no connector, and revived by late money."""
    return tx.orders.add(
        reference=new_reference(),
        customer_id=order.customer_id,
        payer_id=order.payer_id,
        lines=order.lines,
        prices=order.prices,
        full_prices=order.prices,
        promo_code="",
        terms_version="",
        expires_at=periods.now(),
        invoice=order.invoice,
        state=OrderState.EXPIRED,
        use_balance=use_balance,
    )


def _tell(tx: Tx, payment: Payment, amount: Money, balance: Money, order: Order | None) -> None:
    facts: dict[str, Any] = {
        **facts_of(payment, amount),
        "balance": balance,
        "titles": order.titles if order else [],
    }
    seller.tell_taken_back(tx, payment, amount, payment.provider_payment)
    tx.outbox.to_customer(payment.customer_id, "transfer_undone", **facts)
    tx.outbox.to_operators("transfer_undone", informs=True, **facts)
    if balance < zero(balance.currency):
        card_id = tx.cards.add("taken_back", f"payment:{payment.id}", facts)
        tx.outbox.to_operators("taken_back", card=card_id, **facts)
