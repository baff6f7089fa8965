"""Screens of payment codes: one's own, somebody's, and the code that an order or a top-up waits for."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from bot.domain.customers import Payer
from bot.domain.payments import Payment
from bot.i18n import _, shown
from bot.keyboards.buttons import BACK, Place, copy, go, keyboard, tap
from bot.keyboards.pay import CancelOrder, CheckPayment, Complain
from bot.keyboards.payers import add_payer, open_payer
from bot.services.codes import PayerCode

CHECK = "check_code"


def own_codes(codes: Sequence[PayerCode], without: Sequence[Payer] = ()) -> InlineKeyboardMarkup:
    """A button that copies each code; whoever has none is led to where it comes into being."""
    return keyboard(
        *([copy(_copy_words(code, len(codes)), code.code)] for code in codes),
        *([open_payer(payer, Place.CODE)] for payer in without),
        [go(_("Pay"), Place.PAY), go(_("Top up"), Place.TOP_UP)],
        [tap(_("Check a code"), CHECK), add_payer(Place.CODE)],
    )


def checked() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Check another code"), CHECK)], back=BACK)


def code_to_pay_by(code: str, payment: Payment) -> InlineKeyboardMarkup:
    """Under the code that an order or a top-up waits for."""
    order = payment.order_id
    return keyboard(
        [copy(_("Copy the code"), code)],
        [tap(_("Check payment"), CheckPayment(payment=payment.id))],
        [tap(_("I paid, but nothing changed"), Complain(payment=payment.id))],
        [tap(_("Cancel the order"), CancelOrder(order=order))] if order else [],
        back=BACK,
    )


def _copy_words(code: PayerCode, count: int) -> str:
    return _("Copy the code") if count == 1 else _("Copy: {payer}", payer=shown(code.title, 24))
