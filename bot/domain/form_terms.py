"""What a tariff that is made to order asks for, promises and goes through; the catalogue says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.texts import Text

MEGABYTE = 1_000_000
USUAL_FILES = 10
USUAL_MEGABYTES = 20
"""Telegram hands no bigger file to a bot."""


class AnswerKind(StrEnum):
    """What an order form's question takes for an answer."""

    TEXT = "text"
    LINK = "link"
    NUMBER = "number"
    CHOICE = "choice"
    EMAIL = "email"
    PHONE = "phone"
    """With the operator's code, as it is dialled from abroad."""
    DATE = "date"
    PHOTO = "photo"
    FILE = "file"

    @property
    def is_file(self) -> bool:
        """Whether it is answered by pictures or files, several of them."""
        return self in (AnswerKind.PHOTO, AnswerKind.FILE)


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers that a choice offers; `name` is what is kept."""

    name: str
    title: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a tariff's order form.

    `least` and `most` bound a number, `least` a date in days from today; `files`, how many of them.
    """

    name: str
    title: Text
    kind: AnswerKind = AnswerKind.TEXT
    required: bool = True
    help: Text | None = None
    options: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    files: int = USUAL_FILES
    megabytes: int = USUAL_MEGABYTES

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the work on a paid order stands. The last one ends it."""

    name: str
    title: Text
    days: int = 0
    """Within how many days it is promised to be over; 0 promises none."""


USUAL_STAGES = (
    Stage("working", Text({"ru": "В работе", "en": "In work", "be": "У рабоце", "ky": "Иштелүүдө"})),
    Stage("done", Text({"ru": "Готово", "en": "Done", "be": "Гатова", "ky": "Даяр"})),
)


@dataclass(frozen=True, slots=True)
class MadeToOrder:
    """A tariff whose order is a form: it is reviewed, paid, then worked on."""

    form: tuple[Question, ...]
    review_hours: int = 24
    """Within how many hours an answer is promised once the form was sent in."""
    pay_days: int = 7
    """For how many days an approved order keeps its price."""
    stages: tuple[Stage, ...] = USUAL_STAGES
    terms: Text | None = None
    """What is shown before paying: when an accepted order is refunded."""
    once: bool = False
    """It is paid for once; else it is renewed like any connector."""

    def question(self, name: str) -> Question | None:
        return next((question for question in self.form if question.name == name), None)

    def stage(self, name: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.name == name), None)

    def after(self, name: str) -> Stage | None:
        """The stage that follows; the first one after "", None after the last."""
        names = [stage.name for stage in self.stages]
        place = names.index(name) + 1 if name in names else 0
        return self.stages[place] if place < len(self.stages) else None
