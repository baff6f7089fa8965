"""What the card of a form says: written down when it is sent in, brought up to date when it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.domain.catalogue import Tariff
from bot.domain.desk import Card
from bot.domain.form_terms import AnswerKind, Question
from bot.domain.masking import masked, masked_email
from bot.domain.order_forms import Answer, OrderForm, SentFile
from bot.storage.tx import Tx

KIND = "review"
REPLY = "reply-"
"""What answers to a reviewer's questions are called among those of the form."""

AN_ALBUM = 10
"""Telegram's most in one."""

A_CARD = 2500
"""Answers longer than this in all are shortened on the card, and come whole as a file."""


def subject_of(form: OrderForm) -> str:
    return subject_of_form(form.id)


def subject_of_form(form_id: int) -> str:
    return f"form:{form_id}"


def facts(tx: Tx, form: OrderForm, tariff: Tariff) -> dict[str, Any]:
    """Titles go with it in every language: whoever writes the card has no catalogue."""
    order = tx.orders.get(form.order_id) if form.order_id else None
    made = tariff.made_to_order
    asked_for = made.form if made else ()
    return {
        "customer_id": form.customer_id,
        "form_id": form.id,
        "order_id": form.order_id,
        "tariff": dict(tariff.title.by_language),
        "months": form.months,
        "prices": list(order.prices) if order else [],
        "told": [
            _answered(question, form.answers[question.name])
            for question in asked_for
            if question.name in form.answers
        ],
        "long": sum(len(answer.value) for answer in form.answers.values()) > A_CARD,
        "until": form.review_until,
        "question": "",
        "asked": [],
    }


def as_it_is_now(tx: Tx, card: Card) -> dict[str, Any]:
    """With the promise and the question as they stand."""
    form = tx.order_forms.get(int(card.payload["form_id"]))
    customer = tx.customers.get(int(card.payload["customer_id"]))
    return {
        **card.payload,
        "card": card.id,
        "name": customer.name if customer else "",
        "until": form.review_until if form else None,
        "question": form.question if form else "",
        "reason": form.reason if form else "",
    }


def albums(files: Iterable[SentFile]) -> list[list[dict[str, str]]]:
    """Pictures by ten, then files by ten: Telegram mixes them in no album."""
    by_kind: dict[str, list[dict[str, str]]] = {"photo": [], "document": []}
    for file in files:
        kind = "photo" if file.kind == "photo" else "document"
        by_kind[kind].append({"file_id": file.file_id, "kind": kind, "caption": file.caption})
    return [
        each[start : start + AN_ALBUM] for each in by_kind.values() for start in range(0, len(each), AN_ALBUM)
    ]


def files_of(form: OrderForm) -> list[SentFile]:
    """Everything that he sent with it, by the order of his answers."""
    return [file for answer in form.answers.values() for file in answer.files]


def _answered(question: Question, answer: Answer) -> dict[str, Any]:
    return {
        "title": dict(question.title.by_language),
        "kind": question.kind.value,
        "value": _value(question, answer),
        "files": len(answer.files),
    }


def _value(question: Question, answer: Answer) -> str | dict[str, str]:
    """Contacts are masked: operators write to him by the card, and find them in his record."""
    option = question.option(answer.value)
    if option is not None:
        return dict(option.title.by_language)
    match question.kind:
        case AnswerKind.EMAIL if answer.value:
            return masked_email(answer.value)
        case AnswerKind.PHONE:
            return masked(answer.value)
    return answer.value
