"""What customers with metered connectors can ask for: for which months, and what is shown of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.billing import RunState
from bot.i18n import _, money, month_name
from bot.keyboards.buttons import BACK, keyboard, link, page_turner, tap
from bot.keyboards.papers_delivery import CHANGE_ADDRESS
from bot.services.paging import Page
from bot.services.paper_requests import Links

CHARGES = "section:charges"
NEXT = "section:next"
BY_MAIL = "section:mail"
SEND = "section:send"
LOOK_AGAIN = "section:look"
FEW = 5


class Aim(StrEnum):
    """What a customer wants of the months he picks."""

    COPY = "copy"
    LINK = "link"
    DETAIL = "detail"
    CHARGES = "charges"

    @property
    def takes_several(self) -> bool:
        return self is Aim.COPY

    @property
    def months_back(self) -> range:
        """Which months are offered, counted back from this one."""
        return range(1, 3) if self is Aim.LINK else range(2)


class Want(CallbackData, prefix="wantpaper"):
    """Begin to ask for papers; the months are asked for first."""

    aim: Aim


class TickMonth(CallbackData, prefix="month"):
    month: str


def months(offered: Sequence[str], ticked: Collection[str]) -> InlineKeyboardMarkup:
    """The newest first; many of them two in a row, where a narrow telephone breaks their names."""
    buttons = [_month(each, ticked) for each in offered]
    width = 1 if len(buttons) <= FEW else 2
    rows = [buttons[start : start + width] for start in range(0, len(buttons), width)]
    return keyboard(*rows, [tap(_("Next ›"), NEXT)] if ticked else [], back=BACK)


def usage_page(page: Page[Any], *, mail: bool) -> InlineKeyboardMarkup:
    """`mail` where letters can leave."""
    by_mail = [tap(_("Send by e-mail"), BY_MAIL)] if mail and page.total else []
    return keyboard(page_turner(page.page, page.pages), by_mail, back=BACK)


def request(*, has_address: bool) -> InlineKeyboardMarkup:
    if not has_address:
        return keyboard([tap(_("Name an address"), CHANGE_ADDRESS)], back=BACK)
    return keyboard([tap(_("Send"), SEND)], [tap(_("Change the address"), CHANGE_ADDRESS)], back=BACK)


def requested() -> InlineKeyboardMarkup:
    return keyboard(back=BACK)


def links(found: Links) -> InlineKeyboardMarkup:
    """What can be opened, or a button to look whether it can."""
    files = [[link(_("Download, {amount}", amount=money(each.total)), each.url)] for each in found.links]
    is_forming = not found.links and found.run is not None and found.run.state is not RunState.FORMED
    return keyboard(*files, [tap(_("Look again"), LOOK_AGAIN)] if is_forming else [], back=BACK)


def _month(month: str, ticked: Collection[str]) -> InlineKeyboardButton:
    mark = "● " if month in ticked else "○ "
    return tap(mark + month_name(month), TickMonth(month=month))
