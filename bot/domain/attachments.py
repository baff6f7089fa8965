"""Files that a customer sends for people to look at: Telegram keeps them, we keep their ids."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import CustomerError

MOST_FILES = 5
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 20
"""What a bot may fetch from Telegram; a payment order is far smaller."""

_PAPERS = ("application/pdf", "image/")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, or a document with its name."""

    file_id: str
    is_picture: bool
    name: str = ""


def checked_paper(attachment: Attachment, *, media: str, size: int) -> Attachment:
    """The same; refused where nobody could open it or it is too large."""
    if not attachment.is_picture and not media.startswith(_PAPERS):
        raise CustomerError("file_kind")
    if size > MOST_MEGABYTES * MEGABYTE:
        raise CustomerError("file_too_large", most=MOST_MEGABYTES)
    return attachment
