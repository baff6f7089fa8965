"""What customers and operators write to each other, under a card of the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FROM_CUSTOMER = 0
"""Who wrote it, where it was no operator."""

ANSWERED_WITHIN = timedelta(days=1)
"""So long after an operator wrote, whatever a customer says is taken for his answer."""

LONGEST = 3000
"""Of what is passed on; a name and a line of ours go with it into one message."""


@dataclass(frozen=True, slots=True)
class Attached:
    """Something that a person sent to the bot, by Telegram's number of it, so that it can be sent on."""

    kind: str
    """photo, document, video, voice or audio."""
    file_id: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a person, to be passed on once; `number` is Telegram's in the chat it was written in."""

    number: int
    words: str = ""
    attached: Attached | None = None


@dataclass(frozen=True, slots=True)
class TalkMessage:
    """A message that was passed on, with its numbers in both chats as far as they are known."""

    id: int
    card_id: int
    customer_id: int
    who: int
    words: str
    attached: Attached | None
    customer_message: int | None
    group_message: int | None
    at: datetime

    @property
    def is_from_customer(self) -> bool:
        return self.who == FROM_CUSTOMER
