"""Payments: from the tapped method to the provider's page, and what is told of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError, NotYours, OutcomeUnknown, ProviderError, ProviderRefused
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.references import fingerprint, new_reference
from bot.domain.states import PAYABLE_ORDERS, Purpose
from bot.gateways.base import Gateway, Item, Link, LinkRequest, Method
from bot.services.accounts import open_accounts
from bot.services.desk import is_closed
from bot.services.inquiries import InquiryService, is_final, next_ask
from bot.services.orders import own_order
from bot.services.reports import PaymentReport, missing_for, report_on
from bot.services.together import Together
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

PAGE = 8
TITLE_LENGTH = 128
QUICK = 1.0
"""Seconds in which a second tap on "Check payment" does not ask the provider again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MethodOffer:
    """A method that can pay this order, and the price it picks."""

    name: str
    provider: str
    price: Money
    schemes: tuple[str, ...]
    needs_contact: bool
    needs_email: bool


@dataclass(frozen=True, slots=True)
class PayLink:
    """Our own address of the payment; it stays the same while the provider's pages come and go."""

    payment_id: int
    url: str
    amount: Money


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of a customer's payments, the newest first."""

    items: list[Payment]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class _Begun:
    """A payment that is written down, with what the provider needs to know of it."""

    payment: Payment
    order: Order
    customer: Customer


class PaymentService:
    """The provider is called between two short transactions, with a reference that was kept before."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        gateways: Mapping[str, Gateway],
        inquiries: InquiryService,
        vault: Vault,
        public_url: str,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._gateways = gateways
        self._inquiries = inquiries
        self._vault = vault
        self._public_url = public_url.rstrip("/")
        self._links: Together[None] = Together()
        self._methods = {method.name: method for gateway in gateways.values() for method in gateway.methods}

    @reading
    def methods(self, tx: Tx, customer_id: int, order_id: int) -> list[MethodOffer]:
        """Every method that takes a currency this order has a price in."""
        order = own_order(tx, customer_id, order_id)
        return [
            MethodOffer(method.name, method.provider, price, method.schemes, *_needs(method))
            for method in self._methods.values()
            if (price := _price(order, method))
        ]

    async def start(self, customer_id: int, order_id: int, method: str) -> PayLink:
        """Begin a payment, or find the one that was begun: a second tap gets the first link."""
        begun = await self._begin(customer_id, order_id, method)
        return await self._offer(begun)

    @transaction
    def shown(self, tx: Tx, customer_id: int, payment_id: int, message_id: int) -> None:
        """Remember which message carries the link; it loses it when the money has come."""
        if tx.payments.get_for_customer(payment_id, customer_id) is not None:
            tx.payments.shown(payment_id, message_id)

    async def check(self, customer_id: int, payment_id: int) -> PaymentReport:
        """Ask the provider now, then tell honestly how it stands."""
        report = await self.details(customer_id, payment_id)
        if is_final(report.payment):
            return report
        try:
            await self._inquiries.ask(report.payment, unless_within=QUICK)
        except ProviderError as trouble:
            log.warning("payment.check_failed", payment_id=payment_id, why=str(trouble))
            raise CustomerError("provider_silent") from trouble
        return await self.details(customer_id, payment_id)

    @reading
    def details(self, tx: Tx, customer_id: int, payment_id: int) -> PaymentReport:
        payment = tx.payments.get_for_customer(payment_id, customer_id)
        if payment is None:
            raise NotYours
        return report_on(tx, payment, self._url(payment))

    @reading
    def history(self, tx: Tx, customer_id: int, page: int = 0) -> HistoryPage:
        total = tx.payments.count_history(customer_id)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 0), pages - 1)
        items = tx.payments.history(customer_id, limit=PAGE, offset=page * PAGE)
        return HistoryPage(items, page, pages, total)

    async def renew(self, payment: Payment) -> PayLink:
        """A new attempt at the same price behind the same link; whoever has the link may make it."""
        if payment.order_id is None:
            raise NotYours
        begun = await self._begin(payment.customer_id, payment.order_id, payment.method, payment)
        return await self._offer(begun)

    @transaction
    def _begin(
        self, tx: Tx, customer_id: int, order_id: int, method: str, link_of: Payment | None = None
    ) -> _Begun:
        tx.customers.lock_payer(own_order(tx, customer_id, order_id).payer_id)
        order = own_order(tx, customer_id, order_id)  # as it is now that nobody else can settle it
        if method not in self._methods:
            raise CustomerError("method_gone")
        customer = tx.customers.get(customer_id)
        assert customer is not None
        open_payment = self._usable(tx, tx.payments.open_for(order_id, method))
        if open_payment is not None and order.state in PAYABLE_ORDERS:
            return _Begun(open_payment, order, customer)
        if order.state not in PAYABLE_ORDERS:
            raise CustomerError("order_not_open")
        if is_closed(tx):
            raise CustomerError("payments_closed")
        payment_id = self._write(tx, order, method, customer, link_of)
        payment = tx.payments.get(payment_id)
        assert payment is not None
        return _Begun(payment, order, customer)

    def _write(self, tx: Tx, order: Order, method: str, customer: Customer, link_of: Payment | None) -> int:
        amount = self._amount(tx, order, method, customer)
        gateway = self._gateways[self._methods[method].provider]
        open_accounts(tx, order.payer_id, gateway.name, amount.currency)
        reference = new_reference()
        token = self._vault.link(reference)
        return tx.payments.add(
            reference=reference,
            customer_id=customer.id,
            payer_id=order.payer_id,
            order_id=order.id,
            purpose=Purpose.ORDER,
            method=method,
            provider=gateway.name,
            amount=amount,
            link_reference=link_of.link_reference if link_of else reference,
            link_fingerprint=link_of.link_fingerprint if link_of else fingerprint(token),
            next_ask_at=next_ask(0),
        )

    def _amount(self, tx: Tx, order: Order, method: str, customer: Customer) -> Money:
        """What the order still lacks in the currency that the method takes."""
        found = self._methods.get(method)
        price = _price(order, found) if found else None
        if found is None or price is None:
            raise CustomerError("method_gone")
        if found.needs_email and not customer.email:
            raise CustomerError("email_needed")
        if found.needs_contact and not (customer.email or customer.phone):
            raise CustomerError("contact_needed")
        return missing_for(tx, order, price.currency) or price

    def _usable(self, tx: Tx, payment: Payment | None) -> Payment | None:
        """The open payment while it can still be paid; one that is over makes way, and is asked after."""
        if payment is None:
            return None
        moment = periods.now()
        page_is_over = payment.expires_at is not None and payment.expires_at <= moment
        window = self._gateways[payment.provider].replay_window
        if page_is_over or (not payment.url and moment - payment.created_at > window):
            tx.payments.give_way(payment.id)
            return None
        return payment

    async def _offer(self, begun: _Begun) -> PayLink:
        payment = begun.payment
        if not payment.url:
            await self._links.once(payment.id, lambda: self._make_link(begun))
        return PayLink(payment.id, await self._own_url(payment), payment.amount)

    async def _make_link(self, begun: _Begun) -> None:
        payment = begun.payment
        try:
            link = await self._gateways[payment.provider].create_link(self._request(begun))
        except OutcomeUnknown as trouble:
            await self._unsure(payment.id)
            raise CustomerError("provider_silent") from trouble
        except ProviderError as trouble:
            log.error("payment.no_link", payment_id=payment.id, provider=payment.provider, why=str(trouble))
            if isinstance(trouble, ProviderRefused):
                await self._give_way(payment.id)
            raise CustomerError("provider_silent") from trouble
        await self._linked(payment.id, link)

    def _request(self, begun: _Begun) -> LinkRequest:
        payment, order, customer = begun.payment, begun.order, begun.customer
        return LinkRequest(
            reference=payment.reference,
            method=payment.method,
            amount=payment.amount,
            title=", ".join(line.title for line in order.lines)[:TITLE_LENGTH],
            return_url=f"{self._public_url}/return/{self._token(payment)}",
            notify_url=f"{self._public_url}/callbacks/{payment.provider}",
            language=customer.language,
            items=receipt_items(self._catalogue, order, payment.amount),
            email=customer.email,
            phone=customer.phone,
        )

    async def _own_url(self, payment: Payment) -> str:
        return self._url(payment) or await self._relink(payment)

    def _url(self, payment: Payment) -> str:
        """The address of its link; "" when the keys that made it are gone."""
        token = self._vault.link_behind(payment.link_reference, payment.link_fingerprint)
        return f"{self._public_url}/pay/{token}" if token else ""

    def _token(self, payment: Payment) -> str:
        stored = self._vault.link_behind(payment.link_reference, payment.link_fingerprint)
        return stored or self._vault.link(payment.link_reference)

    @transaction
    def _relink(self, tx: Tx, payment: Payment) -> str:
        token = self._vault.link(payment.reference)
        tx.payments.relink(payment.id, link_reference=payment.reference, link_fingerprint=fingerprint(token))
        return f"{self._public_url}/pay/{token}"

    @transaction
    def _linked(self, tx: Tx, payment_id: int, link: Link) -> bool:
        return tx.payments.linked(
            payment_id,
            url=link.url,
            form=link.form,
            provider_payment=link.provider_payment,
            expires_at=link.expires_at,
        )

    @transaction
    def _give_way(self, tx: Tx, payment_id: int) -> None:
        """A provider may refuse that reference for ever: the next tap brings another."""
        tx.payments.give_way(payment_id)

    @transaction
    def _unsure(self, tx: Tx, payment_id: int) -> None:
        tx.payments.unsure(payment_id)


def receipt_items(catalogue: Catalogue, order: Order, amount: Money) -> tuple[Item, ...]:
    """The lines of the fiscal receipt; a payment of a part is one line of that part."""
    lines = []
    for line in order.lines:
        price = next(price for price in line.prices if price.currency == amount.currency)
        tariff = catalogue.tariff(line.tariff)
        terms = tariff.receipt if tariff else None
        title = line.title[:TITLE_LENGTH]
        lines.append(
            Item(title, price, 1, terms.vat, terms.subject, terms.mode, terms.measure)
            if terms
            else Item(title, price)
        )
    if sum(item.price.minor for item in lines) == amount.minor:
        return tuple(lines)
    first = lines[0]
    return (Item(first.title, amount, 1, first.vat, first.subject, "partial_payment", first.measure),)


def _needs(method: Method) -> tuple[bool, bool]:
    return method.needs_contact, method.needs_email


def _price(order: Order, method: Method) -> Money | None:
    """What it costs by that method: the first currency of the catalogue that the method takes."""
    return next((price for price in order.prices if price.currency in method.currencies), None)
