"""A wire to PostgreSQL that is cut at the worst moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path


class Wire:
    """Passes everything until `cut_at_commit` is set; then the next COMMIT ends all connections."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._writers: set[asyncio.StreamWriter] = set()
        self.cut_at_commit = ""  # "before" the server has heard it, or "after"
        self.unanswered = 0  # how many of those who come next are let wait for ever

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.unanswered:
            self.unanswered -= 1
            while await _some(reader):
                pass
            writer.close()
            return
        to_us, to_server = await asyncio.open_unix_connection(self._socket)
        self._writers |= {writer, to_server}
        await asyncio.gather(self._requests(reader, to_server), self._answers(to_us, writer))

    async def _requests(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await _some(reader):
            if b"COMMIT;" in data and self.cut_at_commit:
                if self.cut_at_commit == "after":
                    self.cut_at_commit = "answer"
                    server.write(data)
                    continue
                self.hang_up()
            server.write(data)
        server.close()

    async def _answers(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await _some(answers):
            if self.cut_at_commit == "answer":  # the server has done it and says so, but nobody hears
                self.hang_up()
            writer.write(data)
        writer.close()

    def hang_up(self) -> None:
        self.cut_at_commit = ""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


@asynccontextmanager
async def wire_to(folder: Path) -> AsyncIterator[tuple[Wire, int]]:
    """The wire and the port it answers on."""
    wire = Wire(folder / ".s.PGSQL.5432")
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    try:
        yield wire, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        wire.hang_up()


async def _some(reader: asyncio.StreamReader) -> bytes:
    with suppress(ConnectionError):
        return await reader.read(65536)
    return b""
