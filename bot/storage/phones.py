"""Phone numbers as people type them."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, false

FEWEST_DIGITS = 4
"""Fewer tell nobody from another."""

NATIONAL = 10
"""Whatever stands before so many digits is a country code, or the 8 that stands for it."""

_TYPED = re.compile(r"[\d\s()+.-]+")


def ends_like(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """The stored number (E.164) ends with the digits of what was typed; nothing does if it is no number."""
    digits = re.sub(r"\D", "", words)
    if len(digits) < FEWEST_DIGITS or _TYPED.fullmatch(words) is None:
        return false()
    return column.endswith(digits[-NATIONAL:])
