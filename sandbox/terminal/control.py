"""Strings behind the scene, for tests: pay at any network, see what was said, fetch a register."""

from collections.abc import Awaitable, Callable
from datetime import date

from aiohttp import web

from sandbox import clock
from sandbox.terminal.keys import FAULTS, LINE
from sandbox.terminal.networks import NETWORKS, Network, parse_sum
from sandbox.terminal.operations import Operation
from sandbox.terminal.register import register, register_name

Handler = Callable[[web.Request], Awaitable[web.Response]]


class BadWish(Exception):
    """What was asked for cannot be done; the message says what may be asked."""


def control_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/control/operations", said(list_operations)),
        web.post("/control/check", said(check)),
        web.post("/control/pay", said(pay)),
        web.get("/registers/{network}", said(day_register)),
    ]


def said(handler: Handler) -> Handler:
    async def answered(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except BadWish as refusal:
            return web.json_response({"error": str(refusal)}, status=400)

    return answered


async def list_operations(request: web.Request) -> web.Response:
    return web.json_response([each.shown() for each in request.app[LINE].operations.values()])


async def check(request: web.Request) -> web.Response:
    """`{"network": "elsom", "account": "00…", "sum": "100"}`: who is this code?"""
    operation = await _wanted(request)
    await request.app[LINE].check(operation)
    return web.json_response(operation.shown())


async def pay(request: web.Request) -> web.Response:
    """The same and the money at once, without asking first; `txn_id` pays under a number of one's own."""
    operation = await _wanted(request)
    await request.app[LINE].pay(operation)
    return web.json_response(operation.shown())


async def day_register(request: web.Request) -> web.Response:
    """The file of `?day=2026-11-18`, today's by the network's clock unless said."""
    network = _network(request.match_info["network"])
    try:
        day = date.fromisoformat(request.query["day"])
    except KeyError:
        day = clock.now().astimezone(network.zone).date()
    except ValueError:
        raise BadWish("day is written like 2026-11-18") from None
    text = register(
        network, day, request.app[LINE].operations.values(), request.app[FAULTS]["register"].value
    )
    answer = web.Response(body=text.encode(), content_type="text/csv", charset="utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{register_name(network, day)}"'
    return answer


async def _wanted(request: web.Request) -> Operation:
    wish = await request.json()
    amount = parse_sum(str(wish.get("sum", "")))
    if amount is None:
        raise BadWish('sum is written like "100" or "100.50"')
    operation = Operation(_network(str(wish.get("network"))), str(wish.get("account", "")), amount)
    operation.txn_id = str(wish.get("txn_id") or operation.txn_id)
    return operation


def _network(name: str) -> Network:
    if name not in NETWORKS:
        raise BadWish(f"networks: {', '.join(NETWORKS)}")
    return NETWORKS[name]
