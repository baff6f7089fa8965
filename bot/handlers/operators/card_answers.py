"""What operators reply to the questions of a card: a connector, whose money it is."""

from __future__ import annotations

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.handlers.operators.prompts import Told, asked_for
from bot.i18n import _
from bot.keyboards import operators as buttons
from bot.services.desk import DeskService

LINE, OWNER = "line", "owner"


@asked_for(LINE)
async def line_told(told: Told, desk: DeskService) -> None:
    found = await desk.lines(told.who, told.card, told.words)
    none = _("No connector without an owner has that id, phone or name. Reply to the question again.")
    words = _("Which one?") if found else none
    await told.message.reply(words, reply_markup=buttons.lines(told.card, found))


@asked_for(OWNER)
async def owner_told(told: Told, desk: DeskService) -> None:
    card = await desk.card_for(told.who, told.card, Role.CASHIER)
    found = await desk.owners(told.who, told.card, told.words)
    none = _("Nothing was found. Reply to the question again, with other words.")
    keyboard = buttons.owners(card.id, _event_of(card), found)
    await told.message.reply(_("To whom does it go?") if found else none, reply_markup=keyboard)


def _event_of(card: Card) -> int:
    if "event_id" not in card.payload:
        raise CustomerError("already_done")
    return int(card.payload["event_id"])
