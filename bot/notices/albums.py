"""Pictures and files that Telegram keeps already, sent together as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from aiogram import Bot
from aiogram.methods import SendDocument, SendMediaGroup, SendPhoto
from aiogram.types import InputMediaDocument, InputMediaPhoto, MediaUnion, Message

from bot.i18n import fit

CAPTION_LENGTH = 1024

Kept: TypeAlias = Mapping[str, str]
"""A `file_id`, its `kind` (photo or document) and the `caption` it came with."""


async def send_album(
    bot: Bot, files: Sequence[Kept], words: str, where: Mapping[str, Any], *, seconds: int | None = None
) -> Message:
    """All of one kind in one call, the first message of it; a single one is no album for Telegram.

    `words` stand below the first where it came without a caption.
    """
    first = {**files[0], "caption": files[0].get("caption") or words}
    if len(files) > 1:
        media = [_member(file) for file in (first, *files[1:])]
        return (await bot(SendMediaGroup(media=media, **where), request_timeout=seconds))[0]
    caption = _caption(first)
    if first["kind"] == "photo":
        return await bot(SendPhoto(photo=first["file_id"], caption=caption, **where), request_timeout=seconds)
    return await bot(
        SendDocument(document=first["file_id"], caption=caption, **where), request_timeout=seconds
    )


def _member(file: Kept) -> MediaUnion:
    if file["kind"] == "photo":
        return InputMediaPhoto(media=file["file_id"], caption=_caption(file))
    return InputMediaDocument(media=file["file_id"], caption=_caption(file))


def _caption(file: Kept) -> str | None:
    return fit(file.get("caption") or "", CAPTION_LENGTH) or None
