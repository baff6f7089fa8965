"""Joins the parts of the stand-in into one web application."""

from collections.abc import AsyncIterator

from aiohttp import web

from sandbox.faults import fault_routes, open_to_other_ports
from sandbox.terminal.control import control_routes
from sandbox.terminal.keys import FAULTS, LINE, SELLER
from sandbox.terminal.line import Line
from sandbox.terminal.mishaps import terminal_faults
from sandbox.terminal.pages import page_routes


def create_app(bot_url: str, seller: str) -> web.Application:
    faults = terminal_faults()
    app = web.Application(middlewares=[open_to_other_ports])
    app[FAULTS] = faults
    app[LINE] = Line(bot_url.rstrip("/"), faults)
    app[SELLER] = seller
    app.add_routes([*fault_routes(faults), *control_routes(), *page_routes()])
    app.cleanup_ctx.append(line_open)
    return app


async def line_open(app: web.Application) -> AsyncIterator[None]:
    await app[LINE].open()
    yield
    await app[LINE].close()
