"""Whoever adds a table says what becomes of the people in it."""

from __future__ import annotations

import re
from pathlib import Path

from bot.storage.tables import metadata


def test_the_page_about_personal_data_names_every_table() -> None:
    page = Path("docs/personal-data.md").read_text(encoding="utf-8")
    named = {
        name for row in re.findall(r"^\| ([a-z_, ]+) \|", page, re.MULTILINE) for name in row.split(", ")
    }
    assert {table.name for table in metadata.sorted_tables} <= named
