"""Strings behind the scene, for tests and for the cabinet: pay, expire, refund, move the clock, look."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from sandbox.cards import behaviour_named
from sandbox.yookassa.cards import BY_NUMBER, BY_OUTCOME
from sandbox.yookassa.errors import Refused, error_answer, invalid
from sandbox.yookassa.keys import CALLS, NOTIFIER, SHOP, page_base
from sandbox.yookassa.money import Json, parse_amount
from sandbox.yookassa.payments import Payment, Refund
from sandbox.yookassa.rules import has_receipt
from sandbox.yookassa.shop import Shop

Handler = Callable[[web.Request], Awaitable[web.Response]]


def control_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/control/payments", said(list_payments)),
        web.post("/control/telegram", said(sell_inside_telegram)),
        web.get("/control/payments/{id}", said(show_payment)),
        web.post("/control/payments/{id}/pay", said(pay)),
        web.post("/control/payments/{id}/expire", said(expire)),
        web.post("/control/payments/{id}/refund", said(refund)),
        web.post("/control/refunds/{id}/settle", said(settle_refund)),
        web.get("/control/calls", said(list_calls)),
        web.get("/control/notifications", said(list_notifications)),
        web.post("/control/notifications/url", said(set_url)),
        web.post("/control/clock", said(advance_clock)),
    ]


def said(handler: Handler) -> Handler:
    """Answer a refusal with its reason instead of a crash."""

    async def answered(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Refused as refused:
            return error_answer(refused)

    return answered


async def list_payments(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    return web.json_response([_shown(request, payment) for payment in shop.payments()])


async def sell_inside_telegram(request: web.Request) -> web.Response:
    """A card typed into Telegram's own form: a payment of this shop, which bears nobody's mark."""
    shop, wanted = request.app[SHOP], await _body(request)
    receipt = dict(wanted.get("receipt") or {}, customer={"email": wanted.get("email")})
    amount = parse_amount(wanted.get("amount"), shop.settings.currency)
    card = BY_NUMBER.get(str(wanted.get("card", ""))) or BY_OUTCOME["success"]
    payment = Payment(
        amount=amount,
        capture=True,
        methods=("bank_card",),
        return_url="/cabinet",
        locale="",
        created_at=shop.clock.now(),
        description=str(wanted.get("description", "")),
        has_receipt=has_receipt({"receipt": receipt}, amount, shop),
    )
    shop.pay(shop.add(payment), "bank_card", card)
    return web.json_response(_shown(request, payment))


async def show_payment(request: web.Request) -> web.Response:
    return web.json_response(_shown(request, _payment(request)))


async def pay(request: web.Request) -> web.Response:
    """`{"card": "2202…"}`, `{"card": "insufficient_funds"}` or `{"method": "sbp"}`; a success by default.

    Where a card is saved, `"behaviour"` says how it is to behave; one that is saved already pays itself.
    """
    wanted, payment = await _body(request), _payment(request)
    payment.behaviour = behaviour_named(wanted.get("behaviour"))
    if payment.saved:
        request.app[SHOP].pay(payment, payment.saved.method, payment.saved.card)
        return web.json_response(_shown(request, payment))
    method, name = wanted.get("method", "bank_card"), str(wanted.get("card", "success"))
    card = BY_NUMBER.get(name.replace(" ", "")) or BY_OUTCOME.get(name)
    if method not in payment.affordable_methods or card is None:
        raise invalid("card", f"Methods: {payment.affordable_methods}, cards: {sorted(BY_OUTCOME)}")
    request.app[SHOP].pay(payment, method, card if method == "bank_card" else None)
    return web.json_response(_shown(request, payment))


async def expire(request: web.Request) -> web.Response:
    payment = _payment(request)
    if payment.is_final:
        raise invalid("payment_id", f"Payment is {payment.status} already")
    request.app[SHOP].expire(payment)
    return web.json_response(_shown(request, payment))


async def refund(request: web.Request) -> web.Response:
    """A refund made by a person in the cabinet: the shop hears of it by notification only."""
    shop, wanted, payment = request.app[SHOP], await _body(request), _payment(request)
    made = refund_in_cabinet(shop, payment, wanted.get("amount"))
    return web.json_response(made.shown(shop.settings))


def refund_in_cabinet(shop: Shop, payment: Payment, value: object) -> Refund:
    """All that is left, unless a value such as "100.00" is given."""
    currency = shop.settings.currency
    left = payment.amount - payment.refunded
    amount = parse_amount({"value": value, "currency": currency}, currency) if value else left
    return shop.add_refund(Refund(payment, amount, shop.clock.now(), "succeeded"))


async def settle_refund(request: web.Request) -> web.Response:
    shop, wanted = request.app[SHOP], await _body(request)
    pending = shop.refund(request.match_info["id"])
    if pending.status != "pending" or wanted.get("status") not in {"succeeded", "canceled"}:
        raise invalid("status", f"Refund is {pending.status}; a pending one becomes succeeded or canceled")
    shop.settle_refund(pending, wanted["status"])
    return web.json_response(pending.shown(shop.settings))


async def list_calls(request: web.Request) -> web.Response:
    return web.json_response([*request.app[CALLS]])


async def list_notifications(request: web.Request) -> web.Response:
    return web.json_response([sent.shown() for sent in request.app[NOTIFIER].sent])


async def set_url(request: web.Request) -> web.Response:
    request.app[NOTIFIER].url = str((await _body(request)).get("url", ""))
    return web.json_response({"url": request.app[NOTIFIER].url})


async def advance_clock(request: web.Request) -> web.Response:
    seconds = (await _body(request)).get("advance_seconds", 0)
    if not isinstance(seconds, int):
        raise invalid("advance_seconds", "Must be a whole number")
    shop = request.app[SHOP]
    shop.clock.advance(timedelta(seconds=seconds))
    shop.sweep()
    return web.json_response({"now": shop.clock.now().isoformat()})


def _payment(request: web.Request) -> Payment:
    return request.app[SHOP].payment(request.match_info["id"])


def _shown(request: web.Request, payment: Payment) -> Json:
    return payment.shown(request.app[SHOP].settings, page_base(request))


async def _body(request: web.Request) -> Json:
    body = await request.json() if request.can_read_body else {}
    if not isinstance(body, dict):
        raise invalid("body", "Body must be an object")
    return body
