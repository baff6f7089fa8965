"""The cabinet's doors for programs: get_transaction, and the SOAP service."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import web

from sandbox.webpay.keys import SHOP
from sandbox.webpay.shop import STATES, NotPossibleError, Shop, Transaction
from sandbox.webpay.signatures import told
from sandbox.yookassa.money import decimal

Said = dict[str, str]


async def get_transaction(request: web.Request, wanted: str) -> web.Response:
    """Answer an API_XML_REQUEST; what is not found is a failure without fields."""
    shop = request.app[SHOP]
    try:
        said = _texts(wanted)
        _check_login(shop, said.get("username", ""), said.get("password", ""))
        made = shop.transaction(said.get("transaction_id", ""))
    except (NotPossibleError, ElementTree.ParseError) as why:
        return _xml(_elements(status="failed", error=str(why)), "wsb_api_response")
    values = {
        "transaction_id": made.id,
        "batch_timestamp": str(made.batch),
        "currency_id": made.order.currency,
        "amount": decimal(made.moved),
        "payment_method": made.method,
        "payment_type": str(made.kind),
        "order_id": made.order.id,
        "rrn": made.rrn,
    }
    signature = told(list(values.values()), shop.settings.secret_key)
    fields = f"<fields>{_elements(**values, wsb_signature=signature)}</fields>"
    return _xml(_elements(command="get_transaction", status="success") + fields, "wsb_api_response")


async def soap(request: web.Request) -> web.Response:
    """Every call of the SOAP service."""
    shop = request.app[SHOP]
    try:
        envelope = ElementTree.fromstring(await request.read())
    except ElementTree.ParseError:
        return _fault("not XML")
    body = next((each for each in envelope if _name(each) == "Body"), None)
    call = body[0] if body is not None and len(body) else None
    if call is None or _name(call) not in CALLS:
        return _fault("no such method")
    said = {_name(each): (each.text or "") for each in call}
    try:
        _check_login(shop, said.get("login", ""), said.get("password", ""))
        if said.get("store_id") != shop.settings.store_id:
            raise NotPossibleError("Unknown store")
        result = _elements(error_code="0", error_comment="OK") + CALLS[_name(call)](shop, said)
    except NotPossibleError as why:
        result = _elements(error_code="1", error_comment=str(why))
    return _envelope(_name(call), result)


def _cancel(shop: Shop, said: Said) -> str:
    return _give_back(shop, said, void=True)


def _refund(shop: Shop, said: Said) -> str:
    return _give_back(shop, said, void=False)


def _give_back(shop: Shop, said: Said, *, void: bool) -> str:
    made = shop.transaction(said.get("transaction_id", ""))
    shop.give_back(made, _kopecks(said), void=void)
    return _elements(transaction_id=made.id)


def _complete(shop: Shop, said: Said) -> str:
    made = shop.transaction(said.get("transaction_id", ""))
    shop.complete(made, _kopecks(said))
    return _elements(transaction_id=made.id)


def _status(shop: Shop, said: Said) -> str:
    """By an order's number, by a time, or both."""
    start, end = _edge(said, "start"), _edge(said, "end")
    found = [
        made
        for order in shop.orders()
        if said.get("order_num") in (None, "", order.number)
        for made in order.transactions
        if (start is None or made.batch >= start) and (end is None or made.batch <= end)
    ]
    return "".join(f"<transaction>{_row(made)}</transaction>" for made in found)


def _row(made: Transaction) -> str:
    return _elements(
        transaction_id=made.id,
        order_num=made.order.number,
        date=datetime.fromtimestamp(made.batch, UTC).strftime("%d.%m.%Y %H:%M"),
        status=STATES[made.kind],
        amount=decimal(made.amount),
        currency=made.order.currency,
        response_code=made.code,
        card_number=made.card,
        payment_type=str(made.kind),
    )


CALLS: dict[str, Callable[[Shop, Said], str]] = {
    "TransactionCancel": _cancel,
    "TransactionRefund": _refund,
    "TransactionComplete": _complete,
    "GetTransactionStatus": _status,
}


def _check_login(shop: Shop, login: str, password: str) -> None:
    expected = hashlib.md5(shop.settings.password.encode()).hexdigest()
    if login != shop.settings.login or not hmac.compare_digest(password.encode(), expected.encode()):
        raise NotPossibleError("Access denied")


def _edge(said: Said, edge: str) -> float | None:
    if not said.get(f"{edge}year"):
        return None
    parts = [int(said[f"{edge}{part}"]) for part in ("year", "month", "day", "hour", "min")]
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]  # five of them


def _kopecks(said: Said) -> int:
    return int(Decimal(said.get("amount", "0")) * 100)


def _texts(document: str) -> Said:
    return {_name(each): (each.text or "") for each in ElementTree.fromstring(document).iter()}


def _name(each: ElementTree.Element) -> str:
    return str(each.tag).rpartition("}")[2]


def _elements(**said: str) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())


def _xml(inner: str, name: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><{name}>{inner}</{name}>'
    return web.Response(text=text, content_type="text/xml")


def _envelope(call: str, result: str) -> web.Response:
    return _soap(f'<w:{call}Response xmlns:w="urn:WSBApi"><return>{result}</return></w:{call}Response>')


def _fault(why: str) -> web.Response:
    return _soap(f"<e:Fault><faultstring>{escape(why)}</faultstring></e:Fault>", status=500)


def _soap(body: str, status: int = 200) -> web.Response:
    envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    text = f'<e:Envelope xmlns:e="{envelope}"><e:Body>{body}</e:Body></e:Envelope>'
    return web.Response(text=text, content_type="text/xml", status=status)
