"""What operators type: /help, /cards, and /close and /open for the switch "payments closed"."""

from __future__ import annotations

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.methods import EditMessageText, SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeChat, CallbackQuery, Message

from bot.domain.states import Role
from bot.handlers.operators import board
from bot.handlers.operators.counter import known_person
from bot.i18n import N_, _, default_language, role_title, shown, speaking
from bot.keyboards import operators as buttons
from bot.keyboards.operators import Switch
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService

router = Router(name="operators_commands")
log = structlog.get_logger()

COMMANDS = {
    "find": N_("Find anybody and anything"),
    "cards": N_("What waits for somebody"),
    "todo": N_("What waits, by the sort of work"),
    "today": N_("What came today, as a picture; also /week and /month"),
    "report": N_("What came on any days: /report 1.11 15.11"),
    "day": N_("A day's books against each provider's list; closes the day"),
    "autopays": N_("What autopays are to bring, and what failed"),
    "code": N_("A customer's payment code"),
    "refund": N_("Send a payment's money back, or a part of it"),
    "order": N_("Order for somebody on the telephone; also /invoice and /link"),
    "paid": N_("Note an invoice as paid before the bank tells of it"),
    "audit": N_("Who did what, by words and days"),
    "close": N_("Stop new payments"),
    "open": N_("Take payments again"),
    "help": N_("What the cards and buttons do"),
    "id": N_("This group's id and yours"),
}

_NEEDS = {
    **dict.fromkeys(("code", "refund", "order"), Role.OPERATOR),
    **dict.fromkeys(("day", "paid", "close", "open"), Role.CASHIER),
    "audit": Role.OWNER,
}
"""More than a viewer's role; each service asks for it again."""

MOST_CARDS = 8
"""The group takes twenty messages a minute, and each card takes an edit as well."""


async def introduce_to_operators(bot: Bot, chat_id: int) -> None:
    """Set the group's list of commands; where Telegram does not listen they work all the same."""
    with speaking(default_language()):
        commands = [BotCommand(command=name, description=_(title)) for name, title in COMMANDS.items()]
    try:
        await bot(SetMyCommands(commands=commands, scope=BotCommandScopeChat(chat_id=chat_id)))
    except TelegramAPIError as refusal:
        log.warning("operators.not_introduced", why=type(refusal).__name__)


@router.message(Command("help", "start"))
async def help_asked(message: Message, desk: DeskService) -> None:
    who = known_person(message).id
    desk.demand(who, Role.VIEWER)
    role = desk.role(who)
    assert role is not None
    lines = [
        _("Your role: {role}.", role=role_title(role.value)),
        _("⏸ New payments are stopped.") if await desk.payments_closed() else _("Payments are taken."),
        "",
        *(
            f"/{name} — {_(title)}"
            for name, title in COMMANDS.items()
            if role.includes(_NEEDS.get(name, Role.VIEWER))
        ),
        "",
        _(
            "A viewer reads. An operator answers customers, attaches connectors and closes cards. "
            "A cashier also says whose money it is and stops payments. An owner may do everything."
        ),
    ]
    await message.reply("\n".join(lines))


@router.message(Command("cards"))
async def cards_asked(message: Message, bot: Bot, desk: DeskService) -> None:
    """Cards that got lost in the talk hang below again, the oldest first."""
    cards = await desk.open_cards(known_person(message).id, MOST_CARDS)
    if not cards:
        await message.reply(_("Nothing waits for anybody."))
    for card in cards:
        hung = await board.post(bot, card, message)
        await desk.posted(card.id, message.chat.id, hung, board.thread_of(message))


@router.message(Command("close", "open"))
async def switch_asked(message: Message, desk: DeskService) -> None:
    """Asks once more; the tap on its button does it."""
    desk.demand(known_person(message).id, Role.CASHIER)
    closing = (message.text or "").lower().startswith("/close")
    if await desk.payments_closed() == closing:
        words = _("New payments are stopped already.") if closing else _("Payments are taken already.")
        await message.reply(words)
        return
    if closing:
        words = _("Stop new payments? Customers will read that. What was begun can still be paid.")
    else:
        words = _("Take payments again?")
    await message.reply(words, reply_markup=buttons.switch(closed=closing))


@router.callback_query(Switch.filter())
async def switch_pressed(query: CallbackQuery, callback_data: Switch, bot: Bot, desk: DeskService) -> None:
    assert query.message is not None
    await desk.close_payments(query.from_user.id, closed=callback_data.closed)
    name = shown(query.from_user.full_name)
    if callback_data.closed:
        words = _("⏸ {name} stopped new payments. /open takes them again.", name=name)
    else:
        words = _("▶️ {name} takes payments again.", name=name)
    await answer_tap(bot, query)
    place = query.message
    await bot(EditMessageText(chat_id=place.chat.id, message_id=place.message_id, text=words))
