"""The connectors as the seller's own system knows them, and how the bot's news changes them."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

IMPORTED = "connectors.csv"
KEPT = "cabinet.json"


@dataclass
class Line:
    """`sequence` is that of the newest news about it: whatever is older is not believed any more."""

    id: str
    title: str
    tariff: str
    paid_until: str = ""
    owned: bool = False
    sequence: int = 0

    def is_on(self, today: date) -> bool:
        return self.paid_until >= today.isoformat()


class Lines:
    """What the seller sells, kept in a file of its own beside the bot's books."""

    def __init__(self, folder: Path) -> None:
        self._imported = folder / IMPORTED
        self._kept = folder / KEPT
        self._lines: dict[str, Line] = {}

    def all(self) -> list[Line]:
        self._begin()
        return list(self._lines.values())

    def get(self, line_id: str) -> Line | None:
        self._begin()
        return self._lines.get(line_id)

    def hear(self, data: dict[str, Any]) -> bool:
        """Take over what is news; False for what is older than what we know."""
        self._begin()
        line = self._lines.setdefault(data["id"], Line(data["id"], "", "", sequence=-1))
        if data["sequence"] <= line.sequence:
            return False
        line.sequence = data["sequence"]
        for name in ("title", "tariff", "owned"):
            setattr(line, name, data.get(name, getattr(line, name)))
        line.paid_until = data.get("paid_until") or line.paid_until
        self._kept.write_text(json.dumps([asdict(each) for each in self._lines.values()], ensure_ascii=False))
        return True

    def _begin(self) -> None:
        """What was known the last time, else the file that the bot imported too."""
        if self._lines:
            return
        if self._kept.exists():
            self._lines = {each["id"]: Line(**each) for each in json.loads(self._kept.read_text())}
        elif self._imported.exists():
            with self._imported.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file)
                self._lines = {row["id"]: _imported(row) for row in rows}


def _imported(row: dict[str, str]) -> Line:
    return Line(row["id"], row["title"], row["tariff"], row["paid_until"], bool(row["telegram_id"]))
