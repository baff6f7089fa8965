"""Joins the parts of the stand-in into one web application."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from sandbox.card_panel import KEPT_CARDS, card_routes
from sandbox.clock import Clock
from sandbox.faults import fault_routes, open_to_other_ports
from sandbox.yookassa.api import create_api
from sandbox.yookassa.control import control_routes
from sandbox.yookassa.idempotence import UsedKeys
from sandbox.yookassa.keys import ARRIVALS, CALLS, FAULTS, NOTIFIER, PAGE_BASE, SHOP, USED_KEYS
from sandbox.yookassa.mishaps import yookassa_faults
from sandbox.yookassa.notifications import Notifier
from sandbox.yookassa.pages import page_routes
from sandbox.yookassa.payments import Payment, Refund
from sandbox.yookassa.settings import Receipts, ShopSettings
from sandbox.yookassa.shop import Shop


def create_app(
    shop_id: str,
    secret_key: str,
    notification_url: str,
    page_base: str = "",
    *,
    receipts: Receipts = Receipts.EXTERNAL,
    memory: Path | None = None,
) -> web.Application:
    """`memory` is the file where saved cards outlive it."""
    clock, faults = Clock(), yookassa_faults()
    app = web.Application(middlewares=[open_to_other_ports])
    app[SHOP] = Shop(ShopSettings(shop_id, secret_key, receipts=receipts), clock, memory)
    app[USED_KEYS] = UsedKeys(clock)
    app[FAULTS] = faults
    app[NOTIFIER] = Notifier(notification_url, clock, faults)
    app[CALLS] = deque(maxlen=1000)
    app[ARRIVALS] = deque()
    app[KEPT_CARDS] = app[SHOP].cards
    app[PAGE_BASE] = page_base.rstrip("/")
    app[SHOP].announce = lambda event, subject: announce(app, event, subject)
    app.add_routes([*fault_routes(faults), *control_routes(), *card_routes(), *page_routes()])
    app.add_subapp("/v3", create_api())
    app.cleanup_ctx.append(background)
    return app


def announce(app: web.Application, event: str, subject: Payment | Refund) -> None:
    """Tell the shop, with the subject as it is at this moment."""
    settings = app[SHOP].settings
    if isinstance(subject, Payment):
        app[NOTIFIER].send(event, subject.shown(settings, app[PAGE_BASE]))
    else:
        app[NOTIFIER].send(event, subject.shown(settings))


async def background(app: web.Application) -> AsyncIterator[None]:
    await app[NOTIFIER].open()
    sweeping = asyncio.create_task(app[SHOP].sweep_for_ever())
    yield
    sweeping.cancel()
    app[SHOP].close()
    await app[NOTIFIER].close()
