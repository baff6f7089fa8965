"""What the customer of something made to order is told of it: in the chat, and by letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.domain.form_terms import AnswerKind, MadeToOrder
from bot.domain.notice_topics import NoticeTopic
from bot.domain.order_forms import OrderForm, OrderStep
from bot.domain.orders import Order
from bot.services.notice_places import tell
from bot.storage.tx import Tx

TOPIC = NoticeTopic.SERVICE
PERSON = "person"


def approved(
    tx: Tx, form: OrderForm, order: Order, made: MadeToOrder, *, until: datetime, day: date, url: str
) -> str:
    """The confirmation goes by both roads: the letter has a link that works without the chat.

    `day` is that of `until` by the seller's calendar. Returns where the letter goes, "" where none does.
    """
    terms = dict(made.terms.by_language) if made.terms else {}
    facts: dict[str, Any] = {"titles": order.titles, "prices": list(order.prices), "terms": terms}
    tx.outbox.to_customer(
        order.customer_id, "form_approved", order_id=order.id, form_id=form.id, pay_until=until, **facts
    )
    email = address_of(tx, form, made)
    payer = tx.payers.get(order.payer_id)
    name = payer.shown_name if payer is not None and payer.kind != PERSON else ""
    key = f"order:{order.id}"
    letter = tx.outbox.to_email(
        order.customer_id, email, "order_confirmed", key=key, valid_until=day, url=url, payer=name, **facts
    )
    return email if letter is not None else ""


def rejected(tx: Tx, form: OrderForm, order: Order, reason: str) -> None:
    tell(
        tx,
        order.customer_id,
        TOPIC,
        "form_rejected",
        key=f"form:{form.id}",
        form_id=form.id,
        titles=order.titles,
        reason=reason,
    )


def asked(tx: Tx, form: OrderForm, order: Order, question: str) -> None:
    tell(
        tx,
        order.customer_id,
        TOPIC,
        "form_question",
        form_id=form.id,
        titles=order.titles,
        question=question,
    )


def address_of(tx: Tx, form: OrderForm, made: MadeToOrder) -> str:
    """Where letters about it go: as the form says, else as we know him."""
    told = (form.answers.get(each.name) for each in made.form if each.kind is AnswerKind.EMAIL)
    customer = tx.customers.get(form.customer_id)
    known = customer.email if customer is not None else ""
    return next((answer.value for answer in told if answer is not None and answer.value), known)


def moved(
    tx: Tx,
    order: Order,
    stage: dict[str, Any] | None,
    step: OrderStep,
    *,
    form_id: int | None,
    undone: bool = False,
) -> None:
    """A stage was reached, or taken back; without a `stage` it stands before the first again."""
    file = {"file_id": step.file.file_id, "kind": step.file.kind} if step.file else None
    tell(
        tx,
        order.customer_id,
        TOPIC,
        "order_stage",
        order_id=order.id,
        form_id=form_id,
        titles=order.titles,
        stage=stage["title"] if stage else {},
        stage_due=step.due_on,
        words=step.words,
        link=step.url,
        file=file,
        undone=undone,
    )
