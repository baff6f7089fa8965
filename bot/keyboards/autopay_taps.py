"""What the buttons about autopays ask for, and those of them that stand below notices as well."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.i18n import _
from bot.keyboards.buttons import Row, tap

CONSENT = "autopay:consent"
DELETE_ALL = "autopay:deleteall"


class Part(StrEnum):
    """What can be changed of an autopay."""

    AMOUNT = "amount"
    INTERVAL = "interval"
    SOURCE = "source"
    DAY = "day"


class OpenAutopay(CallbackData, prefix="autopay"):
    """One autopay's own screen: «Изменить»."""

    autopay: int
    anew: bool = False


class DeleteAutopay(CallbackData, prefix="apdelete"):
    """At once and without questions."""

    autopay: int
    anew: bool = False


class AgreePrice(CallbackData, prefix="apprice"):
    """Leads to the consent to what a charge would take today."""

    autopay: int
    anew: bool = False


class ConnectAfter(CallbackData, prefix="apafter"):
    """Under a success message: the same again, by itself."""

    payment: int
    anew: bool = False


class PickOffer(CallbackData, prefix="apoffer"):
    """Connect an autopay for a connector (its `handle`), or for a payer's balance where that is ""."""

    connector: str
    payer: int
    currency: str
    anew: bool = False


class PayWithAutopay(CallbackData, prefix="appay"):
    """Pay for this connector (its `handle`) in a way that saves the card."""

    connector: str
    months: int


class TopUpWithAutopay(CallbackData, prefix="aptopup"):
    """The same for a balance."""

    payer: int
    currency: str
    minor: int


class ChangeAutopay(CallbackData, prefix="apchange"):
    """Begin to change one thing of it: amount, interval, card or date."""

    autopay: int
    what: Part


class Other(CallbackData, prefix="apother"):
    """Choose one thing differently before agreeing."""

    what: Part


class PauseAutopay(CallbackData, prefix="appause"):
    autopay: int
    pause: bool
    anew: bool = False


class GiveBack(CallbackData, prefix="apback"):
    """Money of a cycle that was paid meanwhile: to the card, or it stays on the balance."""

    payment: int
    keep: bool = False
    anew: bool = True


class PickAmount(CallbackData, prefix="apsum"):
    minor: int


class PickInterval(CallbackData, prefix="apinterval"):
    months: int = 0
    days: int = 0


class PickSource(CallbackData, prefix="apsource"):
    """A saved card, 0 for the balance alone; `balance_first` beside a card."""

    card: int
    balance_first: bool


class PickDay(CallbackData, prefix="apday"):
    """The day of the next charge."""

    autopay: int
    ordinal: int


class Agree(CallbackData, prefix="apagree"):
    """Agree to exactly the words that were shown, which `seen` is the short name of."""

    seen: str


def change_button(autopay_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    """«Изменить»: beside every line that tells of an autopay."""
    return tap(_("Change autopay"), OpenAutopay(autopay=autopay_id, anew=anew))


def stop_button(autopay_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("Delete autopay"), DeleteAutopay(autopay=autopay_id, anew=anew))


def agree_price_button(autopay_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("Agree to the new price"), AgreePrice(autopay=autopay_id, anew=anew))


def connect_after_button(payment_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("Connect autopay"), ConnectAfter(payment=payment_id, anew=anew))


def give_back_row(payment_id: int) -> Row:
    return [
        tap(_("Return to the card"), GiveBack(payment=payment_id)),
        tap(_("Keep on the balance"), GiveBack(payment=payment_id, keep=True)),
    ]
