"""Builds the sandbox's Telegram and joins its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from sandbox.skipping import add_clock
from sandbox.telegram.control import Control, refusals
from sandbox.telegram.delivery import WebhookDelivery
from sandbox.telegram.demo import DEMO_CUSTOMERS, DEMO_GROUP
from sandbox.telegram.model import Group, Person
from sandbox.telegram.server import BotApi
from sandbox.telegram.world import World

PAGE = Path(__file__).resolve().parent.parent / "page"
LARGEST_UPLOAD = 50 * 1024 * 1024
POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self' "
)
SERVICES = web.AppKey("services", dict[str, str])
WORLD = web.AppKey("world", World)


def create_app(
    token: str,
    bot_username: str,
    services: dict[str, str],
    customers: Iterable[Person] = DEMO_CUSTOMERS,
    group: Group = DEMO_GROUP,
) -> web.Application:
    """Bot API, control API and page in one application; `services` have a /faults of their own."""
    world = World(token, bot_username, customers, group)
    app = web.Application(client_max_size=LARGEST_UPLOAD + 1024 * 1024, middlewares=[refusals])
    app[WORLD], app[SERVICES] = world, services
    api = BotApi(world)
    api.add_routes(app)
    Control(world, services).add_routes(app)
    add_clock(app)
    app.router.add_get("/", _page)
    # With TELEGRAM_LINK_BASE on this server, the links back to the chat end here instead of on t.me.
    app.router.add_get(f"/{bot_username}", _page)
    app.router.add_static("/page/", PAGE)
    delivery = WebhookDelivery(world, api)

    async def deliver(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(delivery.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def end_waiting(_: web.Application) -> None:
        world.changed.close()
        world.updates.changed.close()

    app.cleanup_ctx.append(deliver)
    app.on_shutdown.append(end_waiting)
    return app


async def _page(request: web.Request) -> web.FileResponse:
    policy = POLICY + " ".join(url.rstrip("/") + "/" for url in request.app[SERVICES].values())
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return web.FileResponse(PAGE / "index.html", headers=headers)
