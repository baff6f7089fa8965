"""A bank statement handed to the running bot by its own command line: one process alone writes the books."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import mkstemp

from aiohttp import web

from bot.domain.errors import CustomerError
from bot.domain.seller import SellerRefused
from bot.i18n import sentence_for, speaking
from bot.i18n.statement_words import report_words
from bot.listener.api.door import patient
from bot.services.statements import StatementService

LARGEST = 256 * 1024 * 1024
SECONDS_FOR_FILE = 120
ENGLISH = "en"


def statement_door(statements: StatementService) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Build the handler of POST /statements; `name` in the query is what the file is called."""

    @patient
    async def post_statement(request: web.Request) -> web.StreamResponse:
        path = await _received(request)
        try:
            report = await statements.load(path, request.query.get("name", "statement"))
        except CustomerError as refused:
            with speaking(ENGLISH):
                raise SellerRefused("invalid", sentence_for(refused)) from None
        finally:
            await asyncio.to_thread(path.unlink)
        with speaking(ENGLISH):
            return web.json_response({"report": [line for line in report_words(report) if line]})

    return post_statement


async def _received(request: web.Request) -> Path:
    """The body as a file, written off the loop; never more of it in memory than a chunk."""
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST)
    descriptor, name = await asyncio.to_thread(mkstemp, prefix="kassir-statement-")
    path, taken = Path(name), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            async with asyncio.timeout(SECONDS_FOR_FILE):
                async for chunk in request.content.iter_chunked(1024 * 1024):
                    taken += len(chunk)
                    if taken > LARGEST:
                        raise web.HTTPRequestEntityTooLarge(LARGEST)
                    await asyncio.to_thread(file.write, chunk)
    except BaseException:  # also when the sender hangs up: nothing of it stays behind
        await asyncio.to_thread(path.unlink)
        raise
    return path
