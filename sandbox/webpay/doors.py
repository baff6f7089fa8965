"""The doors of the payment host: the posted form, the same as JSON, and charges of bound cards."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.webpay import rules
from sandbox.webpay.backoffice import get_transaction, soap
from sandbox.webpay.charges import charged, let_go
from sandbox.webpay.keys import SHOP
from sandbox.webpay.pages.pay import refused_page
from sandbox.webpay.shop import NotPossibleError

LISTS = ("wsb_invoice_item_name", "wsb_invoice_item_quantity", "wsb_invoice_item_price")


def door_routes() -> list[web.AbstractRouteDef]:
    return [web.post("/", posted), web.post("/api/v1/payment", asked), web.post("/WSBApi", soap)]


async def posted(request: web.Request) -> web.StreamResponse:
    """A form from a browser, a charge from a server, or a question to the cabinet."""
    fields = {name: str(value) for name, value in (await request.post()).items()}
    if "API_XML_REQUEST" in fields:
        return await get_transaction(request, fields["API_XML_REQUEST"])
    shop = request.app[SHOP]
    operation = fields.get("wsb_operation_type")
    if operation in ("recurring_pay", "recurring_unbind"):
        return await (charged if operation == "recurring_pay" else let_go)(request, fields)
    try:
        if "*scart" not in fields:
            raise NotPossibleError("*scart is missing")
        rules.from_the_site(shop, request.headers.get("Referer", ""))
        order = shop.add(rules.new_order(shop, fields))
    except NotPossibleError as why:
        return refused_page(request, str(why))
    return web.Response(status=303, headers={"Location": f"/pay/{order.page}"})


async def asked(request: web.Request) -> web.Response:
    """The JSON door: the same fields, the lines as lists; it answers with the address to open."""
    shop = request.app[SHOP]
    try:
        order = shop.add(rules.new_order(shop, _flat(await request.json())))
    except NotPossibleError as why:
        return web.json_response({"error": str(why)}, status=400)
    return web.json_response({"data": {"redirectUrl": str(request.url.with_path(f"/pay/{order.page}"))}})


def _flat(body: Mapping[str, Any]) -> dict[str, str]:
    fields = {"*scart": ""} | {name: str(value) for name, value in body.items() if name not in LISTS}
    for name in LISTS:
        fields |= {f"{name}[{at}]": str(value) for at, value in enumerate(body.get(name, []))}
    return fields
