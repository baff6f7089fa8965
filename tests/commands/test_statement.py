"""A bank statement from the command line: beside nobody, and beside a bot that holds the books."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.storage.filelock import FileLock
from tests.commands.test_commands import loaded_by, seller, settings, typed
from tests.statements import Transfer, one_c

__all__ = ["seller"]  # the folder that the commands work in


@pytest.fixture
def file(seller: Path) -> str:
    Path("kl_to_1c.txt").write_bytes(one_c(Transfer("990.00", "за связь"), Transfer("5.00", "?")))
    return "kl_to_1c.txt"


def test_statement_is_told_in_sums_that_are_the_banks(file: str) -> None:
    told = typed("statement", file).output.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert told == [
        "🏦 Statement kl_to_1c.txt · 18.11.26",
        "Came in by the bank: 2 · 995 ₽",
        "❓ wait for a decision: 2 · 995 ₽",
        "✅ The sums are the bank's.",
    ]
    assert "The very same file was brought before." in typed("statement", file).output
    assert typed("books").exit_code == 0


def test_file_that_is_none_ends_with_1_and_what_to_do(seller: Path) -> None:
    Path("cut.txt").write_bytes(one_c(Transfer("990.00"))[:300])
    result = typed("statement", "cut.txt")
    assert (result.exit_code, "ends in the middle" in result.stderr) == (1, True)
    assert typed("statement", "nothing.txt").exit_code == 2


def test_it_does_not_load_aiogram(file: str) -> None:
    typed("migrate")
    assert "aiogram" not in loaded_by("statement", file)


async def test_beside_a_running_bot_the_file_is_handed_to_it(file: str, seller: Path) -> None:
    brought: list[tuple[str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        brought.append((request.query["name"], await request.read()))
        return web.json_response({"report": ["🏦 Statement"]})

    bot = web.Application()
    bot.router.add_post("/api/v1/statements", take)
    await asyncio.to_thread(typed, "migrate")
    async with TestServer(bot, host="127.0.0.1") as server:
        settings(API_TOKEN="'a token of the tests, long enough to be one'", LISTEN_PORT=str(server.port))
        lock = FileLock(seller / "var" / "kassir.db")
        lock.hold()
        try:
            told = await asyncio.to_thread(typed, "statement", file)
        finally:
            lock.release()
    assert told.output == "🏦 Statement\n"
    assert brought == [("kl_to_1c.txt", (seller / file).read_bytes())]
