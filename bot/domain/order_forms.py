"""What a customer wrote into the form of something made to order, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".svg")


class FormState(StrEnum):
    """`review` also where the reviewer has asked something: then no answer of ours is due."""

    FILLING = "filling"
    REVIEW = "review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A picture or a file as Telegram keeps it; `size` is in bytes, `kind` photo or document."""

    file_id: str
    kind: str
    name: str = ""
    size: int = 0
    caption: str = ""

    @property
    def is_picture(self) -> bool:
        """Also one that was sent as a file: its name tells."""
        return self.kind == "photo" or self.name.lower().endswith(PICTURES)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question: words (a choice by its name, a date in ISO form), or files."""

    value: str = ""
    files: tuple[SentFile, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the question was skipped."""
        return not self.value and not self.files


@dataclass(frozen=True, slots=True)
class OrderForm:
    """A form that is being filled in, or was sent in; `order_id` is what is to be paid then."""

    id: int
    customer_id: int
    payer_id: int | None
    tariff: str
    months: int
    state: FormState
    order_id: int | None
    answers: Mapping[str, Answer]
    """By the question's name; a skipped one has an empty answer."""
    review_until: datetime | None
    question: str
    reason: str
    decided_by: int | None
    sent_in_at: datetime | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OrderWork:
    """Where the work on a paid order stands; `stage` is "" until somebody begins."""

    order_id: int
    stage: str
    due_on: date | None
    begun_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One move of the work, with what the customer was told."""

    stage: str
    due_on: date | None
    words: str
    url: str
    file: SentFile | None
    who: int
    at: datetime
