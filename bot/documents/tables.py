"""A list on paper: receipts of a period, usage, charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from bot.documents.frame import PDF, frame
from bot.documents.typesetter import Typesetter
from bot.domain.documents import File

TEMPLATE = "table.typ"

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is "auto" for what fits its contents, else its share of the rest: "1", "2"."""

    title: str
    align: Literal["left", "right", "center"] = "left"
    width: str = "auto"


@dataclass(frozen=True, slots=True)
class TablePaper:
    """All of it words ready to read. A column with a share makes the table as wide as the page."""

    title: str
    author: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    facts: Pairs = ()
    totals: Pairs = ()
    """Name and sum; the last one is printed bold."""
    notes: Sequence[str] = ()
    on: date | None = None

    def data(self) -> dict[str, Any]:
        return frame(self.title, author=self.author, on=self.on) | {
            "columns": [asdict(column) for column in self.columns],
            "rows": [list(row) for row in self.rows],
            "facts": [list(pair) for pair in self.facts],
            "totals": [list(pair) for pair in self.totals],
            "notes": list(self.notes),
        }


async def table_file(typesetter: Typesetter, name: str, paper: TablePaper) -> File:
    return File(name, PDF, await typesetter.pdf(TEMPLATE, paper.data(), paper.on))
