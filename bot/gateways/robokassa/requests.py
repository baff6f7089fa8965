"""What a browser brings to Robokassa: signed fields, in a link while it is short, else in a form."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote, urlencode

from bot.domain.errors import ProviderRefused
from bot.gateways.base import ChargeRequest, Link, LinkRequest
from bot.gateways.robokassa import signatures
from bot.gateways.robokassa.callbacks import KEPT, KEPT_CARD, MARK, REFERENCE
from bot.gateways.robokassa.numbers import is_number, number_of
from bot.gateways.robokassa.receipts import receipt
from bot.gateways.robokassa.settings import RobokassaSettings
from bot.gateways.robokassa.signatures import Signer
from bot.gateways.robokassa.writing import compact, moscow

PAYMENT_PAGE = "/Merchant/Index.aspx"
SAVED_CARD_PAGE = "/Merchant/Payment/CoFPayment"

LONGEST_LINK = 1800
LONGEST_DESCRIPTION = 100

_UNPRINTED = re.compile(r"[^0-9A-Za-zА-Яа-яЁё .,:;!?()\[\]+\-*/=%№#@_«»\"']")
"""All that a description may not hold; a colon may: the description is not signed."""

Fields = dict[str, str]


class Requests:
    """One shop's requests. Its passwords stay here; what leaves are signatures."""

    def __init__(self, settings: RobokassaSettings, signer: Signer) -> None:
        chosen = settings.test_password1 if settings.test else settings.password1
        self._password1 = chosen.get_secret_value() if chosen is not None else ""
        self._settings = settings
        self._signer = signer

    def payment(self, request: LinkRequest, until: datetime) -> Fields:
        """One payment. A page that opens with one way to pay has no time limit: they do not go together."""
        label = self._settings.labels.get(request.method, "")
        limit = {"IncCurrLabel": label} if label else {"ExpirationDate": moscow(until)}
        return self._signed(self._common(request) | limit)

    def parent(self, request: LinkRequest) -> Fields:
        """A payment whose card may be charged again; it takes neither a time limit nor a way to pay.

        `Recurring` is not signed; a field of ours that is tells us of it when the money comes.
        """
        return self._signed(self._common(request) | {KEPT: KEPT_CARD, "Recurring": "true"})

    def saved_card(self, request: LinkRequest, op_key: str) -> Fields:
        """A payment by the card of an earlier operation: the payer types its CVC again."""
        return self._signed(self._common(request) | {"Token": op_key})

    def charge(self, request: ChargeRequest) -> Fields:
        """A charge of the card behind a parent payment, always the first one, whatever came in between."""
        if not is_number(request.token):
            raise ProviderRefused("not a number of Robokassa")
        fields = self._common(request)
        fields = {"InvoiceID": fields.pop("InvId"), "PreviousInvoiceID": request.token} | fields
        signature = self._signer.digest(signatures.charge(fields, self._password1))
        return fields | {"SignatureValue": signature}

    def link(self, fields: Fields, expires_at: datetime) -> Link:
        """A link encodes every field once more, so the receipt in it is encoded twice; so does a browser."""
        whole = f"{self._address(PAYMENT_PAGE)}?{urlencode(fields, quote_via=quote)}"
        if len(whole) <= LONGEST_LINK:
            return Link(whole, fields["InvId"], expires_at)
        return self.form(fields, expires_at)

    def form(self, fields: Fields, expires_at: datetime, page: str = PAYMENT_PAGE) -> Link:
        """What is too long for a link, or names a card, which no address should do."""
        return Link(self._address(page), fields["InvId"], expires_at, form=fields)

    def _address(self, page: str) -> str:
        return self._settings.base_url.rstrip("/") + page

    def _common(self, request: LinkRequest | ChargeRequest) -> Fields:
        if not REFERENCE.fullmatch(request.reference):
            raise ProviderRefused("a reference of another shape would not be known when it comes back")
        if request.amount.currency != "RUB" or request.amount.minor <= 0:
            raise ProviderRefused(f"Robokassa takes roubles, not {request.amount}")
        fields = {
            "MerchantLogin": self._settings.login,
            "OutSum": request.amount.decimal(),
            "InvId": number_of(request.reference, test=self._settings.test),
            "Description": _UNPRINTED.sub(" ", request.title)[:LONGEST_DESCRIPTION].strip(),
            "Culture": "ru" if request.language in ("ru", "be", "ky") else "en",
            "Encoding": "utf-8",
            MARK: request.reference,
        }
        return fields | self._receipt(request) | self._chosen(request)

    def _receipt(self, request: LinkRequest | ChargeRequest) -> Fields:
        if self._settings.receipts == "off":
            return {}
        if not request.email:
            raise ProviderRefused("a receipt needs an e-mail")
        lines = receipt(request.items, request.amount, self._settings)
        return {"Receipt": quote(compact(lines), safe="")}

    def _chosen(self, request: LinkRequest | ChargeRequest) -> Fields:
        given = (("Email", request.email), ("IsTest", "1" if self._settings.test else ""))
        return {name: value for name, value in given if value}

    def _signed(self, fields: Fields) -> Fields:
        return fields | {"SignatureValue": self._signer.digest(signatures.payment(fields, self._password1))}
