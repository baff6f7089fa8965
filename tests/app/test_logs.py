"""What the log may never hold."""

from __future__ import annotations

import asyncio
import logging

import pytest
import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError

from bot.app.logs import set_up_logs

SECRET = "AAFq-not_a_real_token"


@pytest.mark.parametrize("words", ["ours", "a library's"])
async def test_a_token_in_an_error_never_gets_into_the_log(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something between us and Telegram that does not speak HTTP: the error names the whole address."""
    before = structlog.get_config()
    set_up_logs("INFO")
    try:
        trouble = await _trouble()
        assert SECRET in str(trouble), "else this test proves nothing"
        if words == "ours":
            structlog.get_logger().error("update.failed", why=str(trouble), exc_info=trouble)
        else:
            logging.getLogger("asyncio").error("never retrieved", exc_info=trouble)
    finally:
        structlog.configure(**before)
        logging.basicConfig(handlers=[], force=True)
    said = capsys.readouterr().out
    assert "TelegramNetworkError" in said
    assert SECRET not in said


async def _trouble() -> TelegramNetworkError:
    async def junk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 2x0 what\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(junk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    session = AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{port}"))
    bot = Bot(f"42:{SECRET}", session=session)
    try:
        with pytest.raises(TelegramNetworkError) as caught:
            await bot.get_me()
        return caught.value
    finally:
        await bot.session.close()
        server.close()
