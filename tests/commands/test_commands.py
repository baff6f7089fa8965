"""The command line, as a person types it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner, Result

from bot.commands import main
from bot.storage.filelock import FileLock
from sandbox import telegram, yookassa

ROOT = Path(__file__).parents[2]
TOKEN, SHOP, SHOP_KEY = "42:SANDBOX", "100500", "test_key"
HEADER = "id,kind,title,tariff,paid_until,telegram_id,phone,email"


@pytest.fixture(autouse=True)
def seller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the least a seller has, and nothing of ours in the environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    monkeypatch.setattr("os.environ", kept | {"PYTHONPATH": str(ROOT)})
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "catalog.example.toml", "catalog.toml")
    settings(BOT_TOKEN=TOKEN, SECRET_KEY="k" * 40, TELEGRAM_API_URL="http://127.0.0.1:9")
    yield tmp_path
    structlog.reset_defaults()


def settings(**values: str) -> None:
    with Path(".env").open("a") as env_file:
        env_file.writelines(f"{name}={value}\n" for name, value in values.items())


def typed(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def csv(*lines: str) -> str:
    Path("lines.csv").write_text("\n".join((HEADER, *lines)))
    return "lines.csv"


def loaded_by(*words: str) -> set[str]:
    """The top-level modules a command has loaded when it ends."""
    code = (
        "import sys, runpy, atexit\n"
        "atexit.register(lambda: print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr))\n"
        "runpy.run_module('bot', run_name='__main__', alter_sys=True)"
    )
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    return set(done.stderr.splitlines()[-1].split())


def test_help_loads_next_to_nothing() -> None:
    assert not {"aiogram", "sqlalchemy", "pydantic", "aiohttp", "structlog"} & loaded_by("--help")


@pytest.mark.parametrize(
    "words",
    [("books",), ("check",), ("migrate",), ("reconcile", "--since", "2026-12-01"), ("link", "wa-1")],
)
def test_commands_without_a_chat_do_not_load_aiogram(words: tuple[str, ...]) -> None:
    typed("migrate")
    loaded = loaded_by(*words)
    assert "sqlalchemy" in loaded
    assert not {"aiogram", "alembic"} & loaded


@pytest.mark.parametrize("words", [("books",), ("check",), ("import", "connectors", "x.csv"), ("migrate",)])
def test_wrong_settings_end_with_2_and_their_names(words: tuple[str, ...]) -> None:
    Path(".env").write_text("SECRET_KEY=hush\n")
    result = typed(*words)
    assert result.exit_code == 2
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["BOT_TOKEN", "SECRET_KEY"]
    assert "hush" not in result.output


def test_address_of_no_database_we_know_is_a_wrong_setting() -> None:
    settings(DATABASE_URL="mysql://x")
    result = typed("books")
    assert (result.exit_code, result.stderr.split(":")[0]) == (2, "DATABASE_URL")


def test_wrong_catalogue_ends_with_2_and_its_line() -> None:
    catalogue = Path("catalog.toml")
    catalogue.write_text(catalogue.read_text().replace('RUB = "990.00"', 'RUB = "990,00"'))
    result = typed("import", "connectors", csv())
    assert result.exit_code == 2
    assert result.stderr.startswith("catalog.toml line ")
    assert result.stderr.endswith('price "990,00": write "990.00"\n')


def test_unknown_command_and_bad_date_end_with_2() -> None:
    assert typed("bookz").exit_code == 2
    assert typed("reconcile").exit_code == 2
    assert typed("reconcile", "--since", "yesterday").exit_code == 2


def test_books_that_are_not_there_yet_say_how_they_come_about() -> None:
    result = typed("books")
    assert result.exit_code == 1
    assert "python -m bot migrate" in result.stderr
    assert typed("migrate").exit_code == 0
    assert typed("books").output == "The books are clean: 0 transfers.\n"


def test_import_tells_what_it_did_and_what_differs() -> None:
    line = "wa-1,,Sales,whatsapp,{},1001,,"
    assert typed("import", "connectors", csv(line.format("2026-12-01"))).output == "1 added, 0 updated.\n"
    again = typed("import", "connectors", csv(line.format("2027-01-31")))
    assert again.output.splitlines() == [
        "line 2: wa-1: 2026-12-01 → 2027-01-31",
        "0 added, 1 updated.",
        "1 dates differ and were left as they are; --set-dates changes them.",
    ]
    assert again.exit_code == 0
    assert "1 dates changed." in typed("import", "connectors", "lines.csv", "--set-dates").output
    assert "differ" not in typed("import", "connectors", "lines.csv").output


def test_refused_import_ends_with_1_and_every_line() -> None:
    result = typed("import", "connectors", csv("wa-1,,,whatsapp,,,,", "wa-2,,Two,none,,,,"))
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["line 2", "line 3"]


def test_writing_beside_the_running_bot_is_refused(seller: Path) -> None:
    typed("migrate")
    lock = FileLock(seller / "var" / "kassir.db")
    lock.hold()
    try:
        result = typed("import", "connectors", csv("wa-1,,Sales,whatsapp,,,,"))
        assert (result.exit_code, "in use by process" in result.stderr) == (1, True)
        assert typed("restore", "copy.db").exit_code == 1
        assert typed("books").exit_code == 0
        assert typed("backup", "copy.db").exit_code == 0
    finally:
        lock.release()


def test_restore_brings_back_what_a_backup_kept() -> None:
    typed("import", "connectors", csv("wa-1,,Sales,whatsapp,2026-12-01,,,"))
    assert typed("backup", "copy.db").exit_code == 0
    assert typed("backup", "copy.db").exit_code == 1
    typed("import", "connectors", csv("wa-1,,Sales,whatsapp,2027-12-01,,,"), "--set-dates")
    restored = typed("restore", "copy.db")
    assert restored.exit_code == 0
    assert "reconcile --since" in restored.output
    told = typed("import", "connectors", csv("wa-1,,Sales,whatsapp,2027-12-01,,,")).output
    assert told.startswith("line 2: wa-1: 2026-12-01 → 2027-12-01\n")


@pytest.fixture
async def street() -> AsyncIterator[None]:
    """A Telegram and a bank, and the settings that lead to them."""
    async with AsyncExitStack() as opened:
        chats = await opened.enter_async_context(TestServer(telegram.create_app(TOKEN, "shop_bot", {})))
        bank = await opened.enter_async_context(TestServer(yookassa.create_app(SHOP, SHOP_KEY, "")))
        settings(
            TELEGRAM_API_URL=str(chats.make_url("")).rstrip("/"),
            OPERATORS_CHAT_ID=str(telegram.DEMO_GROUP.id),
            OPERATORS__OWNER="[2001]",
            YOOKASSA__SHOP_ID=SHOP,
            YOOKASSA__SECRET_KEY=SHOP_KEY,
            YOOKASSA__RECEIPTS="register",
            PUBLIC_URL="http://127.0.0.1:9",
            YOOKASSA__API_URL=str(bank.make_url("/v3")),
        )
        yield


async def test_check_finds_everything_in_place(street: None) -> None:
    await asyncio.to_thread(typed, "migrate")
    result = await asyncio.to_thread(typed, "check")
    assert result.exit_code == 0, result.output
    found = [line.split(":")[0].split(maxsplit=1) for line in result.output.splitlines()]
    assert ["ok", "settings"] in found
    assert ["ok", "catalogue"] in found
    assert ["ok", "invoices"] in found
    assert ["ok", "books"] in found
    assert ["ok", "token"] in found
    assert ["ok", "group"] in found
    assert ["note", "yookassa"] in found
    assert "test shop" in result.output


async def test_check_names_what_is_wrong_and_the_mend(street: None) -> None:
    settings(BOT_TOKEN="43:STRANGER", YOOKASSA__SECRET_KEY="test_wrong")
    result = await asyncio.to_thread(typed, "check")
    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("wrong")]
    assert [line.split(":")[0].split()[1] for line in wrong] == ["token", "yookassa"]
    assert "@BotFather" in wrong[0]
    assert "STRANGER" not in result.output


async def test_check_tells_a_broken_template_with_its_line(street: None, seller: Path) -> None:
    (seller / "papers").mkdir()
    (seller / "papers" / "invoice.typ").write_text("\n#nonsense\n")
    settings(TEMPLATES_PATH="papers")
    result = await asyncio.to_thread(typed, "check")
    assert result.exit_code == 1
    assert "wrong  templates: invoice.typ, line 2: unknown variable: nonsense: mend it" in result.output


async def test_check_of_a_group_the_bot_is_not_in(street: None) -> None:
    settings(OPERATORS_CHAT_ID="-100999")
    result = await asyncio.to_thread(typed, "check")
    assert result.exit_code == 1
    assert "group: Telegram answers 400" in result.output


async def test_link_is_printed_and_is_the_same_beside_the_running_bot(street: None, seller: Path) -> None:
    lines = csv("wa-1,,Sales,whatsapp,,,,", "wa-2,,More,whatsapp,,,,")
    await asyncio.to_thread(typed, "import", "connectors", lines)
    first = await asyncio.to_thread(typed, "link", "wa-1")
    assert first.exit_code == 0
    assert first.output.startswith("https://t.me/shop_bot?start=c_")
    attach = await asyncio.to_thread(typed, "link", "wa-2", "--attach")
    assert attach.output.startswith("https://t.me/shop_bot?start=a_")
    assert (await asyncio.to_thread(typed, "link", "wa-3")).exit_code == 1
    lock = FileLock(seller / "var" / "kassir.db")
    lock.hold()
    try:
        assert (await asyncio.to_thread(typed, "link", "wa-1")).output == first.output
        refused = await asyncio.to_thread(typed, "link", "wa-2")
        assert (refused.exit_code, "With API_TOKEN set" in refused.stderr) == (1, True)
        refused = await asyncio.to_thread(typed, "link", "wa-2", "--attach")
        assert (refused.exit_code, "PUT /api/v1/connectors/wa-2" in refused.stderr) == (1, True)
    finally:
        lock.release()


async def test_link_is_asked_of_the_running_bot_where_its_api_is_open(street: None, seller: Path) -> None:
    token = "a token of the tests, long enough to be one"
    asked: list[tuple[str, str | None]] = []

    async def connector(request: web.Request) -> web.Response:
        asked.append((request.raw_path, request.headers.get("Authorization")))
        return web.json_response({"pay_link": "https://t.me/shop_bot?start=c_1"})

    bot = web.Application()
    bot.router.add_get("/api/v1/connectors/{id}", connector)
    await asyncio.to_thread(typed, "import", "connectors", csv("wa/1,,Sales,whatsapp,,,,"))
    async with TestServer(bot, host="127.0.0.1") as server:
        settings(API_TOKEN=f"'{token}'", LISTEN_PORT=str(server.port))
        lock = FileLock(seller / "var" / "kassir.db")
        lock.hold()
        try:
            told = await asyncio.to_thread(typed, "link", "wa/1")
        finally:
            lock.release()
    assert told.output == "https://t.me/shop_bot?start=c_1\n"
    assert asked == [("/api/v1/connectors/wa%2F1", f"Bearer {token}")]
