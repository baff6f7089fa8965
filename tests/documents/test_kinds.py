"""Whatever is promised with a message can be made."""

from __future__ import annotations

import re
from pathlib import Path

import bot.documents  # noqa: F401 (registers every kind)
from bot.documents.registry import kinds

SOURCES = Path(__file__).parents[2] / "bot"


def test_each_kind_that_is_enclosed_has_its_maker() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.py"))
    enclosed = set(re.findall(r'Enclosure\(\s*"(\w+)"', code))
    for named in re.findall(r'enclosed\(facts, ((?:"\w+"(?:, )?)+)\)', code):
        enclosed |= set(re.findall(r"\w+", named))
    assert {"invoice", "receipt", "usage", "usage_csv"} <= enclosed
    assert enclosed <= kinds()
