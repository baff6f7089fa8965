"""Payments of the past, and what can be done about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.payments import Payment
from bot.domain.states import OPEN_PAYMENTS, PaymentState, Purpose
from bot.i18n import _, money, short_day, shown
from bot.keyboards.balance import OpenAccount
from bot.keyboards.buttons import BACK, Place, keyboard, page_turner, tap
from bot.keyboards.pay import CheckPayment, Complain, pay_or_rest
from bot.keyboards.receipts import for_period, receipt_button
from bot.keyboards.refund_wishes import refund_button
from bot.services.paging import Page
from bot.services.reports import PaymentReport, Standing

TITLE_ON_BUTTON = 28
MARKS = {PaymentState.SUCCEEDED: "✅", PaymentState.REFUSED: "✖️"}


class OpenPayment(CallbackData, prefix="payment"):
    id: int


def history(page: Page[Payment], titles: Mapping[int, Sequence[str]]) -> InlineKeyboardMarkup:
    """`titles` say by order what was bought."""
    rows = [
        [tap(_on_button(each, titles.get(each.order_id or 0, ())), OpenPayment(id=each.id))]
        for each in page.items
    ]
    receipts = [for_period()] if page.total else []
    return keyboard(*rows, page_turner(page.page, page.pages), receipts, back=Place.MENU)


def payment_page(report: PaymentReport) -> InlineKeyboardMarkup:
    payment = report.payment
    is_open = payment.state in OPEN_PAYMENTS
    is_paid = payment.state is PaymentState.SUCCEEDED
    return keyboard(
        pay_or_rest(report),
        [tap(_("Check payment"), CheckPayment(payment=payment.id))] if is_open else [],
        [receipt_button(payment.id)] if is_paid else [],
        [refund_button(report)] if is_paid else [],
        [tap(_("Balance"), _account(payment))] if _rests(report) else [],
        [tap(_("I paid, but nothing changed"), Complain(payment=payment.id))],
        back=BACK,
    )


def _rests(report: PaymentReport) -> bool:
    """Whether its money came to the balance and no further, where it can be used."""
    return report.standing is Standing.ON_BALANCE or (report.standing is Standing.DONE and not report.order)


def _account(payment: Payment) -> OpenAccount:
    return OpenAccount(payer=payment.payer_id, currency=payment.amount.currency)


def _on_button(payment: Payment, titles: Sequence[str]) -> str:
    """«✅ 14.11.26 · 990 ₽ · WhatsApp +7…»: a phone cuts the end of a long button."""
    facts = [short_day(payment.created_at), money(payment.amount), _what_for(payment, titles)]
    return f"{MARKS.get(payment.state, '⏳')} {' · '.join(filter(None, facts))}"


def _what_for(payment: Payment, titles: Sequence[str]) -> str:
    if payment.purpose is Purpose.TOP_UP:
        return _("top-up")
    if not titles:
        return ""
    first = shown(titles[0], TITLE_ON_BUTTON)
    return first if len(titles) == 1 else _("{title} and {others} more", title=first, others=len(titles) - 1)
