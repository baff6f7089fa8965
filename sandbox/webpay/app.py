"""Joins the parts of the stand-in into one web application, both hosts on one address."""

from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from sandbox.card_panel import KEPT_CARDS, card_routes
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults, fault_routes, open_to_other_ports
from sandbox.webpay.control import control_routes
from sandbox.webpay.doors import door_routes
from sandbox.webpay.keys import CALLS, FAULTS, MEMORY, NOTIFIER, SHOP
from sandbox.webpay.memory import restore, write_down
from sandbox.webpay.notifications import FormNotifier, notification_fields
from sandbox.webpay.pages import page_routes
from sandbox.webpay.settings import ShopSettings
from sandbox.webpay.shop import DECLINED, Shop, Transaction
from sandbox.yookassa.mishaps import Handler, with_mishaps, yookassa_faults
from sandbox.yookassa.money import Json


def webpay_faults() -> Faults:
    """What goes wrong at the other providers, and this one's own habits."""
    common = yookassa_faults()
    return Faults(
        api=common["api"],
        notifications=common["notifications"],
        declines=Fault("Declines are", ("silent", "notified")),
        payment=Fault("A payment is", ("completed", "authorized")),
    )


def create_app(settings: ShopSettings, memory: Path | None = None) -> web.Application:
    """`memory` is the file where bound cards outlive it."""
    clock, faults = Clock(), webpay_faults()
    app = web.Application(middlewares=[open_to_other_ports, watch_programs])
    app[SHOP] = Shop(settings, clock)
    restore(app[SHOP], memory)
    app[KEPT_CARDS] = app[SHOP].cards
    app[FAULTS] = faults
    app[NOTIFIER] = FormNotifier("", clock, faults)
    app[CALLS] = deque(maxlen=1000)
    app[MEMORY] = memory
    app[SHOP].announce = lambda made: announce(app, made)
    app[SHOP].holds = lambda: faults["payment"].value == "authorized"
    app.add_routes([*fault_routes(faults), *control_routes(), *card_routes(), *page_routes(), *door_routes()])
    app.cleanup_ctx.append(background)
    return app


def announce(app: web.Application, made: Transaction) -> None:
    """Tell the shop, with the transaction as it is at this moment; of declines only on request."""
    if made.order.operation:
        write_down(app[SHOP], app[MEMORY])
    silent = made.kind == DECLINED and app[FAULTS]["declines"].value == "silent"
    if made.order.notify_url and not silent:
        fields = notification_fields(app[SHOP], made)
        app[NOTIFIER].send(
            f"type {made.kind}", {"id": made.id, "url": made.order.notify_url, "fields": fields}
        )


@web.middleware
async def watch_programs(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Remember the calls of programs, and give them the day's mishaps; browsers have none."""
    by_browser = "Mozilla" in request.headers.get("User-Agent", "") or "Referer" in request.headers
    is_door = request.method == "POST" and request.path in ("/", "/WSBApi", "/api/v1/payment")
    if not is_door or by_browser:
        return await handler(request)
    call: Json = {
        "path": request.path,
        "asked": request.headers.get("SOAPAction", "").strip('"'),
        "status": None,
    }
    request.app[CALLS].append(call)
    answer = await with_mishaps(request, handler)
    call["status"] = answer.status
    return answer


async def background(app: web.Application) -> AsyncIterator[None]:
    await app[NOTIFIER].open()
    yield
    write_down(app[SHOP], app[MEMORY])
    await app[NOTIFIER].close()
