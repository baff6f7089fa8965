"""The main menu."""

from __future__ import annotations

from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _, money, months, shown
from bot.keyboards.buttons import Place, go, keyboard
from bot.services.offers import Again

TITLE_ON_BUTTON = 28


def main_menu(again: Again | None, *, can_order: bool = False) -> InlineKeyboardMarkup:
    """`can_order` where the seller makes something to order."""
    return keyboard(
        [go(again_text(again), Place.AGAIN)] if again else [],
        [go(_("Pay"), Place.PAY), go(_("Invoices"), Place.INVOICES)],
        [go(_("Connectors"), Place.CONNECTORS), go(_("Payment code"), Place.CODE)],
        [go(_("Autopay"), Place.AUTOPAY), go(_("Balance and history"), Place.BALANCE)],
        [go(_("Order a service"), Place.ORDERS)] if can_order else [],
        [go(_("Settings"), Place.SETTINGS), go(_("Help"), Place.HELP)],
        menu=False,
    )


def again_text(again: Again) -> str:
    """«Ещё раз: WhatsApp +7…, 1 месяц, 990 ₽»."""
    return _(
        "Again: {what}, {period}, {price}",
        what=_several(again.titles),
        period=months(again.months),
        price=money(again.prices[0]),
    )


def _several(titles: tuple[str, ...]) -> str:
    first = shown(titles[0], TITLE_ON_BUTTON)
    return first if len(titles) == 1 else _("{title} and {others} more", title=first, others=len(titles) - 1)
