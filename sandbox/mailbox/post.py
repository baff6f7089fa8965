"""The SMTP server: plain, for this machine alone; it answers as its faults say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.faults import Faults
from sandbox.mailbox.box import Box
from sandbox.mailbox.keys import BOX, FAULTS
from sandbox.mailbox.mishaps import DOWN, GREYLISTED, REFUSED, TOO_LARGE

LARGEST = 30 * 1024 * 1024
_ANSWERS = {REFUSED: "550 5.1.1 No such mailbox here", GREYLISTED: "451 4.7.1 Greylisted, come again later"}


class Postman:
    """aiosmtpd calls these by their names."""

    def __init__(self, box: Box, faults: Faults) -> None:
        self._box = box
        self._faults = faults

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it so)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := _ANSWERS.get(self._faults["addresses"].value):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd calls it so)
        server = self._faults["server"]
        if server.value.startswith("slow"):
            await asyncio.sleep(server.number / 1000)
        if server.value == TOO_LARGE and len(envelope.content or b"") > 20_000:
            return "552 5.3.4 Message too large"
        assert isinstance(envelope.content, bytes)
        self._box.put(envelope.rcpt_tos, envelope.content)
        return "250 2.0.0 Kept"


class Closed(asyncio.Protocol):
    """A door that shuts in front of whoever comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def post_at(port: int) -> Callable[[web.Application], AsyncIterator[None]]:
    """Open with the pages, shut with them."""

    async def serve(app: web.Application) -> AsyncIterator[None]:
        box, faults = app[BOX], app[FAULTS]

        def answer() -> asyncio.Protocol:
            if faults["server"].value == DOWN:
                return Closed()
            door: asyncio.Protocol = SMTP(
                Postman(box, faults), hostname="mail.sandbox", data_size_limit=LARGEST, ident="sandbox"
            )
            return door

        server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", port)
        yield
        server.close()

    return serve
