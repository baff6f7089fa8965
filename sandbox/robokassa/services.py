"""The services beside the page: refunds by JWT, and the second receipt."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from aiohttp import web

from sandbox.robokassa.keys import FAULTS, SHOP
from sandbox.robokassa.shop import NotPossibleError, OffsetReceipt, Refund, Shop
from sandbox.robokassa.signatures import read_fiscal, read_jwt
from sandbox.yookassa.money import decimal

NUMBERS: dict[str, object] = {
    "FnNumber": "9288000100115785",
    "FiscalDocumentNumber": 133,
    "FiscalDocumentAttribute": 3449555941,
}


def service_routes() -> list[web.AbstractRouteDef]:
    return [
        web.post("/RefundService/Refund/Create", create_refund),
        web.get("/RefundService/Refund/GetState", refund_state),
        web.post("/RoboFiscal/Receipt/Attach", attach),
        web.post("/RoboFiscal/Receipt/Status", receipt_state),
    ]


async def create_refund(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    asked = read_jwt((await request.read()).decode(errors="replace"), shop.settings.password3)
    if asked is None:
        return web.json_response({"success": False, "message": "SignatureIsInvalid"})
    try:
        refund = _begun(shop, asked, request.app[FAULTS]["refund"].value)
    except NotPossibleError as why:
        return web.json_response({"success": False, "message": str(why)})
    return web.json_response({"success": True, "message": "", "requestId": refund.request_id})


def _begun(shop: Shop, asked: dict[str, Any], label: str) -> Refund:
    operation = shop.by_key(str(asked.get("OpKey")))
    if operation is None:
        raise NotPossibleError("OperationNotFound")
    amount = kopecks(asked["RefundSum"]) if "RefundSum" in asked else operation.amount - operation.refunded
    items = asked.get("InvoiceItems", [])
    if items and sum(kopecks(item["Cost"]) * item["Quantity"] for item in items) != amount:
        raise NotPossibleError("InvoiceItemsSumMismatch")
    return shop.refund(operation, amount, label)


async def refund_state(request: web.Request) -> web.Response:
    refund = request.app[SHOP].refunds.get(request.query.get("id", ""))
    if refund is None:
        return web.json_response({"message": "RequestNotFound"}, status=404)
    # The sum leaves as a JSON number with its two digits, as the real service writes it.
    told = f'{{"requestId":{json.dumps(refund.request_id)},"amount":{decimal(refund.amount)},'
    return web.Response(text=f'{told}"label":"{refund.label}"}}', content_type="application/json")


async def attach(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    settings, token = shop.settings, (await request.read()).decode(errors="replace")
    asked = read_fiscal(token, settings.hash, settings.password1)
    wrong = "Signature is wrong" if asked is None else _why_not(shop, asked)
    if asked is None or wrong:
        return web.json_response({"ResultCode": "3", "ResultDescription": wrong})
    operation = shop.find(str(asked["originId"]))
    assert operation is not None
    shop.receipts[str(asked["id"])] = OffsetReceipt(str(asked["id"]), operation, kopecks(asked["total"]))
    return web.json_response({"ResultCode": "0", "ResultDescription": "ok"})


async def receipt_state(request: web.Request) -> web.Response:
    """What became of a payment's own receipt."""
    shop = request.app[SHOP]
    token = (await request.read()).decode(errors="replace")
    asked = read_fiscal(token, shop.settings.hash, shop.settings.password1)
    operation = shop.find(str(asked.get("id"))) if asked else None
    if operation is None or operation.receipt is None:
        return web.json_response({"ResultCode": "3", "ResultDescription": "Receipt not found"})
    code = {"made": "2", "on its way": "1", "refused": "3"}[request.app[FAULTS]["receipt"].value]
    return web.json_response({"ResultCode": code, **(NUMBERS if code == "2" else {})})


def _why_not(shop: Shop, asked: dict[str, Any]) -> str:
    """The rules of a second receipt; two of them at most for a payment."""
    origin = shop.find(str(asked.get("originId")))
    if origin is None or asked.get("merchantId") != shop.settings.login or asked.get("operation") != "sell":
        return "Operation not found"
    known = [each.number for each in shop.receipts.values() if each.operation is origin]
    if str(asked.get("id")) not in known and len(known) == 2:
        return "Two receipts were made already"
    lines, total = asked.get("items", []), kopecks(asked.get("total"))
    if any(line.get("payment_method") != "full_payment" for line in lines):
        return "payment_method must be full_payment"
    sums = (sum(kopecks(line["sum"]) for line in lines), sum(kopecks(p["sum"]) for p in asked["payments"]))
    return "" if sums == (total, total) and asked.get("client") else "Sums differ"


def kopecks(written: object) -> int:
    """A sum as a number or as text, in kopecks; 0 for what is none."""
    try:
        return int(Decimal(str(written)) * 100)
    except (InvalidOperation, ValueError):
        return 0
