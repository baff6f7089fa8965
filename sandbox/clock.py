"""The clock of the street: Telegram, providers, bank, seller and the bot itself all live by it.

It runs with the real one, ahead of it by what was skipped (sandbox/skipping.py).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path


class StreetClock:
    """How far ahead the street is; kept in a file, so that a demo goes on in the day it had reached."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._kept: Path | None = None

    def begin(self, kept: Path | None = None) -> None:
        """As the file says, else as the real clock."""
        self._kept = kept
        known = kept is not None and kept.exists()
        self.ahead = timedelta(seconds=float(kept.read_text())) if kept and known else timedelta()

    def move(self, ahead: timedelta) -> None:
        self.ahead = ahead
        if self._kept is not None:
            self._kept.write_text(str(ahead.total_seconds()))


STREET = StreetClock()


def now() -> datetime:
    return datetime.now(UTC) + STREET.ahead


def today() -> date:
    """By the calendar of whoever tries it."""
    return now().astimezone().date()


def seconds() -> int:
    """As Telegram writes moments."""
    return int(now().timestamp())


class Clock:
    """One house's: the street's, which a test of that house alone may move forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return now() + self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by


def stamp(moment: datetime) -> str:
    """A moment as programs write it: UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
