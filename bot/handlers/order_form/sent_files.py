"""A picture or a file of a message, as an answer keeps it."""

from __future__ import annotations

from aiogram.types import Message

from bot.domain.order_forms import SentFile
from bot.i18n import shown

CAPTION_LENGTH = 200
NAME_LENGTH = 100


def sent_file(message: Message) -> SentFile | None:
    """None where the message bears none that we keep: stickers, voices and films are not files here."""
    caption = shown(message.caption or "", CAPTION_LENGTH)
    if message.photo:
        largest = message.photo[-1]
        return SentFile(largest.file_id, "photo", "", largest.file_size or 0, caption)
    document = message.document
    if document is None:
        return None
    kind, _, ending = (document.mime_type or "").partition("/")
    name = document.file_name or (f"picture.{ending}" if kind == "image" else "")
    return SentFile(document.file_id, "document", shown(name, NAME_LENGTH), document.file_size or 0, caption)
