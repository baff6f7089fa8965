"""Tables for a bookkeeper's spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

from bot.domain.documents import File

CSV = "text/csv; charset=utf-8"

Cell: TypeAlias = str | int | Decimal

_HARMLESS = re.compile(r"[+-]?[\d ().,-]*", re.ASCII)


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> File:
    """UTF-8 with its mark and semicolons, as spreadsheets here expect; no cell can be a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return File(name, CSV, text.getvalue().encode("utf-8-sig"))


def _safe(cell: Cell) -> str:
    """Telephone and other numbers stay as they are; a stranger's `=1+1` is shown, not computed."""
    words = str(cell)
    if words[:1] in ("=", "+", "-", "@", "\t", "\r") and not _HARMLESS.fullmatch(words):
        return f"'{words}"
    return words
