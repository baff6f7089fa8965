"""YooKassa as a gateway: a payment page, notifications that are only hints, and an API that is believed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import SecretStr

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderError, ProviderRefused, ProviderUnavailable
from bot.domain.events import Callback, Event, EventKind, Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.gateways import base
from bot.gateways.http import AnswerLost, NotFound, NotUnderstood
from bot.gateways.yookassa import answers, fiscal, provider_token
from bot.gateways.yookassa.api import Api, CannotSave, KeyUsed
from bot.gateways.yookassa.callbacks import ID, read_hint
from bot.gateways.yookassa.checkup import what_is_wrong
from bot.gateways.yookassa.invoice import card_invoice
from bot.gateways.yookassa.looking import by_mark, written
from bot.gateways.yookassa.requests import charge_body, offset_body, payment_body, refund_body
from bot.gateways.yookassa.settings import YooKassaSettings

log = structlog.get_logger(__name__)
Raw = Mapping[str, Any]

CANNOT_COME = timedelta(minutes=10)
"""YooKassa gives up on a request after 30 seconds: what is not listed so much later was never created."""
REFUNDS_TAKE = timedelta(days=3)
"""A refund is listed by its creation, and may succeed days after it."""


class YooKassa:
    """One shop. Its callbacks prove nothing: what they hint at is asked back."""

    name = answers.NAME
    lists_movements = True
    can_be_asked = True
    replay_window = timedelta(hours=23)

    def __init__(
        self,
        settings: YooKassaSettings,
        on_call: base.OnCall = lambda *_: None,
        token: SecretStr | None = None,
    ) -> None:
        self.methods = settings.offered() + ((provider_token.METHOD,) if token else ())
        self._settings = settings
        self._token = token
        self._api = Api(settings, on_call)

    async def create_link(self, request: base.LinkRequest) -> base.Link:
        if request.method == provider_token.METHOD.name:
            return card_invoice(request, self._settings)
        try:
            raw = await self._begun(request, request.reference)
        except CannotSave as why:
            if not request.saves_card and not request.page_token:
                raise
            log.warning("yookassa.cannot_save", why=str(why))
            # Nobody is kept from paying by it. The first key may be used up by the refusal.
            plain = replace(request, saves_card=False, page_token="")
            raw = await self._begun(plain, f"{request.reference}-plain")
        with _understood(otherwise=OutcomeUnknown):
            return answers.link(raw, request.return_url)

    async def read_callback(self, callback: Callback) -> Hint:
        return read_hint(callback)

    async def ask(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        if provider_payment:
            return self._payment_told(await self._api.payment(_id(provider_payment)))
        raw = await by_mark(self._api, reference, self.replay_window, since)
        if raw is not None:
            return self._payment_told(raw)
        if since is not None and now() - since < CANNOT_COME:
            return Unfinished(self.name, reference)
        return Refused(self.name, reference, Refusal.LINK_EXPIRED, code=NEVER_CREATED)

    @property
    def charges_per_second(self) -> float:
        return self._settings.charges_per_second

    async def charge(self, request: base.ChargeRequest) -> Paid | Refused | Unfinished:
        """A lost answer is not fetched by a second call, as a link's is: this moves money."""
        try:
            raw: Raw = await self._api.create_payment(charge_body(request, self._settings), request.reference)
        except KeyUsed:
            raw = await self._begun_before(request.reference, request.amount)
        try:
            with _understood(otherwise=OutcomeUnknown):
                if answers.mark(raw) != request.reference:
                    raise NotUnderstood("an answer about another payment")
                return answers.payment_told(raw, test=self._pretence(raw))
        except _Stranger as stranger:
            raise OutcomeUnknown(str(stranger)) from stranger

    async def ask_charge(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        """Without `since` what is not found proves nothing: it may be older than what was looked through."""
        told = await self.ask(provider_payment, reference, since)
        is_unheard_of = isinstance(told, Refused) and told.code == NEVER_CREATED
        return Unfinished(self.name, reference) if is_unheard_of and since is None else told

    async def unlink(self, token: str) -> None:
        """YooKassa has no call for it: a card is gone once nobody here knows its id."""

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        try:
            if hint.kind is EventKind.REFUNDED:
                return await self._refund_told(await self._api.refund(_id(hint.movement)))
            return self._payment_told(await self._api.payment(_id(hint.provider_payment)))
        except NotFound as unheard:
            raise BadCallback("YooKassa knows nothing of it") from unheard
        except _Stranger as stranger:
            raise BadCallback("another shop's payment") from stranger

    async def refund(self, request: base.RefundCall) -> base.RefundAnswer:
        _id(request.provider_payment)
        raw = await self._api.create_refund(refund_body(request, self._settings), request.reference)
        with _understood(otherwise=OutcomeUnknown):
            return answers.refund_answer(raw, request.reference)

    async def ask_refund(self, request: base.RefundCall) -> base.RefundAnswer | None:
        async for raw in self._api.refunds({"payment_id": _id(request.provider_payment)}):
            if answers.mark(raw) == request.reference:
                with _understood():
                    return answers.refund_answer(raw, request.reference)
        return None

    async def offset_receipt(self, request: base.OffsetRequest) -> str:
        if self._settings.receipts == "off":
            return ""
        _id(request.provider_payment)
        raw = await self._api.create_receipt(offset_body(request, self._settings), request.reference)
        return str(raw.get("id", ""))[:64]

    @property
    def makes_receipts(self) -> bool:
        return self._settings.receipts != "off"

    async def ask_receipt(self, provider_payment: str) -> FiscalReceipt:
        """The payment says how its registration went, the list of receipts under which numbers."""
        told = fiscal.registration(await self._api.payment(_id(provider_payment)))
        if told.state is not FiscalState.REGISTERED:
            return told
        async for raw in self._api.receipts({"payment_id": provider_payment}):
            if fiscal.is_of_payment(raw, provider_payment):
                return fiscal.numbered(raw)
        return told

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:
        payments = {"status": "succeeded", "captured_at.gte": written(moment)}
        async for raw in self._api.payments(payments):
            paid = self._payment_told(raw)
            if isinstance(paid, Paid):
                yield paid
        refunds = {"status": "succeeded", "created_at.gte": written(moment - REFUNDS_TAKE)}
        async for raw in self._api.refunds(refunds):
            refunded = await self._refund_told(raw)
            if isinstance(refunded, Refunded):
                yield refunded

    async def check(self) -> base.Health:
        try:
            me = await self._api.me()
        except ProviderError as trouble:
            return base.Health(well=False, test=self._settings.test, remark=f"YooKassa: {trouble}")
        wrong = what_is_wrong(me, self._settings)
        remark = f"YooKassa: {wrong}" if wrong else f"YooKassa: shop {self._settings.shop_id} answers"
        if self._token is not None:
            remark += f", Telegram has its {'TEST' if provider_token.is_test(self._token) else 'LIVE'} token"
        return base.Health(well=not wrong, test=me.get("test") is True, remark=remark)

    async def close(self) -> None:
        await self._api.close()

    async def _begun(self, request: base.LinkRequest, key: str) -> Raw:
        try:
            return await self._created(payment_body(request, self._settings), key)
        except KeyUsed:
            return await self._begun_before(request.reference, request.amount)

    async def _created(self, body: dict[str, Any], key: str) -> Raw:
        """A link moves no money and its key makes two requests one: a lost answer is fetched at once."""
        try:
            return await self._api.create_payment(body, key)
        except AnswerLost:
            return await self._api.create_payment(body, key)

    async def _begun_before(self, reference: str, amount: Money) -> Raw:
        """Find the payment of a reference whose payer has changed language or e-mail since."""
        raw = await by_mark(self._api, reference, self.replay_window)
        with _understood(otherwise=OutcomeUnknown):
            if raw is None or answers.amount(raw) != amount:
                raise OutcomeUnknown("this reference was used for something else")
        return raw

    def _payment_told(self, raw: Raw) -> Paid | Refused | Unfinished:
        with _understood():
            return answers.payment_told(raw, test=self._pretence(raw))

    async def _refund_told(self, raw: Raw) -> Refunded | Unfinished:
        """A refund says neither whose it is nor whether it is a test: its payment does."""
        payment = await self._api.payment(_id(raw.get("payment_id")))
        with _understood():
            return answers.refund_told(raw, answers.mark(payment), test=self._pretence(payment))

    def _pretence(self, payment: Raw) -> bool:
        """Whether a live shop is shown a test payment; raises for a payment of another shop."""
        recipient = payment.get("recipient")
        shop = recipient.get("account_id") if isinstance(recipient, dict) else None
        if shop is not None and str(shop) != self._settings.shop_id:
            raise _Stranger("YooKassa answers with a payment of another shop")
        return payment.get("test") is True and not self._settings.test


class _Stranger(ProviderRefused):
    """A payment of another shop."""


@contextmanager
def _understood(otherwise: type[ProviderError] = ProviderUnavailable) -> Iterator[None]:
    """Turn an answer of an unknown shape into the error that is true of the call."""
    try:
        yield
    except NotUnderstood as surprise:
        raise otherwise(str(surprise)) from surprise


def _id(claimed: object) -> str:
    """Let only ids of YooKassa's shape into an address."""
    if not isinstance(claimed, str) or not ID.fullmatch(claimed):
        raise ProviderRefused("not an id of YooKassa")
    return claimed
