"""What Telegram is told of the bot at start."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue
from bot.handlers.commands import COMMANDS, introduce
from bot.handlers.menu import COMMANDS as UNDERSTOOD
from bot.i18n import LANGUAGES
from tests.handlers.rig import Chat
from tests.telegram import refusal


async def test_commands_and_descriptions_stand_in_every_language(chat: Chat, catalogue: Catalogue) -> None:
    await introduce(chat.bot, catalogue)
    told = {call.fields.get("language_code"): call.fields for call in chat.telegram.sent("setMyCommands")}
    assert told.keys() == {None, *LANGUAGES}
    assert told["ru"]["commands"][0] == {"command": "pay", "description": "Оплатить"}
    assert told["en"]["commands"][0] == {"command": "pay", "description": "Pay"}
    for method, limit in (("setMyDescription", 512), ("setMyShortDescription", 120)):
        calls = chat.telegram.sent(method)
        assert len(calls) == len(told)
        texts = [str(each) for call in calls for key, each in call.fields.items() if "description" in key]
        assert all(0 < len(text) <= limit for text in texts)
    assert chat.telegram.sent("setChatMenuButton")


async def test_a_telegram_that_does_not_listen_stops_nothing(chat: Chat, catalogue: Catalogue) -> None:
    chat.telegram.fail("setMyCommands", *[refusal(400, "Bad Request: no")] * 5)
    await introduce(chat.bot, catalogue)


def test_every_command_in_the_list_is_understood() -> None:
    assert COMMANDS.keys() <= UNDERSTOOD.keys()
    assert {"paysupport", "support", "terms", "privacy"} <= UNDERSTOOD.keys(), "Telegram asks for these"
