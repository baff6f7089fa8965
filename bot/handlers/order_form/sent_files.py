"""Pictures and files of messages, as an answer keeps them: one by one, or an album of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from aiogram.types import Message

from bot.domain.errors import CustomerError
from bot.domain.order_forms import SentFile
from bot.handlers.order_form.draft import Draft
from bot.i18n import sentence_for, shown
from bot.middlewares.visits import Visit

CAPTION_LENGTH = 200
NAME_LENGTH = 100


class Show(Protocol):
    """The screen that answers; renewed where it stands already for the same album."""

    async def __call__(self, visit: Visit, draft: Draft, *, renew: bool = False) -> None: ...


def follows(visit: Visit, draft: Draft) -> bool:
    """Whether the message belongs to the album that the one before it began."""
    album = visit.message.media_group_id
    return bool(album) and album == draft.album


async def take_in(
    visit: Visit, draft: Draft, keep: Callable[[Visit, Draft], Awaitable[None]], show: Show
) -> None:
    """Each picture of an album comes by itself: one screen answers them all, and one refusal."""
    is_next = follows(visit, draft)
    try:
        await keep(visit, draft)
        draft.refused = is_next and draft.refused
    except CustomerError as refusal:
        if is_next and draft.refused:
            return
        visit.note, draft.refused = sentence_for(refusal), True
    draft.album, draft.album_at = visit.message.media_group_id or "", draft.at
    await show(visit, draft, renew=is_next)


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
