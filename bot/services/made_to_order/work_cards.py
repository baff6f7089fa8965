"""What the card of an order in work says: its stages as they were when it was paid, and where it stands."""

from __future__ import annotations

from typing import Any

from bot.domain.catalogue import Tariff
from bot.domain.desk import THE_HOUSE, Card
from bot.domain.form_terms import USUAL_STAGES
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.storage.tx import Tx

KIND = "order_work"
NO_MONEY = "no_money"
"""The answer of a card whose order has been refunded as a whole."""


def subject_of(order_id: int) -> str:
    return f"work:{order_id}"


def open_work(tx: Tx, order: Order, tariff: Tariff, price: Money) -> None:
    """Its money is there: hang the work up in the group, in the unit that settles it, once."""
    tx.order_work.begin(order.id)
    card = tx.cards.last_about(subject_of(order.id), KIND)
    if card is not None:
        _go_on(tx, card)
        return
    form = tx.order_forms.of_order(order.id)
    stages = tariff.made_to_order.stages if tariff.made_to_order else USUAL_STAGES
    facts: dict[str, Any] = {
        "customer_id": order.customer_id,
        "order_id": order.id,
        "form_id": form.id if form else None,
        "tariff": dict(tariff.title.by_language),
        "months": order.lines[0].months,
        "price": price,
        "stages": [
            {"name": each.name, "title": dict(each.title.by_language), "days": each.days} for each in stages
        ],
        "stage": "",
        "stage_due": None,
        "draft": {},
        "undoable": None,
        "gone": [],
        "over": False,
    }
    card_id = tx.cards.add(KIND, subject_of(order.id), facts)
    tx.outbox.to_operators("order_work", card=card_id, **facts)


def as_it_is_now(tx: Tx, card: Card) -> dict[str, Any]:
    """With the stage, its day, and whether the order's money is all gone."""
    order_id, customer_id = card.payload.get("order_id"), card.payload.get("customer_id")
    order = tx.orders.get(int(order_id)) if order_id else None
    work = tx.order_work.get(int(order_id)) if order_id else None
    customer = tx.customers.get(int(customer_id)) if customer_id else None
    return {
        **card.payload,
        "card": card.id,
        "name": customer.name if customer else "",
        "stage": work.stage if work else "",
        "stage_due": work.due_on if work and work.done_at is None else None,
        "over": order is None or order.state is OrderState.REFUNDED,
    }


def money_went_back(tx: Tx, order_id: int, amount: Money, *, by_us: bool) -> None:
    """The card says so; where nothing is left to work for it waits for nobody any more."""
    card = tx.cards.last_about(subject_of(order_id), KIND)
    if card is None:
        return
    gone = [*card.payload.get("gone", []), {"amount": amount, "by_us": by_us}]
    tx.cards.remember(card.id, {**card.payload, "gone": gone})
    order = tx.orders.get(order_id)
    is_whole = order is not None and order.state is OrderState.REFUNDED
    if is_whole:
        tx.cards.close(card.id, by=THE_HOUSE, answer=NO_MONEY)
    tx.outbox.to_operators(
        "order_work_refunded",
        under=card.id,
        customer_id=card.payload.get("customer_id"),
        amount=amount,
        by_us=by_us,
        whole=is_whole,
    )


def _go_on(tx: Tx, card: Card) -> None:
    """What its money was taken from has been paid once more: the work goes on where it stood."""
    payload = {**card.payload, "gone": [], "draft": {}}
    if card.answer == NO_MONEY and tx.cards.reopen(card.id, payload, None):
        tx.outbox.to_operators("order_work", **payload, card=card.id, replaces=card.message_id or 0)
