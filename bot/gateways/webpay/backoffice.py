"""The cabinet's back office: get_transaction over its form door, the rest over SOAP. Access is on request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from bot.domain.errors import OutcomeUnknown, ProviderError, ProviderUnavailable
from bot.domain.money import Money
from bot.gateways.base import OnCall
from bot.gateways.http import NotUnderstood, Transport
from bot.gateways.webpay import answers
from bot.gateways.webpay.notifications import Notification
from bot.gateways.webpay.settings import WebPaySettings

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SOAP = {"Content-Type": "text/xml; charset=utf-8"}
DOOR = "/WSBApi"

_PARTS = (("min", "minute"), ("hour", "hour"), ("day", "day"), ("month", "month"), ("year", "year"))
REASON_NAMES = {"TransactionCancel": "cancel_reason", "TransactionRefund": "refund_reason"}


class BackOffice:
    """A question without an answer is ProviderUnavailable, such a call that acts is OutcomeUnknown."""

    def __init__(self, settings: WebPaySettings, on_call: OnCall) -> None:
        self._settings = settings
        self._transport = Transport(
            "webpay",
            settings.cabinet_host,
            headers={},
            read=answers.element,
            timeouts=settings.timeouts,
            on_call=on_call,
        )
        self.close = self._transport.close

    async def transaction(self, transaction: str, number: str = "") -> Notification | None:
        """The state of a transaction that WEBPAY itself named, and the order `number` it named it for."""
        request = _document(
            "wsb_api_request",
            command="get_transaction",
            authorization=_elements(
                username=self._settings.cabinet_username, password=self._settings.password_digest
            ),
            fields=_elements(transaction_id=transaction),
        )
        form = urlencode({"*API": "", "API_XML_REQUEST": request}).encode()
        root = await self._transport.ask("get_transaction", "/", body=form, headers=FORM)
        with _understood():
            secret = self._settings.secret_key.get_secret_value()
            return answers.transaction(root, transaction, number, secret)

    async def of_order(self, number: str) -> list[answers.Row]:
        """Every transaction made for one order of ours."""
        return await self._rows(number, order_num=number)

    async def between(self, start: datetime, end: datetime) -> list[answers.Row]:
        """Every transaction of a time, to the minute."""
        period = {
            f"{edge}{part}": format(getattr(moment, name), "02d")
            for edge, moment in (("start", start), ("end", end))
            for part, name in _PARTS
        }
        return await self._rows("", **period)

    async def give_back(self, call: str, transaction: str, amount: Money, reason: str) -> None:
        """TransactionCancel or TransactionRefund: no key makes two of them one, so it is called once."""
        said = {
            "transaction_id": transaction,
            "amount": amount.decimal(),
            "currency": amount.currency,
            REASON_NAMES[call]: reason,
        }
        root = await self._transport.act(call, DOOR, self._envelope(call, said), self._headers(call))
        with _understood(otherwise=OutcomeUnknown):
            answers.acted(root)

    async def _rows(self, asked_for: str, **said: str) -> list[answers.Row]:
        call = "GetTransactionStatus"
        body, headers = self._envelope(call, said), self._headers(call)
        root = await self._transport.ask(call, DOOR, body=body, headers=headers)
        with _understood():
            return answers.rows(root, asked_for)

    def _headers(self, call: str) -> dict[str, str]:
        return SOAP | {"SOAPAction": f'"{self._settings.soap_namespace}#{call}"'}

    def _envelope(self, call: str, said: dict[str, str]) -> bytes:
        login = {
            "store_id": self._settings.store_id,
            "login": self._settings.cabinet_username,
            "password": self._settings.password_digest,
        }
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
            f'<soap:Body><w:{call} xmlns:w="{escape(self._settings.soap_namespace)}">'
            f"{_elements(**login, **said)}</w:{call}></soap:Body></soap:Envelope>"
        ).encode()


def _elements(**said: str) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())


def _document(name: str, *, command: str, authorization: str, fields: str) -> str:
    """`authorization` and `fields` hold elements already."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{name}><command>{command}</command>'
        f"<authorization>{authorization}</authorization><fields>{fields}</fields></{name}>"
    )


@contextmanager
def _understood(otherwise: type[ProviderError] = ProviderUnavailable) -> Iterator[None]:
    """Turn an answer of an unknown shape into the error that is true of the call."""
    try:
        yield
    except NotUnderstood as surprise:
        raise otherwise(str(surprise)) from surprise
