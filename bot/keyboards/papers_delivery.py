"""How papers come: the ways, and the address that is proved by a code."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.invoices import Delivery
from bot.i18n import _, shown
from bot.i18n.section_words import delivery_title
from bot.keyboards.buttons import BACK, keyboard, tap
from bot.services.delivery import PayerDelivery

DELIVERY = "section:delivery"
CHANGE_ADDRESS = "section:address"


CODE_AGAIN = "section:code_again"
OTHER_ADDRESS = "section:other_address"
ADDRESS_ON_BUTTON = 40


class PickAddress(CallbackData, prefix="address"):
    """One of those that are known; `place` is where it stands among them."""

    place: int


class PickDelivery(CallbackData, prefix="deliver"):
    way: Delivery


def delivery(now: PayerDelivery) -> InlineKeyboardMarkup:
    """By e-mail only where letters can leave; the first address is asked for when that way is tapped."""
    ways = [way for way in Delivery if way is not Delivery.EMAIL or now.mail_is_on]
    return keyboard(
        *([_way(way, now)] for way in ways),
        [tap(_("Change the address"), CHANGE_ADDRESS)] if now.address else [],
        back=BACK,
    )


def address(known: Sequence[str]) -> InlineKeyboardMarkup:
    """What is known already need not be typed."""
    rows = [
        [tap(shown(each, ADDRESS_ON_BUTTON), PickAddress(place=place))] for place, each in enumerate(known)
    ]
    return keyboard(*rows, back=BACK)


def code() -> InlineKeyboardMarkup:
    return keyboard(
        [tap(_("Send the code again"), CODE_AGAIN)],
        [tap(_("Another address"), OTHER_ADDRESS)],
        back=BACK,
    )


def _way(way: Delivery, now: PayerDelivery) -> InlineKeyboardButton:
    mark = "● " if way is now.delivery else "○ "
    return tap(mark + delivery_title(way), PickDelivery(way=way))
