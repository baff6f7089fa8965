"""Joins the parts of the stand-in into one web application, all three services on one address."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.card_panel import KEPT_CARDS, card_routes
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults, fault_routes, open_to_other_ports
from sandbox.robokassa.charges import CHARGE, charged
from sandbox.robokassa.control import control_routes
from sandbox.robokassa.keys import CALLS, FAULTS, MEMORY, SENDER, SHOP
from sandbox.robokassa.memory import restore, write_down
from sandbox.robokassa.pages import page_routes
from sandbox.robokassa.result import EVENT, ResultSender, result_fields
from sandbox.robokassa.services import service_routes
from sandbox.robokassa.settings import ShopSettings
from sandbox.robokassa.shop import Operation, Shop
from sandbox.robokassa.state import op_state
from sandbox.yookassa.mishaps import with_mishaps, yookassa_faults
from sandbox.yookassa.money import Json

STATE = "/Merchant/WebService/Service.asmx/OpStateExt"
SERVICES = ("/Merchant/WebService/", CHARGE, "/RefundService/", "/RoboFiscal/")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def robokassa_faults() -> Faults:
    """What goes wrong at the other provider, and this one's own oddities."""
    common = yookassa_faults()
    return Faults(
        api=common["api"],
        notifications=common["notifications"],
        refund=Fault("A refund ends", ("finished", "processing", "canceled")),
        receipt=Fault("A receipt is", ("made", "on its way", "refused")),
        state=Fault(
            "OpStateExt tells", ("the truth", "state 50", "state 60", "state 80", "result 4", "result 1000")
        ),
    )


def create_app(settings: ShopSettings, memory: Path | None = None) -> web.Application:
    """`memory` is the file where kept cards outlive it."""
    clock, faults = Clock(), robokassa_faults()
    app = web.Application(middlewares=[open_to_other_ports, watch_the_services])
    app[SHOP] = Shop(settings, clock)
    restore(app[SHOP], memory)
    app[KEPT_CARDS] = app[SHOP].cards
    app[FAULTS] = faults
    app[SENDER] = ResultSender(settings, clock, faults)
    app[CALLS] = deque(maxlen=1000)
    app[MEMORY] = memory
    app[SHOP].announce = lambda operation: announce(app, operation)
    app.add_routes([*fault_routes(faults), *control_routes(), *page_routes(), *service_routes()])
    app.add_routes([*card_routes(), web.post(CHARGE, charged)])
    app.add_routes([web.get(STATE, op_state), web.post(STATE, op_state)])
    app.cleanup_ctx.append(background)
    return app


def announce(app: web.Application, operation: Operation) -> None:
    fields = result_fields(operation, app[SHOP].settings)
    app[SENDER].send(EVENT, {"id": operation.number, "fields": fields})
    if operation.keeps_card:
        write_down(app[SHOP], app[MEMORY])


@web.middleware
async def watch_the_services(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Remember the calls of programs, and give them the day's mishaps; people's pages have none."""
    if not request.path.startswith(SERVICES):
        return await handler(request)
    call: Json = {"method": request.method, "path": request.path, "status": None}
    request.app[CALLS].append(call)
    answer = await with_mishaps(request, handler)
    call["status"] = answer.status
    return answer


async def background(app: web.Application) -> AsyncIterator[None]:
    await app[SENDER].open()
    yield
    write_down(app[SHOP], app[MEMORY])
    await app[SENDER].close()
