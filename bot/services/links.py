"""Pay links: our own addresses, which never die while the provider's pages come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from bot.domain import periods
from bot.domain.errors import NotYours, ProviderError
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.personal_data import is_nobody
from bot.domain.references import fingerprint
from bot.domain.states import PAYABLE_ORDERS, PaymentState
from bot.gateways.base import Gateway, Returning
from bot.services.addressing import BY_CODE
from bot.services.inquiries import InquiryService, is_final
from bot.services.pay_links import PayLinks
from bot.services.payments import PayLink, PaymentService
from bot.services.reports import Standing, report_on
from bot.storage.database import Database, reading
from bot.storage.tx import Tx

JUST_ASKED = 3.0
"""Seconds in which a result page that reloads does not ask the provider again."""

log = structlog.get_logger()


class LinkKind(StrEnum):
    """What somebody who opens a pay link should see."""

    LIVE = "live"
    EXPIRED = "expired"
    REFUSED = "refused"
    WAITING = "waiting"
    PAID = "paid"
    SHORT = "short"
    ON_BALANCE = "on_balance"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as it stands now; `url` is the provider's page, only where it takes money.

    A `form` is what that page wants posted to it; a `code` is typed at a terminal or in a wallet instead.
    """

    kind: LinkKind
    payment: Payment
    order: Order | None
    language: str
    url: str = ""
    arrived: Money | None = None
    form: Mapping[str, str] = field(default_factory=dict, hash=False)
    code: str = ""
    mine: str = ""
    """The token by which a caller who has paid makes everything his own in Telegram."""

    @property
    def amount(self) -> Money:
        """What came, else what is asked for."""
        return self.arrived or self.payment.amount


class LinkService:
    """Whoever has the link may pay; he sees what is paid for and nothing more."""

    def __init__(
        self,
        database: Database,
        *,
        payments: PaymentService,
        inquiries: InquiryService,
        pay_links: PayLinks,
        gateways: Mapping[str, Gateway],
    ) -> None:
        self.database = database
        self._payments = payments
        self._inquiries = inquiries
        self._pay_links = pay_links
        self._gateways = gateways

    @reading
    def open_link(self, tx: Tx, token: str) -> LinkView:
        """What opening the link leads to; looking changes nothing. NotYours for an unknown token."""
        payment = tx.payments.by_link(fingerprint(token))
        if payment is None:
            raise NotYours
        return self._view(tx, payment)

    async def token_behind(self, provider: str, callback: Callback) -> str:
        """The token of the payment that a browser comes back from, if the provider proves which; else ""."""
        gateway = self._gateways.get(provider)
        reference = gateway.read_return(callback) if isinstance(gateway, Returning) else ""
        return await self._token_of(reference) if reference else ""

    @reading
    def _token_of(self, tx: Tx, reference: str) -> str:
        payment = tx.payments.by_reference(reference)
        return self._pay_links.token(payment) if payment is not None else ""

    async def renew_link(self, token: str) -> LinkView:
        """Make a new attempt behind a link whose page is over; a live or a paid one is left as it is.

        So is an autopay's charge until its end is known: he would pay twice.
        """
        view = await self.open_link(token)
        if view.payment.is_charge_under_way:
            return view
        if view.kind in (LinkKind.EXPIRED, LinkKind.REFUSED, LinkKind.WAITING):
            link = await self._payments.renew(view.payment)
            return await self._behind(link)
        return view

    @reading
    def _behind(self, tx: Tx, link: PayLink) -> LinkView:
        """The payment that was made or found, which may have another link of its own."""
        payment = tx.payments.get(link.payment_id)
        assert payment is not None
        return self._view(tx, payment)

    async def result(self, token: str) -> LinkView:
        """How the payment stands, after asking the provider: coming back from its page proves nothing."""
        view = await self.open_link(token)
        if is_final(view.payment):
            return view
        try:
            await self._inquiries.ask(view.payment, unless_within=JUST_ASKED)
        except ProviderError as trouble:
            log.warning("payment.ask_failed", payment_id=view.payment.id, why=str(trouble))
        return await self.open_link(token)

    def _view(self, tx: Tx, payment: Payment) -> LinkView:
        report = report_on(tx, payment)
        customer = tx.customers.get(payment.customer_id)
        kind = _kind(payment, report.order, report.standing)
        language = customer.language if customer else ""
        is_live = kind is LinkKind.LIVE
        return LinkView(
            kind,
            payment,
            report.order,
            language,
            payment.url if is_live else "",
            report.arrived,
            payment.form if is_live else {},
            _code(tx, payment) if is_live else "",
            self._mine(tx, payment) if kind is LinkKind.PAID else "",
        )

    def _mine(self, tx: Tx, payment: Payment) -> str:
        if not is_nobody(payment.customer_id):
            return ""
        link = tx.customer_links.standing(payment.customer_id, good_until=periods.now())
        return self._pay_links.token_behind(link.reference, link.fingerprint) if link else ""


_BY_STANDING = {
    Standing.REFUSED: LinkKind.REFUSED,
    Standing.EXPIRED: LinkKind.EXPIRED,
    Standing.DONE: LinkKind.PAID,
    Standing.SHORT: LinkKind.SHORT,
    Standing.ON_BALANCE: LinkKind.ON_BALANCE,
    Standing.UNKNOWN: LinkKind.WAITING,
}


def _code(tx: Tx, payment: Payment) -> str:
    """The payer's code, which was made when the payment was begun."""
    payer = tx.payers.get(payment.payer_id) if payment.method == BY_CODE else None
    return payer.code if payer else ""


def _kind(payment: Payment, order: Order | None, standing: Standing) -> LinkKind:
    """An order that was paid otherwise or given up takes no more money, whatever its link says."""
    closed = order is not None and order.state not in PAYABLE_ORDERS
    if closed and payment.state is not PaymentState.SUCCEEDED:
        return LinkKind.GONE
    if standing is not Standing.WAITING:
        return _BY_STANDING[standing]
    over = payment.expires_at is not None and payment.expires_at <= periods.now()
    return LinkKind.EXPIRED if over else LinkKind.LIVE
