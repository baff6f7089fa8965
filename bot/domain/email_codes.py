"""Codes that prove whose an e-mail address is: six digits in a letter, sent back in the chat."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GOOD_FOR = timedelta(minutes=15)
MOST_TRIES = 5
MOST_AT_ONCE, AT_ONCE = 3, timedelta(minutes=10)
MOST_A_DAY, A_DAY = 10, timedelta(days=1)
"""So many letters within so long, for one customer and to one address each."""

_DIGITS = 6


class CodePurpose(StrEnum):
    ADDRESS = "address"
    """A payer's papers go there from then on."""
    CONNECTORS = "connectors"
    """The ownerless connectors that name the address become the customer's."""


@dataclass(frozen=True, slots=True)
class EmailCode:
    """What was sent; `code_hash` may be of a code that nobody was told."""

    id: int
    email: str
    payer_id: int | None
    code_hash: str
    tries: int
    created_at: datetime

    @property
    def tries_left(self) -> int:
        return MOST_TRIES - self.tries


def new_code() -> str:
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def typed_code(text: str) -> str | None:
    """The digits, however they were set apart; None for what cannot be a code."""
    digits = re.sub(r"[\s-]+", "", text)
    return digits if re.fullmatch(rf"\d{{{_DIGITS}}}", digits, re.ASCII) else None
