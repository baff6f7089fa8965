"""Charges and regular invoices on the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app.books import open_books
from bot.config import load_settings
from bot.domain.billing import RunState
from bot.storage.filelock import FileLock
from tests.commands.test_commands import csv, seller, typed  # noqa: F401 (a fixture)

HEADER = "connector,started_at,number,duration_s,amount,description"


def charges(*lines: str) -> str:
    Path("charges.csv").write_text("\n".join((HEADER, *lines)))
    return "charges.csv"


def test_charges_are_taken_once() -> None:
    typed("import", "connectors", csv("sip-1,,Office,sip,,1001,,"))
    line = "sip-1,2026-11-05T10:00:00+03:00,+7 999,61,1.20,"
    assert typed("import", "charges", charges(line, line)).output == "2 added, 0 were known.\n"
    assert typed("import", "charges", "charges.csv").output == "0 added, 2 were known.\n"


def test_a_refused_file_ends_with_1_and_every_line() -> None:
    result = typed("import", "charges", charges("sip-1,soon,,,1.20,", "sip-9,2026-11-05T10:00:00,,,1.20,"))
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["line 2", "line 3"]


def test_charges_beside_the_running_bot_are_refused(seller: Path) -> None:  # noqa: F811 (the fixture)
    typed("import", "connectors", csv("sip-1,,Office,sip,,1001,,"))
    lock = FileLock(seller / "var" / "kassir.db")
    lock.hold()
    try:
        result = typed("import", "charges", charges("sip-1,2026-11-05T10:00:00,,,1.20,"))
    finally:
        lock.release()
    assert (result.exit_code, "in use by process" in result.stderr) == (1, True)


def test_how_far_a_month_has_come_is_told_beside_the_bot() -> None:
    assert typed("migrate").exit_code == 0
    assert typed("billing").output == "No month was billed yet.\n"

    async def begin() -> None:
        async with open_books(load_settings()) as database:
            await database.write(lambda tx: tx.billing.begin("2026-10", RunState.FORMED))
            await database.write(lambda tx: tx.billing.begin("2026-11", RunState.COUNTING))

    asyncio.run(begin())
    assert typed("billing").output.splitlines() == [
        "2026-11  counting: 0 connectors so far",
        "2026-10  formed: 0 invoices of 0 connectors",
    ]
