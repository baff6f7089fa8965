"""What a person attached, on its way to somebody else."""

from __future__ import annotations

from typing import Any

from aiogram.methods import SendAudio, SendDocument, SendPhoto, SendVideo, SendVoice
from aiogram.methods.base import TelegramMethod
from aiogram.types import Message

from bot.domain.talk import Attached

_SENDS_ON: dict[str, type[Any]] = {
    "photo": SendPhoto,
    "document": SendDocument,
    "video": SendVideo,
    "voice": SendVoice,
    "audio": SendAudio,
}


def sending_on(attached: Attached, **options: Any) -> TelegramMethod[Message]:
    """The call that sends what a person attached to somebody else."""
    method: TelegramMethod[Message] = _SENDS_ON[attached.kind](**{attached.kind: attached.file_id}, **options)
    return method
