"""What any group may hear: its own id; and where the operators' group went when it became a supergroup."""

from __future__ import annotations

import structlog
from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.handlers.operators.board import thread_of
from bot.i18n import _, default_language, speaking
from bot.services.outbox import OutboxService

router = Router(name="whereabouts")
log = structlog.get_logger()


@router.message(Command("id"))
async def id_asked(message: Message, outbox: OutboxService) -> None:
    """Told to everybody: it is what the settings need, and tells nothing of the business."""
    with speaking(default_language()):
        if message.chat.id == await outbox.group():
            words = _("This group's id is {id}. It is the operators' group.", id=message.chat.id)
        else:
            words = _(
                "This group's id is {id}. To make it the operators' group, set OPERATORS_CHAT_ID to it.",
                id=message.chat.id,
            )
        if thread_of(message) is not None:
            words += "\n" + _("This topic's number is {id}.", id=message.message_thread_id)
        if message.from_user is not None and message.sender_chat is None:
            words += "\n" + _("Your own id is {id}.", id=message.from_user.id)
    await message.reply(words)


@router.message(F.migrate_to_chat_id)
async def group_moved(message: Message, outbox: OutboxService) -> None:
    if message.migrate_to_chat_id is not None and message.chat.id == await outbox.group():
        log.info("operators.group_moved")
        await outbox.group_moved(message.migrate_to_chat_id)


@router.message(F.migrate_from_chat_id)
async def group_arrived(message: Message, outbox: OutboxService) -> None:
    """The same news from the other side; either may come first, or alone."""
    if message.migrate_from_chat_id == await outbox.group():
        await outbox.group_moved(message.chat.id)
