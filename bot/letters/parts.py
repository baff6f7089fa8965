"""What a letter is made of; how each part looks is for the frame to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.documents import Enclosure


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Large:
    """What the reader looks for first: a sum, a code."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What belongs to each name; a fact without a value is left out."""

    rows: tuple[tuple[str, str], ...]

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, value) for name, value in self.rows if value)


@dataclass(frozen=True, slots=True)
class Copied:
    """Words to be copied to the letter, such as the purpose of a payment."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    text: str


Part: TypeAlias = Words | Large | Facts | Copied | Button | Note


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail before it is written out. `enclosures` are files made when it is sent."""

    subject: str
    parts: tuple[Part, ...]
    enclosures: tuple[Enclosure, ...] = ()
