"""Tables for a bookkeeper's spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

from bot.domain.documents import File
from bot.i18n import language

CSV = "text/csv; charset=utf-8"

Cell: TypeAlias = str | int | Decimal

_HARMLESS = re.compile(r"[+-]?[\d ().,-]*", re.ASCII)


class CsvText:
    """UTF-8 with its mark and semicolons, as spreadsheets here expect; no cell can be a formula."""

    def __init__(self, header: Sequence[str]) -> None:
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        self._writer.writerow(header)

    def add(self, row: Sequence[Cell]) -> None:
        self._writer.writerow([_safe(cell) for cell in row])

    def file(self, name: str) -> File:
        return File(name, CSV, self._text.getvalue().encode("utf-8-sig"))


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> File:
    """All of a table at once."""
    text = CsvText(header)
    for row in rows:
        text.add(row)
    return text.file(name)


def _safe(cell: Cell) -> str:
    """Telephone and other numbers stay as they are; a stranger's `=1+1` is shown, not computed.

    Amounts have the comma of the reader's language: his spreadsheet would take 1.12 for a day.
    """
    if isinstance(cell, Decimal):
        return f"{cell}" if language() == "en" else f"{cell}".replace(".", ",")
    words = str(cell)
    if words[:1] in ("=", "+", "-", "@", "\t", "\r") and not _HARMLESS.fullmatch(words):
        return f"'{words}"
    return words
