"""The socket: bounded in time from the first byte, silent about what runs here, stopped without haste."""

from __future__ import annotations

from typing import Any

import structlog
from aiohttp import web

from bot.listener.guard import HEADERS

log = structlog.get_logger(__name__)

SECONDS_FOR_HEAD = 20
"""How long a connection may go without a whole request head: a slow one and an idle one end alike."""
SECONDS_TO_LINGER = 2
WAITING_CONNECTIONS = 1024


class Protocol(web.RequestHandler):
    """One connection; where aiohttp would tell its name and quote the request, this says the bare status."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 (it quotes the request)
    ) -> web.StreamResponse:
        if status >= 500:
            log.error("request.failed", exc_info=exc)
        else:
            log.debug("request.not_understood", status=status)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer had begun")
        answer = web.Response(status=status, text=f"{status}\n", headers=HEADERS)
        answer.force_close()
        return answer


class _Server(web.Server):
    def __init__(self, handled_by: web.Server, **limits: Any) -> None:
        super().__init__(handled_by.request_handler, request_factory=handled_by.request_factory)
        self._limits = limits

    def __call__(self) -> web.RequestHandler:
        return Protocol(self, loop=self._loop, **self._limits)


class Listener:
    """An application on an address; port 0 takes a free one."""

    def __init__(
        self,
        app: web.Application,
        *,
        host: str,
        port: int,
        seconds_to_finish: float = 8,
        seconds_for_head: float = SECONDS_FOR_HEAD,
    ) -> None:
        self._app = web.AppRunner(app, access_log=None)
        self._sockets: web.ServerRunner | None = None
        self._host, self.port = host, port
        self._seconds_to_finish = seconds_to_finish
        self._seconds_for_head = seconds_for_head

    async def start(self) -> None:
        await self._app.setup()
        assert self._app.server is not None
        server = _Server(
            self._app.server,
            access_log=None,
            keepalive_timeout=self._seconds_for_head,
            lingering_time=SECONDS_TO_LINGER,
            max_headers=64,
        )
        # aiohttp waits for its handlers twice, before and after telling them to stop.
        self._sockets = web.ServerRunner(server, shutdown_timeout=self._seconds_to_finish / 2)
        await self._sockets.setup()
        await web.TCPSite(self._sockets, self._host, self.port, backlog=WAITING_CONNECTIONS).start()
        self.port = int(self._sockets.addresses[0][1])

    async def stop(self) -> None:
        """Take no new connection, finish the requests in hand, then let go."""
        if self._sockets is not None:
            await self._sockets.cleanup()
        await self._app.cleanup()
