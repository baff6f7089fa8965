"""What Telegram itself shows of the bot: the list of commands, the menu button, the descriptions."""

from __future__ import annotations

import asyncio

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import (
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands

from bot.domain.catalogue import Catalogue
from bot.i18n import LANGUAGES, N_, _, default_language, shown, speaking

log = structlog.get_logger()

COMMANDS = {
    "pay": N_("Pay"),
    "invoices": N_("Invoices"),
    "code": N_("Payment code"),
    "autopay": N_("Autopay and saved cards"),
    "balance": N_("Balance and top-up"),
    "history": N_("History"),
    "orders": N_("Order a service, and your orders"),
    "settings": N_("Language, e-mail, phone"),
    "help": N_("Help"),
    "support": N_("Questions about a payment"),
    "terms": N_("Terms"),
    "privacy": N_("Privacy"),
    "forget": N_("Delete my data"),
    "cancel": N_("Back to the menu"),
}
"""Those shown in the list; /paysupport and /start are understood without standing there."""


async def introduce(bot: Bot, catalogue: Catalogue) -> None:
    """Tell Telegram once, at start, in every language; where it does not listen the old words stay."""
    calls: list[TelegramMethod[bool]] = [SetChatMenuButton(menu_button=MenuButtonCommands())]
    calls += _words(catalogue, default_language(), None)
    for code in LANGUAGES:
        calls += _words(catalogue, code, code)
    for answer in await asyncio.gather(*(bot(call) for call in calls), return_exceptions=True):
        if isinstance(answer, TelegramAPIError):
            log.warning("telegram.not_introduced", why=type(answer).__name__)
        elif isinstance(answer, BaseException):
            raise answer


def _words(catalogue: Catalogue, language: str, code: str | None) -> list[TelegramMethod[bool]]:
    with speaking(language):
        seller = shown(catalogue.seller.name)
        commands = [BotCommand(command=name, description=_(title)) for name, title in COMMANDS.items()]
        about = _("The cashier of {seller}: pay, look up payments, ask an operator.", seller=seller)
        short = _("The cashier of {seller}", seller=seller)
    private = BotCommandScopeAllPrivateChats()
    return [
        SetMyCommands(commands=commands, scope=private, language_code=code),
        SetMyDescription(description=about, language_code=code),
        SetMyShortDescription(short_description=short, language_code=code),
    ]
