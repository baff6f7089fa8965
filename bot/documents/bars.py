"""Bars of pictures: their heights and lengths are thousandths of the highest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

PNG = "image/png"
WHOLE = 1000
LEAST = 10


def height(value: int, highest: int) -> int:
    """What is more than nothing still shows."""
    return max(value * WHOLE // highest, LEAST) if value > 0 else 0


def rows_with_bars(rows: Sequence[tuple[str, int, str]]) -> list[list[Any]]:
    """`(name, value, as it is shown)` of each, with a bar on the scale of them all."""
    highest = max((value for _name, value, _shown in rows), default=0)
    return [[name, shown, height(value, highest)] for name, value, shown in rows]
