"""Pictures and files that Telegram keeps already, sent together as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from aiogram.methods import SendDocument, SendMediaGroup, SendPhoto
from aiogram.types import InputMediaDocument, InputMediaPhoto

from bot.i18n import fit

CAPTION_LENGTH = 1024

Kept: TypeAlias = Mapping[str, str]
"""A `file_id`, its `kind` (photo or document) and the `caption` it came with."""


def album_of(
    files: Sequence[Kept], words: str, where: Mapping[str, Any]
) -> SendMediaGroup | SendPhoto | SendDocument:
    """All of one kind in one call; a single one is no album for Telegram.

    `words` stand below the first where it came without a caption.
    """
    first = {**files[0], "caption": files[0].get("caption") or words}
    if len(files) > 1:
        return SendMediaGroup(media=[_member(file) for file in (first, *files[1:])], **where)
    file, caption = first, _caption(first)
    if file["kind"] == "photo":
        return SendPhoto(photo=file["file_id"], caption=caption, **where)
    return SendDocument(document=file["file_id"], caption=caption, **where)


def _member(file: Kept) -> InputMediaPhoto | InputMediaDocument:
    if file["kind"] == "photo":
        return InputMediaPhoto(media=file["file_id"], caption=_caption(file))
    return InputMediaDocument(media=file["file_id"], caption=_caption(file))


def _caption(file: Kept) -> str | None:
    return fit(file.get("caption") or "", CAPTION_LENGTH) or None
