"""Strings behind the scene, for tests: pay, refuse, refund by hand, sell past the bot, look."""

import secrets
from datetime import timedelta

from aiohttp import web

from sandbox.cards import behaviour_named
from sandbox.robokassa.keys import CALLS, SENDER, SHOP
from sandbox.robokassa.services import kopecks
from sandbox.robokassa.shop import NotPossibleError, Operation, Shop
from sandbox.yookassa.cards import BY_NUMBER, BY_OUTCOME
from sandbox.yookassa.money import Json, decimal


def control_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/control/operations", list_operations),
        web.post("/control/operations/{number}/pay", pay),
        web.post("/control/operations/{number}/cancel", cancel),
        web.post("/control/operations/{number}/refund", refund),
        web.post("/control/sell", sell),
        web.get("/control/notifications", list_notifications),
        web.get("/control/receipts", list_receipts),
        web.get("/control/calls", list_calls),
        web.post("/control/clock", advance_clock),
    ]


async def list_operations(request: web.Request) -> web.Response:
    return web.json_response([_shown(each) for each in request.app[SHOP].operations()])


async def pay(request: web.Request) -> web.Response:
    """`{"card": "2202…"}`, `{"card": "insufficient_funds"}` or `{"card": "sbp"}`; a success by default.

    The card that a parent leaves behind behaves as `{"behaviour": "no_funds_twice"}` says.
    """
    operation, wanted = _operation(request), await _body(request)
    name = str(wanted.get("card", "success"))
    operation.behaviour = behaviour_named(wanted.get("behaviour"))
    card = None if name == "sbp" else BY_NUMBER.get(name.replace(" ", "")) or BY_OUTCOME[name]
    request.app[SHOP].pay(operation, card)
    return web.json_response(_shown(operation))


async def cancel(request: web.Request) -> web.Response:
    operation = _operation(request)
    request.app[SHOP].cancel(operation)
    return web.json_response(_shown(operation))


async def refund(request: web.Request) -> web.Response:
    """A refund made by a person in the cabinet: nobody is told of it, as at the real thing."""
    operation, wanted = _operation(request), await _body(request)
    amount = kopecks(wanted.get("amount", decimal(operation.amount - operation.refunded)))
    try:
        made = request.app[SHOP].refund(operation, amount, "finished")
    except NotPossibleError as why:
        return web.json_response({"error": str(why)}, status=400)
    return web.json_response({"requestId": made.request_id})


async def sell(request: web.Request) -> web.Response:
    """A sale of the shop's other till, which bears no mark of the bot."""
    amount = kopecks((await _body(request)).get("amount", "1500.00"))
    return web.json_response(_shown(sold_elsewhere(request.app[SHOP], amount)))


def sold_elsewhere(shop: Shop, amount: int) -> Operation:
    now, number = shop.clock.now(), str(1_000_000 + secrets.randbelow(1_000_000))
    sale = Operation(number, amount, "Web shop: mug with a logo", {"Shp_cart": "1741"}, now, now)
    shop.pay(shop.add(sale), BY_OUTCOME["success"])
    return sale


async def list_notifications(request: web.Request) -> web.Response:
    sent = request.app[SENDER].sent
    return web.json_response([each.shown() | {"fields": each.object["fields"]} for each in sent])


async def list_receipts(request: web.Request) -> web.Response:
    made = request.app[SHOP].receipts.values()
    return web.json_response(
        [
            {"id": each.number, "originId": each.operation.number, "total": decimal(each.amount)}
            for each in made
        ]
    )


async def list_calls(request: web.Request) -> web.Response:
    return web.json_response([*request.app[CALLS]])


async def advance_clock(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    shop.clock.advance(timedelta(seconds=int((await _body(request)).get("advance_seconds", 0))))
    shop.sweep()
    return web.json_response({"now": shop.clock.now().isoformat()})


def _operation(request: web.Request) -> Operation:
    operation = request.app[SHOP].find(request.match_info["number"])
    if operation is None:
        raise web.HTTPNotFound
    return operation


def _shown(operation: Operation) -> Json:
    return {
        "number": operation.number,
        "state": operation.state,
        "amount": decimal(operation.amount),
        "refunded": decimal(operation.refunded),
        "description": operation.description,
        "own": operation.own,
        "test": operation.test,
        "parent": operation.parent,
        "receipt": operation.receipt,
    }


async def _body(request: web.Request) -> Json:
    body = await request.json() if request.can_read_body else {}
    return body if isinstance(body, dict) else {}
