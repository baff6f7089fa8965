"""The API under `/v3`, as far as a till needs it."""

import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from sandbox.yookassa import charging, rules
from sandbox.yookassa.errors import Refused, error_answer, invalid
from sandbox.yookassa.idempotence import HEADER, Result
from sandbox.yookassa.keys import CALLS, FAULTS, SHOP, USED_KEYS, page_base
from sandbox.yookassa.listing import one_page
from sandbox.yookassa.mishaps import CALLER_GONE, in_pace, with_mishaps
from sandbox.yookassa.money import Json
from sandbox.yookassa.payments import OffsetReceipt, Payment, Refund
from sandbox.yookassa.saving import NeverCreated, check_permission
from sandbox.yookassa.settings import Receipts, ShopSettings
from sandbox.yookassa.shop import Shop

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_api() -> web.Application:
    api = web.Application(middlewares=[note_call, in_pace, with_mishaps, speak_as_documented, only_the_shop])
    api.add_routes(
        [
            web.post("/payments", create_payment),
            web.get("/payments", list_payments),
            web.get("/payments/{id}", get_payment),
            web.post("/payments/{id}/capture", capture_payment),
            web.post("/payments/{id}/cancel", cancel_payment),
            web.post("/refunds", create_refund),
            web.get("/refunds", list_refunds),
            web.get("/refunds/{id}", get_refund),
            web.post("/receipts", create_receipt),
            web.get("/receipts", list_receipts),
            web.get("/me", about_the_shop),
        ]
    )
    return api


@web.middleware
async def note_call(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Remember what was asked for; without a status it has no answer yet, with 499 it never got one."""
    call: Json = {"method": request.method, "path": request.path, "status": None}
    request.config_dict[CALLS].append(call)
    answer = await handler(request)
    call["status"] = answer.status
    return answer


@web.middleware
async def speak_as_documented(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal leaves as the documented error body, unknown paths and methods too."""
    try:
        return await handler(request)
    except Refused as refused:
        return error_answer(refused)
    except web.HTTPNotFound:
        return error_answer(Refused(404, "No such resource"))
    except web.HTTPMethodNotAllowed:
        return error_answer(Refused(405, "Method is not allowed"))


@web.middleware
async def only_the_shop(request: web.Request, handler: Handler) -> web.StreamResponse:
    settings = request.config_dict[SHOP].settings
    login = f"{settings.shop_id}:{settings.secret_key}".encode()
    expected = b"Basic " + base64.b64encode(login)
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
        raise Refused(
            401, "Basic authentication failed: check the shop id and the secret key", "Authorization"
        )
    return await handler(request)


async def create_payment(request: web.Request) -> web.Response:
    shop, body = request.config_dict[SHOP], await _body(request)
    check_permission(body, allowed=request.config_dict[FAULTS]["saving"].value == "allowed")
    try:
        payment = _once(request, body, lambda: charging.begun(shop, rules.new_payment(body, shop)))
    except NeverCreated:
        return await charging.without_answer(request)
    is_heard = await charging.answered(request, payment)
    return _shown(request, payment) if is_heard else web.Response(status=CALLER_GONE)


async def get_payment(request: web.Request) -> web.Response:
    return _shown(request, _payment(request))


async def capture_payment(request: web.Request) -> web.Response:
    shop, body, payment = request.config_dict[SHOP], await _body(request), _payment(request)

    def capture() -> Payment:
        shop.capture(payment, rules.capture_amount(body, shop))
        return payment

    return _shown(request, _once(request, body, capture))


async def cancel_payment(request: web.Request) -> web.Response:
    shop, body, payment = request.config_dict[SHOP], await _body(request), _payment(request)

    def cancel() -> Payment:
        shop.cancel(payment)
        return payment

    return _shown(request, _once(request, body, cancel))


async def create_refund(request: web.Request) -> web.Response:
    shop, body = request.config_dict[SHOP], await _body(request)
    status = request.config_dict[FAULTS]["refund"].value
    refund = _once(request, body, lambda: shop.add_refund(rules.new_refund(body, shop, status)))
    return web.json_response(refund.shown(shop.settings))


async def get_refund(request: web.Request) -> web.Response:
    shop = request.config_dict[SHOP]
    return web.json_response(shop.refund(request.match_info["id"]).shown(shop.settings))


async def list_payments(request: web.Request) -> web.Response:
    shop = _swept(request)
    shown = partial(Payment.shown, shop=shop.settings, page_base=page_base(request))
    return web.json_response(one_page(map(shown, shop.payments()), request.query))


async def list_refunds(request: web.Request) -> web.Response:
    shop = request.config_dict[SHOP]
    shown = partial(Refund.shown, shop=shop.settings)
    return web.json_response(one_page(map(shown, shop.refunds()), request.query))


async def create_receipt(request: web.Request) -> web.Response:
    """The receipt of a prepayment's use."""
    shop, body = request.config_dict[SHOP], await _body(request)
    receipt = _once(request, body, lambda: shop.add_receipt(rules.new_offset_receipt(body, shop)))
    return web.json_response(receipt.shown())


async def list_receipts(request: web.Request) -> web.Response:
    """Of one payment: its own, and those of its uses."""
    payment = _registered(request, _swept(request).payment(request.query.get("payment_id", "")))
    used = [each.shown() for each in payment_receipts(request.config_dict[SHOP], payment)]
    own = [payment.shown_receipt()] if payment.has_receipt and payment.status == "succeeded" else []
    return web.json_response({"type": "list", "items": [*used, *own]})


def payment_receipts(shop: Shop, payment: Payment) -> list[OffsetReceipt]:
    return [each for each in shop.receipts if each.payment is payment]


async def about_the_shop(request: web.Request) -> web.Response:
    settings = request.config_dict[SHOP].settings
    return web.json_response(_about(settings))


def _about(settings: ShopSettings) -> Json:
    has_receipts = settings.receipts is not Receipts.OFF
    fiscalization: Json = {"enabled": has_receipts}
    if has_receipts:
        fiscalization["provider"] = "yookassa" if settings.receipts is Receipts.YOOKASSA else "atol"
    return {
        "account_id": settings.shop_id,
        "status": "enabled",
        "test": settings.test,
        "fiscalization": fiscalization,
        "fiscalization_enabled": has_receipts,
        "payment_methods": list(settings.methods),
    }


def _once(request: web.Request, body: Json, act: Callable[[], Result]) -> Result:
    key = request.headers.get(HEADER)
    return request.config_dict[USED_KEYS].once(key, request.path, body, act)


def _payment(request: web.Request) -> Payment:
    return _registered(request, _swept(request).payment(request.match_info["id"]))


def _registered(request: web.Request, payment: Payment) -> Payment:
    """Its receipt is registered once, or refused once, as the bad day says when it is looked at."""
    if payment.status == "succeeded" and payment.registration in {"", "pending"}:
        payment.registration = request.config_dict[FAULTS]["receipt"].value
    return payment


def _swept(request: web.Request) -> Shop:
    """The shop with everything overdue already ended."""
    shop = request.config_dict[SHOP]
    shop.sweep()
    return shop


def _shown(request: web.Request, payment: Payment) -> web.Response:
    settings = request.config_dict[SHOP].settings
    return web.json_response(payment.shown(settings, page_base(request)))


async def _body(request: web.Request) -> Json:
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise Refused(415, "Content-Type must be application/json")
    try:
        body = json.loads(raw)
    except ValueError:
        raise invalid("body", "Body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("body", "Body must be an object")
    return body
