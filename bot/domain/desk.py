"""What operators see of things that need a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

THE_HOUSE = 0
"""Who closes a card that needs nobody any more: no operator has that number."""


@dataclass(frozen=True, slots=True)
class Card:
    """A thing in the operators' group that waits for somebody."""

    id: int
    kind: str
    subject: str
    payload: dict[str, Any]
    chat_id: int | None
    message_id: int | None
    closed_by: int | None
    answer: str
    customer_id: int | None = None
    taken_by: int | None = None
    """The operator who looks after it; it may still be answered by others."""
    due_at: datetime | None = None
    """By when an answer was promised."""
    thread_id: int | None = None
    """The forum topic that it hangs in."""
    raised: bool = False
    """Whether it was hung up again because nobody had answered."""
