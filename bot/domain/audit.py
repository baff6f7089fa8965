"""What people did, as it was written down: found again by person, deed, thing and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_EXPORTED = 50_000
"""Lines in one file; a spreadsheet takes more, a message's file does not."""

MOST_WORDS = 6
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Sought:
    """One word that a line has to bear: in a text of its own, or as one of these people or deeds."""

    text: str
    people: frozenset[int] = frozenset()
    deeds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """Every word has to be found; `since` is part of the time, `until` is not."""

    words: tuple[Sought, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    id: int
    who: int
    action: str
    subject: str
    details: Mapping[str, Any]
    at: datetime
