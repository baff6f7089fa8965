"""What a house still knows after a restart: rows of JSON in a file, nothing where there is no file."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def remembered(file: Path | None) -> list[Row]:
    if file is None or not file.exists():
        return []
    rows: list[Row] = json.loads(file.read_text("utf-8"))
    return rows


def remember(file: Path | None, rows: Iterable[Row]) -> None:
    if file is not None:
        file.write_text(json.dumps(list(rows), ensure_ascii=False), "utf-8")
