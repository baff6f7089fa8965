"""OpStateExt: what became of an operation, in XML; tests are never known here."""

from datetime import datetime
from xml.sax.saxutils import escape

from aiohttp import web

from sandbox.robokassa.keys import FAULTS, SHOP
from sandbox.robokassa.shop import DONE, Operation, Shop
from sandbox.robokassa.signatures import digest, same
from sandbox.yookassa.money import decimal

SPACE = "http://merchant.roboxchange.com/WebService/"


async def op_state(request: web.Request) -> web.Response:
    asked = request.query if request.method == "GET" else await request.post()
    fields = {name: str(value) for name, value in asked.items()}
    return _answer(_told(request.app[SHOP], fields, request.app[FAULTS]["state"].value))


def _told(shop: Shop, fields: dict[str, str], odd: str) -> str:
    settings, number = shop.settings, fields.get("InvoiceID", "")
    if fields.get("MerchantLogin") != settings.login:
        return _result(2, "Shop not found")
    expected = digest(settings.hash, settings.login, number, settings.password2)
    if not same(fields.get("Signature", ""), expected):
        return _result(1, "Wrong signature")
    if odd.startswith("result"):
        return _result(int(odd.split()[1]), "An odd day")
    operation = shop.find(number)
    if operation is None or operation.test:
        return _result(3, "Operation not found")
    return _result(0, "") + _operation(operation, odd)


def _operation(operation: Operation, odd: str) -> str:
    """State, sums and the shop's own fields; `odd` may be another state than the real one."""
    state = odd.split()[1] if odd.startswith("state") and operation.state == DONE else operation.state
    account = f"{operation.card.number[:6]}******{operation.card.last4}" if operation.card else ""
    own = "".join(
        f"<Field><Name>{escape(name)}</Name><Value>{escape(value)}</Value></Field>"
        for name, value in operation.own.items()
    )
    return (
        f"<State><Code>{state}</Code><RequestDate>{_date(operation.created_at)}</RequestDate>"
        f"<StateDate>{_date(operation.changed_at)}</StateDate></State>"
        f"<Info><IncCurrLabel>BankCardPSR</IncCurrLabel><IncSum>{decimal(operation.amount + 100)}</IncSum>"
        f"<IncAccount>{account}</IncAccount>"
        f"<PaymentMethod><Code>{'BankCard' if operation.card else 'SBP'}</Code></PaymentMethod>"
        f"<OutCurrLabel>RUB</OutCurrLabel><OutSum>{decimal(operation.amount)}0000</OutSum>"
        f"<OpKey>{operation.key}</OpKey><BankCardRRN>{operation.rrn}</BankCardRRN></Info>"
        f"<UserField>{own}</UserField>"
    )


def _date(moment: datetime) -> str:
    """Seven digits of a second, one more than anybody else has."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "0+00:00")


def _result(code: int, description: str) -> str:
    return f"<Result><Code>{code}</Code><Description>{escape(description)}</Description></Result>"


def _answer(inner: str) -> web.Response:
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<OperationStateResponse xmlns="{SPACE}">{inner}'
    return web.Response(text=body + "</OperationStateResponse>", content_type="text/xml", charset="utf-8")
