"""Robokassa as a gateway: links we sign ourselves, ResultURL that proves money, OpStateExt for silence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderError, ProviderRefused, ProviderUnavailable
from bot.domain.events import Callback, Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.fiscal import FiscalReceipt
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways import base
from bot.gateways.http import NotFound, NotUnderstood
from bot.gateways.robokassa import answers, callbacks, charging
from bot.gateways.robokassa.api import Api
from bot.gateways.robokassa.checkup import health
from bot.gateways.robokassa.numbers import is_number, number_of
from bot.gateways.robokassa.receipts import exact, offset_receipt, refund_items
from bot.gateways.robokassa.requests import SAVED_CARD_PAGE, Requests
from bot.gateways.robokassa.settings import RobokassaSettings
from bot.gateways.robokassa.signatures import Signer
from bot.gateways.robokassa.writing import compact

PAGE_LIVES = timedelta(hours=1)
LINK_LIVES = PAGE_LIVES - timedelta(minutes=2)
"""Two minutes of it are kept for the way and for clocks that differ."""
CANNOT_COME = timedelta(minutes=15)
WITHOUT_LIMIT = timedelta(days=1)
"""Pages that take no time limit are given up after a day."""


class Robokassa:
    """One shop. Money is proven by its callbacks; what they do not tell is asked."""

    name = callbacks.NAME
    lists_movements = False
    can_be_asked = True
    replay_window = timedelta(0)
    """Nothing makes two refunds one, so none is sent again; a link is made anew from the same number."""

    def __init__(self, settings: RobokassaSettings, on_call: base.OnCall = lambda *_: None) -> None:
        self.methods = settings.offered()
        self._settings = settings
        self._signer = Signer(settings.hash)
        self._requests = Requests(settings, self._signer)
        self._api = Api(settings, self._signer, on_call)
        self._live = [settings.password2.get_secret_value()]
        self._tests = [settings.test_password2.get_secret_value()] if settings.test_password2 else []
        if settings.test:
            self._live, self._tests = self._live + self._tests, []

    async def create_link(self, request: base.LinkRequest) -> base.Link:
        begun = now()
        if request.page_token:
            fields = self._requests.saved_card(request, request.page_token)
            return self._requests.form(fields, begun + LINK_LIVES, SAVED_CARD_PAGE)
        if request.saves_card and self._settings.recurring:
            return self._requests.link(self._requests.parent(request), begun + LINK_LIVES)
        fields = self._requests.payment(request, begun + PAGE_LIVES)
        return self._requests.link(fields, begun + LINK_LIVES)

    async def read_callback(self, callback: Callback) -> Paid:
        return callbacks.read_paid(callback, self._signer, self._live, self._tests)

    def read_return(self, callback: Callback) -> str:
        chosen = self._settings.test_password1 if self._settings.test else self._settings.password1
        passwords = [chosen.get_secret_value()] if chosen is not None else []
        return callbacks.read_return(callback, self._signer, passwords)

    async def ask(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        number = provider_payment or number_of(reference, test=self._settings.test)
        begun = since or now()
        try:
            with _understood():
                found = await self._operation(number)
                return answers.payment_told(found, number, reference, late=begun + PAGE_LIVES)
        except NotFound:
            if now() - begun < self._until_it_cannot_come():
                return Unfinished(self.name, reference, provider_payment)
            return Refused(self.name, reference, Refusal.LINK_EXPIRED, provider_payment, code=NEVER_CREATED)

    @property
    def charges_per_second(self) -> float:
        return self._settings.charges_per_second

    async def charge(self, request: base.ChargeRequest) -> Refused | Unfinished:
        """Begin a charge: OK means no more than that, ResultURL or a question tells how it ended."""
        fields = self._requests.charge(request)
        try:
            number = await self._api.charge(fields)
        except charging.NoParent:
            code = f"error_{charging.NO_PARENT}"
            return Refused(self.name, request.reference, Refusal.OTHER, code=code)
        if number != fields["InvoiceID"]:
            raise OutcomeUnknown("charge: OK with the number of another one")
        return Unfinished(self.name, request.reference, number)

    async def ask_charge(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        number = provider_payment or number_of(reference, test=self._settings.test)
        try:
            with _understood():
                return charging.charge_told(await self._operation(number), number, reference)
        except NotFound:
            is_over = since is not None and now() - since > charging.NEVER_CREATED_AFTER
            if not is_over or self._settings.test:
                return Unfinished(self.name, reference, provider_payment)
            return Refused(self.name, reference, Refusal.OTHER, provider_payment, code=NEVER_CREATED)

    async def describe_card(self, token: str) -> CardOnFile:
        with _understood():
            found = answers.card_told(await self._operation(token), token)
        if found is None:
            raise ProviderRefused("this payment left no card behind")
        return found

    async def unlink(self, token: str) -> None:
        """Nothing: Robokassa has no call for it; a card that is not charged any more is let go."""

    async def ask_hint(self, hint: Hint) -> Unfinished:  # noqa: ARG002 (every gateway has this shape)
        raise BadCallback("Robokassa signs what it says: it gives no hints")

    async def refund(self, request: base.RefundCall) -> base.RefundAnswer:
        if self._settings.password3 is None:
            raise ProviderRefused("ROBOKASSA__PASSWORD3 is needed for refunds")
        with _understood():
            key = (await self._operation(request.provider_payment)).key
        if not key:
            raise ProviderRefused("Robokassa tells no OpKey of this payment")
        wanted = {"OpKey": key, "RefundSum": exact(request.amount)}
        if request.items and self._settings.receipts == "robokassa":
            wanted["InvoiceItems"] = refund_items(request.items, request.amount)
        raw = await self._api.create_refund(compact(wanted), self._settings.password3.get_secret_value())
        with _understood(otherwise=OutcomeUnknown):
            return answers.refund_begun(raw, request.reference)

    async def ask_refund(self, request: base.RefundCall) -> base.RefundAnswer:
        """Only its number finds a refund; without one it stays unfinished until a person looks it up."""
        if not request.movement:
            return base.RefundUnfinished(request.reference)
        raw = await self._api.refund(request.movement)
        with _understood():
            return answers.refund_told(raw, request)

    async def offset_receipt(self, request: base.OffsetRequest) -> str:
        if self._settings.receipts == "off":
            return ""
        if self._settings.receipts != "robokassa":
            raise ProviderRefused("this shop issues no receipts of prepayments")
        receipt = offset_receipt(request, self._settings)
        raw = await self._api.attach_receipt(compact(receipt))
        with _understood(otherwise=OutcomeUnknown):
            return answers.receipt_told(raw, str(receipt["id"]))

    @property
    def makes_receipts(self) -> bool:
        """A test's receipts are never made, and a self-employed seller's not in this way."""
        return self._settings.receipts == "robokassa" and not self._settings.test

    async def ask_receipt(self, provider_payment: str) -> FiscalReceipt:
        if not is_number(provider_payment):
            raise ProviderRefused("not a number of Robokassa")
        asked = compact({"merchantId": self._settings.login, "id": provider_payment})
        with _understood():
            return answers.receipt_state(await self._api.receipt_state(asked))

    async def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:  # noqa: ARG002 (nothing is listed)
        """None: Robokassa has no list for programs; each payment is asked after by its number instead."""
        unlisted: tuple[Paid | Refunded, ...] = ()
        for movement in unlisted:
            yield movement

    async def check(self) -> base.Health:
        """Ask after a payment that was never made: only a good signature is told that there is none."""
        number = number_of(new_reference(), test=self._settings.test)
        try:
            with _understood():
                return health(self._settings, answers.result_code(await self._api.state(number)))
        except ProviderError as trouble:
            return base.Health(well=False, test=self._settings.test, remark=f"Robokassa: {trouble}")

    async def close(self) -> None:
        await self._api.close()

    async def _operation(self, number: str) -> answers.Operation:
        if not is_number(number):
            raise ProviderRefused("not a number of Robokassa")
        return answers.operation(await self._api.state(number))

    def _until_it_cannot_come(self) -> timedelta:
        """Pages that open with one way to pay, keep the card or have it on them already know no limit."""
        labelled = any(self._settings.labels[method.name] for method in self.methods)
        return WITHOUT_LIMIT if labelled or self._settings.recurring else PAGE_LIVES + CANNOT_COME


@contextmanager
def _understood(otherwise: type[ProviderError] = ProviderUnavailable) -> Iterator[None]:
    """Turn an answer of an unknown shape into the error that is true of the call."""
    try:
        yield
    except NotUnderstood as surprise:
        raise otherwise(str(surprise)) from surprise
