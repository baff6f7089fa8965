"""Agreed to before paying: in force with the payment that saves the card, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain import periods
from bot.domain.autopays import Agreement, Autopay, AutopayReason, AutopayState, AutopayStep
from bot.domain.notice_topics import NoticeTopic
from bot.domain.payments import Payment
from bot.domain.references import new_reference
from bot.domain.saved_cards import UnlinkedBecause
from bot.domain.states import OrderState
from bot.services import notice_places
from bot.services.autopay.ending import end
from bot.services.autopay.facts import facts_of
from bot.services.seller_autopay import tell_autopay
from bot.storage.tx import Tx

CARD_COMES_WITHIN = timedelta(hours=1)


def write(
    tx: Tx,
    customer_id: int,
    payer_id: int,
    connector_id: str | None,
    agreed: Agreement,
    *,
    state: AutopayState,
    begun_by: int | None = None,
) -> int:
    """An autopay with its consent, as it was agreed to; one that is in force is planned at once."""
    card = tx.saved_cards.get(agreed.card_id) if agreed.card_id else None
    in_force = state is not AutopayState.WAITING
    autopay_id = tx.autopays.add(
        reference=new_reference(),
        customer_id=customer_id,
        payer_id=payer_id,
        connector_id=connector_id,
        currency=agreed.amount.currency,
        minor=agreed.amount.minor,
        months=agreed.interval.months,
        days=agreed.interval.days,
        card_id=agreed.card_id,
        balance_first=agreed.balance_first,
        state=state.value,
        charge_on=agreed.first_on,
        step=AutopayStep.PLAN.value if in_force else "",
        due_at=periods.now() if in_force else None,
        begun_by=begun_by,
    )
    tx.autopay_consents.give(autopay_id, customer_id, agreed, card=card.masked if card else "")
    return autopay_id


def wait_for_card(tx: Tx, payment: Payment, connector_id: str | None, agreed: Agreement | None) -> None:
    """Write down what was agreed to with this payment; what was agreed to before with it counts no more."""
    for other in tx.autopays.waiting_for_order(payment.order_id) if payment.order_id is not None else ():
        if other.begun_by != payment.id:  # by another method: what was ticked last counts
            end(tx, other, AutopayReason.CUSTOMER, how="replaced", tell=False)
    before = tx.autopays.begun_by(payment.id)
    if before is not None and agreed is not None and _says_the_same(before, agreed):
        return
    if before is not None:
        end(tx, before, AutopayReason.CUSTOMER, how="replaced", tell=False)
    if agreed is not None:
        write(
            tx,
            payment.customer_id,
            payment.payer_id,
            connector_id,
            agreed,
            state=AutopayState.WAITING,
            begun_by=payment.id,
        )


def payment_came(tx: Tx, payment: Payment, card_id: int | None) -> Autopay | None:
    """Put into force what waited for this payment; the autopay, or None where there is none.

    Where the provider did not keep the card there is nothing to charge, and the customer is told so.
    """
    waiting = tx.autopays.begun_by(payment.id)
    card_id = card_id or _linked(tx, payment.card_id)
    if waiting is not None and _has_lapsed(tx, waiting, payment):
        end(tx, waiting, AutopayReason.PAYER_CHANGED, tell=False)
        waiting = None
    if waiting is None:
        _forget_unused(tx, card_id, payment)
        return None
    if card_id is None and not waiting.balance_first:
        facts = {**facts_of(tx, waiting), "reason": AutopayReason.NOT_SAVED.value}
        end(tx, waiting, AutopayReason.NOT_SAVED, tell=False)
        customer_id, kind = waiting.customer_id, "autopay_not_connected"
        notice_places.tell(tx, customer_id, NoticeTopic.AUTOPAY, kind, key=str(waiting.id), **facts)
        return None
    tx.autopays.change(waiting.id, card_id=card_id)  # so that the one before does not let it go
    standing = _standing(tx, waiting)
    if standing is not None:
        end(tx, standing, AutopayReason.CUSTOMER, how="replaced", tell=False)
    active = AutopayState.ACTIVE.value
    if not tx.autopays.plan_at(waiting.id, periods.now(), only_from=(AutopayState.WAITING,), state=active):
        return None
    found = tx.autopays.get(waiting.id)
    assert found is not None
    tell_autopay(tx, "connected", found)
    tx.outbox.to_operators("autopay_connected", informs=True, **_for_operators(tx, found))
    return found


def card_follows(tx: Tx, payment: Payment) -> None:
    """The money came by a door that knows of no cards: another one is waited for."""
    waiting = tx.autopays.begun_by(payment.id)
    if waiting is not None:
        due_at = periods.now() + CARD_COMES_WITHIN
        tx.autopays.change(waiting.id, step=AutopayStep.CARD.value, due_at=due_at)


def no_card_came(tx: Tx, waiting: Autopay) -> None:
    """No door told of a card in time: it begins without one, where the balance pays, or not at all."""
    payment = tx.payments.get(waiting.begun_by) if waiting.begun_by is not None else None
    if payment is not None:
        card_came(tx, payment, None)


def card_came(tx: Tx, payment: Payment, card_id: int | None) -> None:
    """What is known of the card of a payment that was booked and told of before."""
    begun = payment_came(tx, payment, card_id)
    if begun is not None:
        facts = {**facts_of(tx, begun), "limit": begun.amount}
        customer_id, kind = begun.customer_id, "autopay_connected"
        notice_places.tell(tx, customer_id, NoticeTopic.AUTOPAY, kind, key=str(begun.id), **facts)


def _linked(tx: Tx, card_id: int | None) -> int | None:
    """The saved card that was paid with, unless it was unlinked meanwhile."""
    card = tx.saved_cards.get(card_id) if card_id is not None else None
    return card.id if card is not None and card.is_linked else None


def _says_the_same(waiting: Autopay, agreed: Agreement) -> bool:
    terms = (waiting.amount, waiting.interval, waiting.charge_on, waiting.card_id, waiting.balance_first)
    return terms == (agreed.amount, agreed.interval, agreed.first_on, agreed.card_id, agreed.balance_first)


def _has_lapsed(tx: Tx, waiting: Autopay, payment: Payment) -> bool:
    """Whether what it was to pay for was given up, or is another payer's by now."""
    order = tx.orders.get(payment.order_id) if payment.order_id is not None else None
    if order is not None and order.state in (OrderState.CANCELLED, OrderState.REPLACED):
        return True
    connector = tx.connectors.get(waiting.connector_id) if waiting.connector_id is not None else None
    return connector is not None and connector.payer_id != waiting.payer_id


def _standing(tx: Tx, waiting: Autopay) -> Autopay | None:
    if waiting.connector_id is not None:
        return tx.autopays.of_connector(waiting.connector_id)
    return tx.autopays.of_account(waiting.payer_id, waiting.amount.currency)


def _for_operators(tx: Tx, autopay: Autopay) -> dict[str, Any]:
    return {**facts_of(tx, autopay), "customer_id": autopay.customer_id}


def _forget_unused(tx: Tx, card_id: int | None, payment: Payment) -> None:
    """A card that was saved for an autopay which did not come about is not kept."""
    if card_id is None or payment.remembers or not payment.saves_card:
        return
    card = tx.saved_cards.get(card_id)
    if card is not None and not card.remembered and not tx.autopays.of_card(card_id):
        tx.saved_cards.unlink(card_id, UnlinkedBecause.UNUSED)
