"""What a person said in one message, so that it can be passed on: words, and one thing attached."""

from __future__ import annotations

from typing import Any

from aiogram import F
from aiogram.types import Message

from bot.domain.errors import CustomerError
from bot.domain.talk import Attached, Said

SOMETHING = F.text | F.photo | F.document | F.video | F.voice | F.audio
"""Messages that can be passed on; stickers, places, contacts and the like cannot."""


def said_in(message: Message) -> Said:
    """CustomerError "talk_kind" for what cannot be passed on."""
    attached, words = attached_to(message), message.text or message.caption or ""
    if attached is None and not words:
        raise CustomerError("talk_kind")
    return Said(message.message_id, words, attached)


def attached_to(message: Message) -> Attached | None:
    """The one thing beside its words; of a picture the largest size."""
    if message.photo:
        return Attached("photo", message.photo[-1].file_id)
    files: dict[str, Any] = {
        "document": message.document,
        "video": message.video,
        "voice": message.voice,
        "audio": message.audio,
    }
    return next((Attached(kind, file.file_id) for kind, file in files.items() if file), None)
