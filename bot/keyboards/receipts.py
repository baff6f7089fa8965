"""Receipts: of one payment as a button, of a period as a short dialog."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _
from bot.keyboards.buttons import BACK, Place, Row, keyboard, tap

PERIOD = "receipts:period"
THIS_MONTH = "receipts:month"
LAST_MONTH = "receipts:last"
THIS_YEAR = "receipts:year"
OTHER = "receipts:other"
TO_CHAT = "receipts:chat"
TO_EMAIL = "receipts:email"
OTHER_EMAIL = "receipts:address"


class WantReceipt(CallbackData, prefix="receipt"):
    """The paper of a payment, or of an order that the balance paid; 0 for what it is not."""

    payment: int = 0
    order: int = 0
    anew: bool = True
    """The file comes as a message of its own, wherever the button stands."""


def receipt_button(payment_id: int | None, order_id: int | None = None) -> InlineKeyboardButton:
    wanted = WantReceipt(payment=payment_id) if payment_id else WantReceipt(order=order_id or 0)
    return tap(_("Receipt (PDF)"), wanted)


def for_period() -> InlineKeyboardButton:
    return tap(_("Receipts for a period"), PERIOD)


def periods() -> InlineKeyboardMarkup:
    return keyboard(
        [tap(_("This month"), THIS_MONTH), tap(_("Last month"), LAST_MONTH)],
        [tap(_("This year"), THIS_YEAR), tap(_("Other dates"), OTHER)],
        back=Place.BALANCE,
    )


def where(email: str, *, mail_is_on: bool) -> InlineKeyboardMarkup:
    """Into the chat, or by e-mail to an address that is shown before anything goes there."""
    return keyboard([tap(_("Send it here (PDF and CSV)"), TO_CHAT)], *_mail(email, mail_is_on), back=BACK)


def _mail(email: str, mail_is_on: bool) -> list[Row]:
    if not mail_is_on:
        return []
    if not email:
        return [[tap(_("Send it by e-mail"), OTHER_EMAIL)]]
    return [
        [tap(_("Send it to {email}", email=email), TO_EMAIL)],
        [tap(_("To another address"), OTHER_EMAIL)],
    ]
