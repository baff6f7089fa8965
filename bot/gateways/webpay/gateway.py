"""WEBPAY as a gateway: a form that the payer's browser posts, signed notifications, perhaps a back office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import (
    BadCallback,
    OutcomeUnknown,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.domain.events import Callback, Event, Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.periods import now
from bot.gateways import base
from bot.gateways.http import NotFound, NotUnderstood, Transport
from bot.gateways.webpay import cards, charging, movements
from bot.gateways.webpay.answers import Row
from bot.gateways.webpay.backoffice import FORM, BackOffice
from bot.gateways.webpay.forms import page_address, payment_body, payment_form
from bot.gateways.webpay.notifications import Notification, read_notification, tells_of_unbinding
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.webpay.shapes import fits, order_number

PAGE_LIVES = timedelta(minutes=20)
PAGE_IS_OVER = timedelta(hours=1)
"""A form posted in our last minute opens a page of 20 more; the rest is for banks and clocks."""
TOLD_FOR = timedelta(days=31)
"""WEBPAY gives a notification up after 30 days: only then silence means that nothing was paid."""
CANNOT_COME = timedelta(minutes=30)
"""A call to give money back that the state shows nothing of so much later was never carried out."""
ZONES_DIFFER = timedelta(days=1)
"""The back office does not say in which zone it counts."""

FAILED_STATES = ("failed", "declined", "blocked")
CANCEL_EVERYTHING = ("priorbank", "dabrabyt")
"""Banks that know one call for every kind of money back; the others refund a recurrent payment."""
NO_BACK_OFFICE = "WEBPAY__CABINET_USERNAME, WEBPAY__CABINET_PASSWORD and WEBPAY__BANK are not set"


class WebPay:
    """One shop. What a browser brings back from WEBPAY is never looked at."""

    name = movements.NAME
    replay_window = timedelta(0)

    def __init__(self, settings: WebPaySettings, on_call: base.OnCall = lambda *_: None) -> None:
        self.methods = settings.offered()
        self._settings = settings
        self._office = BackOffice(settings, on_call) if settings.has_cabinet else None
        self._door = Transport(
            self.name,
            settings.payment_host,
            headers={"Content-Type": "application/json"},
            read=page_address,
            timeouts=settings.timeouts,
            on_call=on_call,
        )
        self._cards = Transport(
            self.name,
            settings.payment_host,
            headers={},
            read=charging.read,
            timeouts=settings.timeouts,
            on_call=on_call,
        )

    async def create_link(self, request: base.LinkRequest) -> base.Link:
        """A form needs nobody's answer; the JSON door falls back to it where there is no such door."""
        form = payment_form(request, self._settings)
        if request.saves_card and self._settings.recurring:
            form = cards.binding(form, request.reference, self._settings)
        expires_at = now() + PAGE_LIVES
        if self._settings.door == "json":
            try:
                url = await self._door.act("payment", self._settings.json_path, payment_body(form), {})
                return base.Link(url, "", expires_at)
            except NotFound:
                pass
        return base.Link(f"{self._settings.payment_host}/", "", expires_at, form)

    @property
    def charges_per_second(self) -> float:
        return self._settings.charges_per_second

    async def charge(self, request: base.ChargeRequest) -> Paid | Refused | Unfinished:
        """Charge a bound card: the answer or the notification tells first, both of one transaction."""
        body = cards.posted(cards.charge(request, self._settings))
        said = await self._cards.act("charge", "/", body, FORM)
        try:
            return charging.charged(said, request, self._settings)
        except NotUnderstood as surprise:
            raise OutcomeUnknown(str(surprise)) from surprise

    async def ask_charge(
        self,
        provider_payment: str,
        reference: str,
        since: datetime | None = None,
    ) -> Paid | Refused | Unfinished:
        """By our order number; without a back office nobody can tell, so a person has to look."""
        if self._office is None:
            return Unfinished(self.name, reference, provider_payment)
        rows, paid = await self._rows(self._office, reference)
        failed = [row for row in rows if row.status.lower() in FAILED_STATES]
        if paid is not None or failed:
            return paid or movements.ended(failed, reference)
        is_over = since is not None and now() - since > charging.NEVER_CREATED_AFTER
        if rows or not is_over:
            return Unfinished(self.name, reference, provider_payment)
        return movements.ended([], reference)

    async def unlink(self, token: str) -> None:
        body = cards.posted(cards.unbinding(token, self._settings))
        said = await self._cards.act("unlink", "/", body, FORM)
        try:
            charging.let_go(said)
        except NotUnderstood as surprise:
            raise OutcomeUnknown(str(surprise)) from surprise

    async def read_callback(self, callback: Callback) -> Event | Hint:
        if tells_of_unbinding(callback, self._settings):
            return Hint(self.name, None, "", "", final=False)
        return movements.event_of(read_notification(callback, self._settings), self._settings)

    async def ask(
        self,
        provider_payment: str,  # noqa: ARG002 (an order may have more than one transaction)
        reference: str,
        since: datetime | None = None,
    ) -> Paid | Refused | Unfinished:
        """By our own order number, never by a number that a browser brought."""
        waited = now() - (since or now())
        if self._office is None:
            return movements.ended([], reference) if waited > TOLD_FOR else Unfinished(self.name, reference)
        rows, paid = await self._rows(self._office, reference)
        if paid is not None:
            return paid
        if waited < PAGE_IS_OVER:
            return Unfinished(self.name, reference)
        return movements.ended(rows, reference)

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:  # noqa: ARG002 (there are none)
        raise BadCallback("WEBPAY signs what it tells: there are no hints")

    async def refund(self, request: base.RefundCall) -> base.RefundAnswer:
        """Ask how it stands, call once as the bank wants it, and believe the state that follows."""
        office = self._opened_office()
        before = await self._state(office, request)
        call = self._call_for(before.payment_type)
        await office.give_back(call, request.provider_payment, request.amount, request.reason or "refund")
        try:
            after = await self._state(office, request)
        except ProviderError:
            return base.RefundUnfinished(request.reference)
        is_news = (after.payment_type, after.batch) != (before.payment_type, before.batch)
        return (movements.gone_back(after, request) if is_news else None) or base.RefundUnfinished(
            request.reference
        )

    async def ask_refund(self, request: base.RefundCall) -> base.RefundAnswer | None:
        """By the state of its payment: None only when it can't be under way any more."""
        state = await self._state(self._opened_office(), request)
        answer = movements.gone_back(state, request)
        if answer is not None:
            return answer
        sent_long_ago = request.sent_at is not None and now() - request.sent_at > CANNOT_COME
        untouched = state.payment_type not in movements.RETURNED
        return None if sent_long_ago and untouched else base.RefundUnfinished(request.reference)

    async def offset_receipt(self, request: base.OffsetRequest) -> str:  # noqa: ARG002 (never)
        raise ProviderRefused("WEBPAY issues no fiscal receipts")

    @property
    def lists_movements(self) -> bool:
        return self._office is not None

    @property
    def can_be_asked(self) -> bool:
        return self._office is not None

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:
        """What the back office lists; nothing without one. Of a hold that was let go nothing was paid."""
        if self._office is None:
            return
        for row in await self._office.between(moment - ZONES_DIFFER, now() + ZONES_DIFFER):
            told = await self._told(row)
            if (
                isinstance(told, Refunded)
                and not told.of_hold
                and (paid := movements.paid_before(told, row)) is not None
            ):
                yield paid
            if isinstance(told, Paid | Refunded):
                yield told

    async def check(self) -> base.Health:
        shop = f"WEBPAY: shop {self._settings.store_id}"
        if self._office is None:
            remark = f"{shop}; nothing can be asked: {NO_BACK_OFFICE}"
            return base.Health(well=True, test=self._settings.test, remark=remark)
        try:
            await self._office.between(now(), now())
        except ProviderError as trouble:
            return base.Health(well=False, test=self._settings.test, remark=f"{shop}: {trouble}")
        return base.Health(well=True, test=self._settings.test, remark=f"{shop}, its back office answers")

    async def close(self) -> None:
        await self._door.close()
        await self._cards.close()
        if self._office is not None:
            await self._office.close()

    def _opened_office(self) -> BackOffice:
        if self._office is None or self._settings.bank is None:
            raise ProviderRefused(NO_BACK_OFFICE)
        return self._office

    async def _rows(self, office: BackOffice, reference: str) -> tuple[list[Row], Paid | None]:
        """Every try to pay that payment, and the one that was money."""
        number = order_number(reference)
        rows = [row for row in await office.of_order(number) if row.order_number == number]
        for row in rows:
            told = await self._told(row)
            if isinstance(told, Paid):
                return rows, told
        return rows, None

    async def _told(self, row: Row) -> Event | Hint | None:
        """What a listed transaction is to the books; WEBPAY itself named it for that order."""
        assert self._office is not None
        if row.status.lower() in FAILED_STATES:
            return None
        found = await self._office.transaction(row.transaction, row.order_number)
        try:
            told = movements.event_of(found, self._settings) if found is not None else None
        except BadCallback as odd:
            raise ProviderUnavailable(str(odd)) from odd
        return replace(told, card_follows=self._settings.recurring) if isinstance(told, Paid) else told

    async def _state(self, office: BackOffice, request: base.RefundCall) -> Notification:
        """How the payment stands that is given back; its number came with a proven event."""
        if not fits("transaction_id", request.provider_payment):
            raise ProviderRefused("not a transaction of WEBPAY")
        found = await office.transaction(request.provider_payment)
        if found is None:
            raise ProviderRefused("WEBPAY knows no such transaction")
        return found

    def _call_for(self, payment_type: int) -> str:
        """Which call returns money depends on the bank; a hold is always let go by TransactionCancel."""
        by_kind = self._settings.bank not in CANCEL_EVERYTHING
        is_recurrent = payment_type == movements.RECURRENT
        return "TransactionRefund" if by_kind and is_recurrent else "TransactionCancel"
