"""Screens of an invoice: before it is issued, and every way on from it afterwards."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _
from bot.keyboards.buttons import BACK, keyboard, tap
from bot.keyboards.pay import CancelOrder, ways_to_pay_less
from bot.services.orders import Summary

ISSUE = "invoice:issue"
OTHER_PAYER = "invoice:payer"
CHANGE_PAYER = "invoice:details"


class OpenInvoice(CallbackData, prefix="bill"):
    """One invoice's screen; `anew` on a notice's button."""

    invoice: int
    anew: bool = False


def summary(view: Summary, *, for_rest: bool) -> InlineKeyboardMarkup:
    """Whoever pays the rest of an order is its payer already."""
    return keyboard(
        [tap(_("Issue the invoice"), ISSUE)],
        *ways_to_pay_less(view, for_rest=for_rest),
        [] if for_rest else [tap(_("Another payer"), OTHER_PAYER)],
        [tap(_("Change the requisites"), CHANGE_PAYER)],
        [tap(_("Cancel the order"), CancelOrder(order=view.order.id))],
        back=BACK,
    )
