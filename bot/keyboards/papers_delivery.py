"""How papers come: the ways, and the address that is proved by a code."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.invoices import Delivery
from bot.i18n import _
from bot.i18n.section_words import delivery_title
from bot.keyboards.buttons import BACK, keyboard, tap
from bot.services.delivery import Standing

DELIVERY = "bills:delivery"
CHANGE_ADDRESS = "bills:address"


class PickDelivery(CallbackData, prefix="deliver"):
    way: Delivery


def delivery(standing: Standing) -> InlineKeyboardMarkup:
    """By e-mail only where letters can leave; the first address is asked for when that way is tapped."""
    ways = [way for way in Delivery if way is not Delivery.EMAIL or standing.mail_is_on]
    return keyboard(
        *([_way(way, standing)] for way in ways),
        [tap(_("Change the address"), CHANGE_ADDRESS)] if standing.address else [],
        back=BACK,
    )


def _way(way: Delivery, standing: Standing) -> InlineKeyboardButton:
    mark = "● " if way is standing.delivery else "○ "
    return tap(mark + delivery_title(way), PickDelivery(way=way))
