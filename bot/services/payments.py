"""Payments: from the tapped method to the provider's page, and what is told of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, NotYours, OutcomeUnknown, ProviderError, ProviderRefused
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.states import PaymentState
from bot.gateways.base import Link, Way
from bot.services.beginning import (
    NO_WISHES,
    Beginning,
    Purchase,
    TopUp,
    Wanted,
    Wishes,
    wanted_for_balance,
    wanted_for_order,
)
from bot.services.codes import code_of
from bot.services.inquiries import InquiryService, is_final
from bot.services.link_requests import Begun, link_request
from bot.services.methods import MethodOffer, Methods
from bot.services.orders import own_order
from bot.services.paging import Page, page_of
from bot.services.pay_links import PayLinks
from bot.services.reports import PaymentReport, report_on
from bot.services.together import Together
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

QUICK = 1.0
"""Seconds in which a second tap on "Check payment" does not ask the provider again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PayLink:
    """How to pay: by our own address of the payment, by Telegram's invoice, or by the payer's code."""

    payment_id: int
    url: str
    amount: Money
    way: Way = Way.PAGE
    form: Mapping[str, str] = field(default_factory=dict, hash=False)
    code: str = ""
    method: str = ""


class PaymentService:
    """The provider is called between two short transactions, with a reference that was kept before."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        methods: Methods,
        inquiries: InquiryService,
        links: PayLinks,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._methods = methods
        self._inquiries = inquiries
        self._links = links
        self._beginning = Beginning(methods, links)
        self._calls: Together[None] = Together()

    @reading
    def methods(self, tx: Tx, customer_id: int, order_id: int) -> list[MethodOffer]:
        """Every method that takes a currency this order has a price in, once for each such currency.

        Where part of its money came, the rest is taken in the same currency.
        """
        order = own_order(tx, customer_id, order_id)
        begun = [price.currency for price in order.prices if tx.ledger.brought_for(order.id, price.currency)]
        offers = self._methods.for_order(order)
        return [offer for offer in offers if offer.price.currency in begun] or offers

    def top_up_methods(self, currency: str) -> list[MethodOffer]:
        """Every method whose money may rest on a balance in that currency; the sum is asked for."""
        return self._methods.for_top_up(currency)

    async def start(
        self, customer_id: int, order_id: int, method: str, currency: str = "", wishes: Wishes = NO_WISHES
    ) -> PayLink:
        """Begin a payment, or find the one that was begun: a second tap gets the first link.

        Without a currency it is the first of the order's that the method takes.
        """
        purchase = Purchase(order_id, method, currency, wishes)
        return await self._offer(await self._begin(customer_id, purchase))

    async def start_top_up(
        self, customer_id: int, payer_id: int, method: str, amount: Money, wishes: Wishes = NO_WISHES
    ) -> PayLink:
        """Begin a payment onto a payer's balance; the catalogue says how little and how much it may be."""
        limits = self._catalogue.limits_for(amount.currency)
        if amount < limits.least:
            raise CustomerError("sum_too_small", least=limits.least, most=limits.most)
        if amount > limits.most:
            raise CustomerError("sum_too_large", least=limits.least, most=limits.most)
        top_up = TopUp(payer_id, method, amount, wishes)
        return await self._offer(await self._begin_top_up(customer_id, top_up))

    async def renew(self, payment: Payment) -> PayLink:
        """A new attempt at the same price behind the same link; whoever has the link may make it.

        A saved card that its provider lost leaves the plain page.
        """
        wishes = await self._still_wished(payment)
        try:
            return await self._renew(payment, wishes)
        except CustomerError as gone:
            if gone.code != "saved_card_gone" or not wishes.card_id:
                raise
            return await self._renew(payment, NO_WISHES)

    async def _renew(self, payment: Payment, wishes: Wishes) -> PayLink:
        customer_id, method = payment.customer_id, payment.method
        if payment.order_id is not None:
            purchase = Purchase(payment.order_id, method, payment.amount.currency, wishes)
            begun = await self._begin(customer_id, purchase, payment)
        else:
            top_up = TopUp(payment.payer_id, method, payment.amount, wishes)
            begun = await self._begin_top_up(customer_id, top_up, payment)
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
        return report_on(tx, payment, self._links.url(payment))

    @reading
    def history(self, tx: Tx, customer_id: int, page: int = 0) -> Page[Payment]:
        """One page of a customer's payments, the newest first."""

        def look(limit: int, offset: int) -> list[Payment]:
            return tx.payment_history.page(customer_id, limit=limit, offset=offset)

        return page_of(look, tx.payment_history.count(customer_id), page)

    @reading
    def titles(self, tx: Tx, customer_id: int, found: Sequence[Payment]) -> dict[int, list[str]]:
        """What a customer's payments were for, by order."""
        own = [payment for payment in found if payment.customer_id == customer_id]
        return tx.payment_history.titles(own)

    @transaction
    def _begin(self, tx: Tx, customer_id: int, purchase: Purchase, link_of: Payment | None = None) -> Begun:
        return self._written(tx, wanted_for_order(tx, self._methods, customer_id, purchase), link_of)

    @transaction
    def _begin_top_up(self, tx: Tx, customer_id: int, top_up: TopUp, link_of: Payment | None = None) -> Begun:
        return self._written(tx, wanted_for_balance(tx, self._methods, customer_id, top_up), link_of)

    def _written(self, tx: Tx, wanted: Wanted, link_of: Payment | None) -> Begun:
        payment = self._beginning.find_or_write(tx, wanted, link_of)
        code = code_of(tx, wanted.payer_id) if wanted.method.way is Way.CODE else ""
        page_token = wanted.card.page_token if wanted.card else ""
        return Begun(payment, wanted.order, wanted.customer, code, page_token)

    @reading
    def _still_wished(self, tx: Tx, payment: Payment) -> Wishes:
        """What the payment before was to do with a card; one that was unlinked is not asked for again."""
        card = tx.saved_cards.get_for_customer(payment.card_id or 0, payment.customer_id)
        return Wishes(payment.remembers, card.id if card is not None and card.is_linked else 0)

    async def _offer(self, begun: Begun) -> PayLink:
        payment = begun.payment
        if payment.state is not PaymentState.PENDING:
            await self._calls.once(payment.id, lambda: self._make_link(begun))
            payment = await self._look(payment.id)
        url = await self._links.lasting(payment)
        way = self._methods.way(payment.method)
        return PayLink(payment.id, url, payment.amount, way, payment.form, begun.code, payment.method)

    async def _make_link(self, begun: Begun) -> None:
        payment = begun.payment
        if (await self._look(payment.id)).state is PaymentState.PENDING:
            return  # another tap's call has ended since this one read the payment
        gateway = self._methods.gateways[payment.provider]
        try:
            link = await gateway.create_link(link_request(begun, self._catalogue, self._links))
        except OutcomeUnknown as trouble:
            await self._unsure(payment.id)
            raise CustomerError("provider_silent") from trouble
        except ProviderError as trouble:
            log.error("payment.no_link", payment_id=payment.id, provider=payment.provider, why=str(trouble))
            if isinstance(trouble, ProviderRefused):
                await self._give_way(payment.id)
                if payment.card_id is not None:
                    raise CustomerError("saved_card_gone") from trouble
            raise CustomerError("provider_silent") from trouble
        await self._linked(payment.id, link)

    @transaction
    def _linked(self, tx: Tx, payment_id: int, link: Link) -> bool:
        return tx.payments.linked(
            payment_id,
            url=link.url,
            form=link.form,
            provider_payment=link.provider_payment,
            expires_at=link.expires_at,
        )

    @reading
    def _look(self, tx: Tx, payment_id: int) -> Payment:
        payment = tx.payments.get(payment_id)
        assert payment is not None
        return payment

    @transaction
    def _give_way(self, tx: Tx, payment_id: int) -> None:
        """A provider may refuse that reference for ever: the next tap brings another."""
        tx.payments.give_way(payment_id)

    @transaction
    def _unsure(self, tx: Tx, payment_id: int) -> None:
        tx.payments.unsure(payment_id)
