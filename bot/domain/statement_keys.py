"""The identity of a statement's line: the same in every file that tells of it, another for its twin."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from bot.domain.statements import StatementLine

_APART = "\x1f"
"""Counts as a blank, so it never stands in a field whose blanks were joined."""


class LineKeys:
    """Gives the lines of one file their keys, in the order of the file.

    Two equal transfers of a day differ by their place among equals; a file of the next day starts anew, so a
    transfer that stands in both keeps its key. What it remembers grows by a few bytes a line.
    """

    def __init__(self) -> None:
        self._met: Counter[bytes] = Counter()

    def key(self, line: StatementLine) -> str:
        digest = sha256(_facts(line).encode())
        short = digest.digest()[:16]
        self._met[short] += 1
        place = self._met[short]
        if place > 1:
            digest.update(f"{_APART}{place}".encode())
        return digest.hexdigest()


def _facts(line: StatementLine) -> str:
    """The bank's own reference is enough with day and sum: some banks give one to a whole batch."""
    shared = (line.account, line.booked_on.isoformat(), str(line.amount.minor), line.amount.currency)
    if line.reference:
        return _joined("ref", *shared, line.reference)
    payer = line.payer_account or line.payer_tax_number
    return _joined("facts", *shared, line.number, payer, line.purpose)


def _joined(*facts: str) -> str:
    return _APART.join(" ".join(fact.split()) for fact in facts)
