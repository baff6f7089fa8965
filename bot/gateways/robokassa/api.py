"""Robokassa's three services over our own transport: payments, refunds, receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from bot.domain.errors import ProviderUnavailable
from bot.gateways.base import OnCall
from bot.gateways.bodies import read_xml
from bot.gateways.http import Answer, NotUnderstood, Transport
from bot.gateways.robokassa import answers, charging, signatures
from bot.gateways.robokassa.settings import RobokassaSettings
from bot.gateways.robokassa.signatures import Signer
from bot.gateways.robokassa.writing import fiscal_token, jwt

T = TypeVar("T")

STATE = "/Merchant/WebService/Service.asmx/OpStateExt"
CHARGE = "/Merchant/Recurring"
TEXT = {"Content-Type": "text/plain"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Api:
    """Questions and calls; raises ProviderUnavailable, ProviderRefused (NotFound) or OutcomeUnknown."""

    def __init__(self, settings: RobokassaSettings, signer: Signer, on_call: OnCall) -> None:
        self._settings = settings
        self._signer = signer
        self._payments = _transport(settings, settings.base_url, _read_xml, on_call)
        self._charges = _transport(settings, settings.base_url, charging.begun, on_call)
        self._refunds = _transport(settings, settings.services_url, _read_json, on_call)
        self._receipts = _transport(settings, settings.fiscal_url, _read_json, on_call)

    async def state(self, number: str) -> Element:
        """What Robokassa says of the operation with that number; a test's is never known to it."""
        password2 = self._settings.password2.get_secret_value()
        base = signatures.state(self._settings.login, number, password2)
        asked = {
            "MerchantLogin": self._settings.login,
            "InvoiceID": number,
            "Signature": self._signer.digest(base),
        }
        return await self._payments.ask("state", STATE, asked)

    async def charge(self, fields: dict[str, str]) -> str:
        """Begin a charge; the number that Robokassa repeats."""
        return await self._charges.act("charge", CHARGE, urlencode(fields).encode(), FORM)

    async def create_refund(self, payload: str, password3: str) -> dict[str, Any]:
        """Nothing here makes two calls one refund: it is made once, and asked after by its number."""
        body = jwt(payload, password3).encode()
        return await self._refunds.act("create_refund", "/RefundService/Refund/Create", body, TEXT)

    async def refund(self, request_id: str) -> dict[str, Any]:
        return await self._refunds.ask("refund", "/RefundService/Refund/GetState", {"id": request_id})

    async def attach_receipt(self, payload: str) -> dict[str, Any]:
        password1 = self._settings.password1.get_secret_value()
        body = fiscal_token(payload, self._signer, password1).encode()
        return await self._receipts.act("receipt", "/RoboFiscal/Receipt/Attach", body, TEXT)

    async def receipt_state(self, payload: str) -> dict[str, Any]:
        """A question, though it is posted: asked twice it changes nothing."""
        password1 = self._settings.password1.get_secret_value()
        body = fiscal_token(payload, self._signer, password1).encode()
        return await self._receipts.act("receipt_state", "/RoboFiscal/Receipt/Status", body, TEXT)

    async def close(self) -> None:
        for transport in (self._payments, self._charges, self._refunds, self._receipts):
            await transport.close()


def _transport(
    settings: RobokassaSettings, base_url: str, read: Callable[[Answer], T], on_call: OnCall
) -> Transport[T]:
    return Transport(
        "robokassa", base_url, headers={}, read=read, timeouts=settings.timeouts, on_call=on_call
    )


def _read_xml(answer: Answer) -> Element:
    if answer.status != 200:
        raise NotUnderstood(f"status {answer.status}")
    return read_xml(answer.body)


def _read_json(answer: Answer) -> dict[str, Any]:
    """A refusal is JSON as well, under whatever status; a page of a proxy is not."""
    if answer.status == 429:
        raise ProviderUnavailable("too many requests")
    if answer.status >= 500 or answer.status == 408:
        raise NotUnderstood(f"status {answer.status}")
    return answers.json_object(answer.body)
