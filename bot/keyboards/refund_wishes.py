"""A customer's wish to have money back: asking, looking how it stands, taking it back."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _
from bot.i18n.refund_words import REASONS
from bot.keyboards.buttons import BACK, keyboard, tap
from bot.services.refund.wishes import RefundOffer
from bot.services.reports import PaymentReport

ASK = "refundme:ask"


class AskRefund(CallbackData, prefix="refundme"):
    """From a payment: what the rules are, and how a wish stands."""

    payment: int


class PickReason(CallbackData, prefix="refundwhy"):
    number: int


class WithdrawRefund(CallbackData, prefix="unrefund"):
    request: int
    sure: bool = False


def refund_button(report: PaymentReport) -> InlineKeyboardButton:
    """Both lead to how it stands."""
    words = _("Request a refund") if report.refund is None else _("How the refund stands")
    return tap(words, AskRefund(payment=report.payment.id))


def stands(offer: RefundOffer) -> InlineKeyboardMarkup:
    """Asking where nothing is under way; taking it back where nobody has sent it yet."""
    open_ = offer.open_request
    rows = []
    if open_ is None and offer.most is not None:
        rows.append([tap(_("Request a refund"), ASK)])
    elif open_ is not None and open_.is_undecided and open_.asked_by == open_.customer_id:
        rows.append([tap(_("Withdraw the request"), WithdrawRefund(request=open_.id))])
    return keyboard(*rows, back=BACK)


def reasons() -> InlineKeyboardMarkup:
    rows = [[tap(_(words), PickReason(number=number))] for number, words in enumerate(REASONS)]
    return keyboard(*rows, back=BACK)


def withdrawing(request_id: int) -> InlineKeyboardMarkup:
    sure = WithdrawRefund(request=request_id, sure=True)
    return keyboard([tap(_("Yes, withdraw it"), sure)], back=BACK)
