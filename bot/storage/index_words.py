"""The words of a partial index, written out in the statements that it is to answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal_column


def among(column: ColumnElement[Any], *words: str) -> ColumnElement[bool]:
    """`column in ('a', 'b')`, or `column = 'a'`: the index's own words, in its order.

    Bound as values, neither database would see that a partial index fits, and the whole table would be
    read; a list of them could not be prepared either. Nothing that anybody typed belongs here.
    """
    written: list[ColumnElement[Any]] = [literal_column(f"'{word}'") for word in words]
    return column == written[0] if len(written) == 1 else column.in_(written)
