"""The real process with its real settings; only Telegram is another one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.workers.telegram_webhook import SECRET_HEADER
from tests.telegram import TOKEN, FakeTelegram, fake_telegram

ROOT = Path(__file__).resolve().parents[2]
ANNA = 7
SECRET = "not-a-secret-at-all"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10

START = {
    "message": {
        "message_id": 1,
        "date": 1,
        "text": "/start",
        "chat": {"id": ANNA, "type": "private", "first_name": "Anna"},
        "from": {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"},
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
}


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@asynccontextmanager
async def running(telegram: FakeTelegram, folder: Path, **settings: str) -> AsyncIterator[dict[str, Any]]:
    """A started bot and its "ready" line; stopped by SIGTERM, which has to end it well and in time."""
    surroundings = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
        env=surroundings
        | {
            "BOT_TOKEN": TOKEN,
            "SECRET_KEY": "x" * 40,
            "PUBLIC_URL": "http://127.0.0.1:8080",
            "TELEGRAM_API_URL": telegram.url,
            "DATABASE_URL": f"sqlite:///{folder}/kassir.db",
            "CATALOG_PATH": str(ROOT / "catalog.example.toml"),
            "LISTEN_PORT": "0",
        }
        | settings,
    )
    try:
        async with asyncio.timeout(SECONDS_TO_START):
            yield await _ready_line(process)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS_TO_STOP):
            _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        assert "Traceback" not in errors.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _ready_line(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    async for line in process.stdout:
        told: dict[str, Any] = json.loads(line)
        if told.get("event") == "bot.ready":
            return told
    assert process.stderr is not None
    raise AssertionError((await process.stderr.read()).decode())


async def test_updates_by_polling(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.give(**START)
    async with running(telegram, tmp_path) as ready:
        assert ready["telegram"] == "polling"
        assert (await telegram.until(1))[0].chat_id == ANNA
    assert telegram.unconfirmed == []


async def test_updates_by_webhook(telegram: FakeTelegram, tmp_path: Path) -> None:
    url = "https://example.org/telegram"
    settings = {"TELEGRAM_WEBHOOK_URL": url, "TELEGRAM_WEBHOOK_SECRET": SECRET}
    async with running(telegram, tmp_path, **settings) as ready, aiohttp.ClientSession() as session:
        assert ready["telegram"] == "webhook"
        door = f"http://127.0.0.1:{ready['port']}/telegram"
        body = {"update_id": 5, **START}
        assert (await session.post(door, json=body)).status == 403
        assert (await session.post(door, json=body, headers={SECRET_HEADER: SECRET})).status == 200
        assert (await telegram.until(1))[0].chat_id == ANNA
        (call,) = await telegram.until(1, "setWebhook")
    assert (call.fields["url"], call.fields["secret_token"]) == (url, SECRET)
    assert {"message", "callback_query", "my_chat_member"} <= set(call.fields["allowed_updates"])
    assert not any(call.method == "getUpdates" for call in telegram.calls)
