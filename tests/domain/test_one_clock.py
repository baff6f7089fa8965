"""There is one clock: whatever else in bot/ read one would not follow when the time is moved."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import periods

BOT = Path(periods.__file__).parents[1]
THE_CLOCK = "domain/periods.py"
WALL_CLOCKS = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp"},
    "date": {"today", "fromtimestamp"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "asctime"},
    "func": {"now", "current_timestamp", "current_date", "localtimestamp", "sysdate"},
}
GIVEN_A_MOMENT = {"fromtimestamp", "localtime", "gmtime", "ctime", "strftime", "asctime"}
"""These read no clock when they are told the moment."""


def readings(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each wall clock that is read, also where it was imported by its bare name."""
    tree = ast.parse(source)
    bare = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
    }
    for node in ast.walk(tree):
        match node:
            case (
                ast.Attribute(value=ast.Name(id=owner), attr=name)
                | ast.Attribute(value=ast.Attribute(attr=owner), attr=name)
            ) if name in WALL_CLOCKS.get(owner, ()) and name not in GIVEN_A_MOMENT:
                yield node.lineno, f"{owner}.{name}"
            case ast.Name(id=name) if bare.get(name) in WALL_CLOCKS["time"]:
                yield node.lineno, name
            case ast.Constant(value=str(text)) if "CURRENT_TIMESTAMP" in text.upper():
                yield node.lineno, "CURRENT_TIMESTAMP"
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="func")), args=[*_, ast.Constant(value="now")]
            ):
                yield node.lineno, "'now' of SQLite"


def test_nothing_else_reads_a_clock() -> None:
    found = {
        f"{path.relative_to(BOT)}:{line} {what}"
        for path in BOT.rglob("*.py")
        for line, what in readings(path.read_text())
        if path.relative_to(BOT).as_posix() != THE_CLOCK
    }
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "from time import time as clock\nclock()",
        "func.now()",
        "Column(default=datetime.now)",
        "text('select CURRENT_TIMESTAMP')",
        "func.date('now')",
    ],
)
def test_a_clock_is_known_when_it_is_seen(line: str) -> None:
    assert len(list(readings(line))) == 1


@pytest.mark.parametrize(
    "line", ["time.monotonic()", "datetime.fromtimestamp(5, UTC)", "loop.time()", "moment.time()"]
)
def test_what_measures_or_converts_is_none(line: str) -> None:
    assert list(readings(line)) == []


def test_the_present_runs_ahead_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "_ahead", timedelta())
    before = periods.now()
    periods.run_ahead(timedelta(days=40))
    assert timedelta(days=40) <= periods.now() - before < timedelta(days=41)
    periods.run_ahead(timedelta(days=-1))
    assert periods.now() < before
    assert periods.ahead() == timedelta(days=-1)
