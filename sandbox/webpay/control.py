"""Strings behind the scene, for tests: pay, give back, complete, sell past the bot, tell anew, look."""

import secrets
from datetime import timedelta

from aiohttp import web

from sandbox.cards import behaviour_named
from sandbox.webpay.cards import BY_OUTCOME
from sandbox.webpay.keys import CALLS, NOTIFIER, SHOP
from sandbox.webpay.shop import NotPossibleError, Order, Shop, Transaction
from sandbox.yookassa.control import Handler
from sandbox.yookassa.money import Json, decimal


def control_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/control/orders", said(list_orders)),
        web.post("/control/orders/{number}/pay", said(pay)),
        web.post("/control/transactions/{id}/back", said(give_back)),
        web.post("/control/transactions/{id}/complete", said(complete)),
        web.post("/control/transactions/{id}/tell", said(tell)),
        web.post("/control/sell", said(sell)),
        web.get("/control/notifications", list_notifications),
        web.get("/control/calls", list_calls),
        web.post("/control/clock", said(advance_clock)),
    ]


def said(handler: Handler) -> Handler:
    """Answer a refusal with its reason instead of a crash."""

    async def answered(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except NotPossibleError as why:
            return web.json_response({"error": str(why)}, status=400)

    return answered


async def list_orders(request: web.Request) -> web.Response:
    return web.json_response([_shown(each) for each in request.app[SHOP].orders()])


async def pay(request: web.Request) -> web.Response:
    """`{"card": "success"}` or a refusal such as `no_funds`; `{"method": "test"}` is a test payment.

    A card that is bound by it behaves as `{"behaviour": "no_funds_twice"}` says.
    """
    shop, wanted = request.app[SHOP], await _body(request)
    order = shop.order(request.match_info["number"])
    card = BY_OUTCOME.get(str(wanted.get("card", "success")))
    if order is None or card is None:
        raise NotPossibleError(f"No such order, or a card that is none of {sorted(BY_OUTCOME)}")
    order.behaviour = behaviour_named(wanted.get("behaviour"))
    made = shop.pay(order, card.masked, card.refusal, method=str(wanted.get("method", "cc")))
    return web.json_response(_told(made))


async def give_back(request: web.Request) -> web.Response:
    """A person in the cabinet: all that is left, or `{"amount": "10.00"}`; `{"void": false}` refunds."""
    shop, wanted = request.app[SHOP], await _body(request)
    made = shop.transaction(request.match_info["id"])
    left = made.amount - made.returned
    amount = int(str(wanted["amount"]).replace(".", "")) if wanted.get("amount") else left
    shop.give_back(made, amount, void=bool(wanted.get("void", True)))
    return web.json_response(_told(made))


async def complete(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    made = shop.transaction(request.match_info["id"])
    shop.complete(made)
    return web.json_response(_told(made))


async def tell(request: web.Request) -> web.Response:
    """Tell of a transaction once more, as it stands."""
    shop = request.app[SHOP]
    shop.announce(shop.transaction(request.match_info["id"]))
    return web.json_response({})


async def sell(request: web.Request) -> web.Response:
    """A sale of the shop's web site, which bears no mark of the bot."""
    amount = int(str((await _body(request)).get("amount", "15.00")).replace(".", ""))
    return web.json_response(_told(sold_elsewhere(request.app[SHOP], amount)))


def sold_elsewhere(shop: Shop, amount: int) -> Transaction:
    number = f"SITE-{secrets.randbelow(1_000_000)}"
    url = shop.settings.notify_url
    order = Order(number, amount, "BYN", "Mug with a logo", "", "", url, "ru", shop.clock.now())
    return shop.pay(shop.add(order), BY_OUTCOME["success"].masked)


async def list_notifications(request: web.Request) -> web.Response:
    sent = request.app[NOTIFIER].sent
    return web.json_response([each.shown() | {"fields": each.object["fields"]} for each in sent])


async def list_calls(request: web.Request) -> web.Response:
    return web.json_response([*request.app[CALLS]])


async def advance_clock(request: web.Request) -> web.Response:
    seconds = (await _body(request)).get("advance_seconds", 0)
    shop = request.app[SHOP]
    shop.clock.advance(timedelta(seconds=int(seconds)))
    return web.json_response({"now": shop.clock.now().isoformat()})


def _shown(order: Order) -> Json:
    return {
        "number": order.number,
        "amount": decimal(order.amount),
        "page": f"/pay/{order.page}",
        "transactions": [_told(each) for each in order.transactions],
    }


def _told(made: Transaction) -> Json:
    return {"id": made.id, "kind": made.kind, "amount": decimal(made.amount), "order": made.order.number}


async def _body(request: web.Request) -> Json:
    body = await request.json() if request.can_read_body else {}
    if not isinstance(body, dict):
        raise NotPossibleError("Body must be an object")
    return body
