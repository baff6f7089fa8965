"""A message with its photo or its files on the way into a chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
)
from aiogram.types import BufferedInputFile, InputMediaDocument, LinkPreviewOptions, Message, ReplyParameters

from bot.domain.documents import Enclosure, File
from bot.domain.talk import Attached
from bot.i18n import fit
from bot.notices.albums import send_album
from bot.notices.attached import sending_on
from bot.notices.registry import Rendered

CALL_SECONDS = 30
UPLOAD_SECONDS = 60

CAPTION_LENGTH = 1024
"""Telegram's limit for what stands under a photo or a file."""

NO_TOPIC = ("thread", "TOPIC_")
"""What Telegram's refusals say of a topic that was deleted or closed."""

PICTURE = "image/png"


class Press(Protocol):
    """Whatever makes files."""

    async def make(self, enclosure: Enclosure, language: str) -> File: ...


class Posting:
    """Posts with this bot; files are made first, so that a file that fails leaves no half of a message."""

    def __init__(
        self, bot: Bot, press: Press | None, topic_lost: Callable[[int], Awaitable[None]] | None = None
    ) -> None:
        self._bot = bot
        self._press = press
        self._topic_lost = topic_lost

    async def make_files(self, rendered: Rendered, language: str) -> list[File]:
        if not rendered.enclosures:
            return list(rendered.files)
        if self._press is None:
            raise RuntimeError("nobody makes files here")
        made = [await self._press.make(enclosure, language) for enclosure in rendered.enclosures]
        return [*made, *rendered.files]

    async def post(
        self, chat_id: int, rendered: Rendered, files: Sequence[File], *, thread: int | None, under: int = 0
    ) -> Message:
        """The message that has the buttons; a topic that somebody deleted is done without.

        `under` is the message that it answers, if that is still there.
        """
        where: dict[str, Any] = {"chat_id": chat_id, "message_thread_id": thread}
        if under:
            where["reply_parameters"] = ReplyParameters(message_id=under, allow_sending_without_reply=True)
        try:
            return await self._send(where, rendered, files)
        except TelegramBadRequest as refusal:
            if thread is None or not any(word in refusal.message for word in NO_TOPIC):
                raise
        if self._topic_lost is not None:
            await self._topic_lost(thread)
        return await self._send(where | {"message_thread_id": None}, rendered, files)

    async def _send(self, where: dict[str, Any], rendered: Rendered, files: Sequence[File]) -> Message:
        if rendered.album:
            return await self._send_album(where, rendered)
        how = {
            "reply_markup": rendered.keyboard,
            "disable_notification": rendered.silent or None,
            "parse_mode": None,
        }
        if len(files) == 1 and len(rendered.text) <= CAPTION_LENGTH:
            captioned = _captioned(files[0], rendered.text or None, _given(where, how))
            return await self._bot(captioned, request_timeout=UPLOAD_SECONDS)
        message = await self._send_text(rendered, _given(where, how))
        if files:
            await self._send_files(where | {"disable_notification": how["disable_notification"]}, files)
        return message

    async def _send_text(self, rendered: Rendered, options: dict[str, Any]) -> Message:
        attached = rendered.attached
        if rendered.photo:
            attached = Attached("photo", rendered.photo)
        elif rendered.document:
            attached = Attached("document", rendered.document)
        if attached is not None:
            method = sending_on(attached, caption=fit(rendered.text, CAPTION_LENGTH) or None, **options)
            return await self._bot(method, request_timeout=CALL_SECONDS)
        preview = LinkPreviewOptions(is_disabled=True)
        words = SendMessage(text=fit(rendered.text), link_preview_options=preview, **options)
        return await self._bot(words, request_timeout=CALL_SECONDS)

    async def _send_album(self, where: dict[str, Any], rendered: Rendered) -> Message:
        quietly = {"disable_notification": rendered.silent or None}
        return await send_album(
            self._bot, rendered.album, rendered.text, where | quietly, seconds=CALL_SECONDS
        )

    async def _send_files(self, where: dict[str, Any], files: Sequence[File]) -> None:
        """All in one call, so that they arrive together or not at all."""
        if len(files) == 1:
            await self._bot(SendDocument(document=_upload(files[0]), **where), request_timeout=UPLOAD_SECONDS)
            return
        album = [InputMediaDocument(media=_upload(file)) for file in files]
        await self._bot(SendMediaGroup(media=list(album), **where), request_timeout=UPLOAD_SECONDS)


def _captioned(file: File, caption: str | None, options: dict[str, Any]) -> SendDocument | SendPhoto:
    """A picture is looked at where it stands, any other file is opened."""
    if file.media == PICTURE:
        return SendPhoto(photo=_upload(file), caption=caption, **options)
    return SendDocument(document=_upload(file), caption=caption, **options)


def _upload(file: File) -> BufferedInputFile:
    return BufferedInputFile(file.content, filename=file.name)


def _given(*options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for some in options for name, value in some.items()}
