"""Buttons of /order, /invoice and /link: for whom, what, for how long, and where the link goes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalogue import Tariff
from bot.domain.customers import Customer
from bot.domain.masking import masked_email
from bot.domain.records import CustomerRecord, RecordKind, button_id
from bot.domain.states import Role
from bot.i18n import _, money, months, said, shown
from bot.keyboards.buttons import Row, copy, keyboard, tap
from bot.keyboards.records import record_act
from bot.services.acts.caller_orders import Choice
from bot.services.acts.made import Made


class Step(StrEnum):
    WHO = "who"
    NEW = "new"
    LINE = "line"
    TARIFF = "tariff"
    TERM = "term"
    MADE = "made"
    SUM = "sum"
    LINK = "link"
    MAIL_LINK = "mail"
    BACK = "back"


class Caller(CallbackData, prefix="clr"):
    """One step of ordering for somebody; `what` is a connector, a tariff, or months and a connector."""

    step: Step
    customer: int = 0
    what: str = ""


class CallersOrder(CallbackData, prefix="clro"):
    """What is done with the order: its link is mailed, or with a `currency` an invoice is issued."""

    order: int
    currency: str = ""


@record_act(RecordKind.CUSTOMER, Role.OPERATOR)
def order_for(record: CustomerRecord) -> InlineKeyboardButton | None:
    if record.customer.forgotten_at is not None:
        return None
    return tap(_("🛒 Order for them"), Caller(step=Step.WHO, customer=record.customer.id))


def people(found: Sequence[Customer]) -> InlineKeyboardMarkup:
    rows = [[tap(_person(each), Caller(step=Step.WHO, customer=each.id))] for each in found]
    return keyboard(*rows, [tap(_("➕ Somebody new"), Caller(step=Step.NEW))], menu=False)


def choice(found: Choice) -> InlineKeyboardMarkup:
    """His connectors, a new one of each tariff, a sum, and the link for a caller."""
    his = found.customer.id
    lines = [
        [tap(shown(each.title, 40), Caller(step=Step.LINE, customer=his, what=button_id(each.id)))]
        for each in found.connectors
    ]
    new = [
        [
            tap(
                _("➕ {tariff}", tariff=shown(said(each.title), 40)),
                Caller(step=Step.TARIFF, customer=his, what=each.id),
            )
        ]
        for each in found.tariffs
    ]
    other = [tap(_("A sum onto the balance"), Caller(step=Step.SUM, customer=his))]
    if his < 0:
        other.append(tap(_("Link into Telegram"), Caller(step=Step.LINK, customer=his)))
    return keyboard(*lines, *new, other, menu=False)


def terms(customer_id: int, connector_id: str, tariff: Tariff) -> InlineKeyboardMarkup:
    rows = [
        [
            tap(
                f"{months(each.months)} · " + " / ".join(money(price) for price in each.prices),
                Caller(
                    step=Step.TERM,
                    customer=customer_id,
                    what=f"{each.months}.{button_id(connector_id)}",
                ),
            )
        ]
        for each in tariff.periods
    ]
    return keyboard(*rows, _back(customer_id), menu=False)


def made_terms(customer_id: int, tariff: Tariff) -> InlineKeyboardMarkup:
    """For how long, of what is made to order; what it takes is asked for next."""
    rows = [
        [
            tap(
                f"{months(each.months)} · " + " / ".join(money(price) for price in each.prices),
                Caller(step=Step.MADE, customer=customer_id, what=f"{each.months}.{tariff.id}"),
            )
        ]
        for each in tariff.periods
    ]
    return keyboard(*rows, _back(customer_id), menu=False)


def _back(customer_id: int) -> Row:
    return [tap(_("‹ Back"), Caller(step=Step.BACK, customer=customer_id))]


def made(made: Made, invoiced_in: Sequence[str]) -> InlineKeyboardMarkup:
    """The link by e-mail or to copy; an invoice in whichever currency the seller has an account."""
    order_id, email = made.order.id, made.customer.email
    mail = [tap(_("✉️ Send to {email}", email=masked_email(email)), CallersOrder(order=order_id))]
    invoices = [
        tap(_("🧾 Invoice, {currency}", currency=each), CallersOrder(order=order_id, currency=each))
        for each in invoiced_in
    ]
    link = [copy(_("Copy the link"), made.url)] if made.url else []
    return keyboard(mail if email and not made.mailed else [], link, invoices, menu=False)


def customer_link(customer: Customer, url: str) -> InlineKeyboardMarkup:
    mail = [
        tap(
            _("✉️ Send to {email}", email=masked_email(customer.email)),
            Caller(step=Step.MAIL_LINK, customer=customer.id),
        )
    ]
    return keyboard(mail if customer.email else [], [copy(_("Copy the link"), url)], menu=False)


def sum_link(url: str) -> InlineKeyboardMarkup:
    return keyboard([copy(_("Copy the link"), url)], menu=False)


def _person(customer: Customer) -> str:
    where = masked_email(customer.email) if customer.email else shown(customer.phone, 24)
    return (
        f"{shown(customer.name, 24) or customer.id} · {where}" if where else shown(customer.name, 32) or "…"
    )
