"""What an operator orders for somebody on the telephone: an order, its link by e-mail, its invoice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.customers import Connector, Customer, Payer
from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice
from bot.domain.money import STARS, Money
from bot.domain.orders import Order
from bot.domain.payer_details import PayerDetails, checked
from bot.domain.personal_data import is_nobody
from bot.domain.records import button_id
from bot.domain.references import new_reference
from bot.domain.requisites import PartyKind
from bot.domain.states import OrderState, Role
from bot.gateways.base import Way
from bot.services import seller
from bot.services.acts.callers import CallerActs, known
from bot.services.acts.made import Made
from bot.services.acts.made_for_callers import give_to_payer
from bot.services.blocked import refuse_blocked
from bot.services.connectors import MOST_ADDED, TITLE_LENGTH
from bot.services.desk import DeskService
from bot.services.invoices import InvoiceService
from bot.services.order_links import OrderLinks
from bot.services.orders import OrderService, own_order
from bot.services.payers import own_payer
from bot.services.payments import PaymentService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be ordered for him: his own connectors, and tariffs for a new one."""

    customer: Customer
    connectors: tuple[Connector, ...]
    tariffs: tuple[Tariff, ...]


class CallerOrders:
    """By the same services as in the chat: prices freeze, older orders give way, the blocked are refused."""

    def __init__(
        self,
        database: Database,
        desk: DeskService,
        *,
        catalogue: Catalogue,
        orders: OrderService,
        links: OrderLinks,
        invoices: InvoiceService,
        payments: PaymentService,
        callers: CallerActs,
    ) -> None:
        self.database = database
        self._desk = desk
        self._catalogue = catalogue
        self._metered, self._once = catalogue.metered, catalogue.not_renewed
        self._orders = orders
        self._links = links
        self._invoices = invoices
        self._payments = payments
        self._callers = callers

    @reading
    def choice(self, tx: Tx, who: int, customer_id: int) -> Choice:
        self._desk.demand(who, Role.OPERATOR)
        customer = known(tx, customer_id)
        own = tx.connectors.list_for_customer(
            customer_id, without=self._metered, once=self._once, limit=MOST_SHOWN
        )
        sold = tuple(each for each in own if (found := self._renewed(each)) and _can_pay(customer, found))
        tariffs = (each for each in self._catalogue.tariffs.values() if self._sold(each.id))
        new = (*tariffs, *self._catalogue.made_to_order)
        return Choice(customer, sold, tuple(each for each in new if _can_pay(customer, each)))

    @property
    def invoiced_in(self) -> tuple[str, ...]:
        """The currencies that the seller takes transfers in."""
        return self._catalogue.transfers

    @reading
    def offered(self, tx: Tx, who: int, customer_id: int, handle: str) -> tuple[Connector, Tariff]:
        """His connector that a button names, and what it is sold as."""
        self._desk.demand(who, Role.OPERATOR)
        own = tx.connectors.list_for_customer(known(tx, customer_id).id, limit=MOST_ADDED)
        connector = next((each for each in own if button_id(each.id) == handle), None)
        if connector is None:
            raise CustomerError("record_gone")
        tariff = self._renewed(connector)
        if tariff is None:
            raise CustomerError("not_addable")
        return connector, tariff

    def tariff(self, tariff_id: str) -> Tariff:
        """One that can be ordered for a caller."""
        tariff = self._sold(tariff_id)
        if tariff is None:
            raise CustomerError("not_addable")
        return tariff

    @transaction
    def add(self, tx: Tx, who: int, customer_id: int, tariff_id: str, title: str) -> Connector:
        """A new connector for him; operators may add any that is sold by the month."""
        self._desk.demand(who, Role.OPERATOR)
        known(tx, customer_id)
        refuse_blocked(tx, customer_id)
        tariff = self.tariff(tariff_id)
        if tx.connectors.count_for_customer(customer_id) >= MOST_ADDED:
            raise CustomerError("too_many_connectors", most=MOST_ADDED)
        connector = Connector(
            id=f"new-{new_reference()[:12]}",
            kind=tariff.kind,
            title=" ".join(title.split())[:TITLE_LENGTH],
            tariff=tariff.id,
            payer_id=tx.customers.person(customer_id),
            paid_until=None,
            anchor_day=None,
        )
        if not connector.title:
            raise CustomerError("title_missing")
        tx.connectors.add(connector)
        seller.tell_connector(tx, "added", connector.id)
        tx.audit.note(who, "connector_added_for", f"connector:{connector.id}", customer=customer_id)
        return connector

    async def order(self, who: int, customer_id: int, connector_id: str, months: int) -> Made:
        """Place it as he would himself; he may pay by its link without a chat."""
        self._desk.demand(who, Role.OPERATOR)
        placed = await self._orders.place(customer_id, [connector_id], months, promo=None)
        return await self._handed_out(who, placed)

    @transaction
    def send(self, tx: Tx, who: int, order_id: int) -> str:
        """Send the link by e-mail, to the address on file; the address."""
        self._desk.demand(who, Role.OPERATOR)
        order = _any_order(tx, order_id)
        customer = known(tx, order.customer_id)
        if not customer.email:
            raise CustomerError("caller_email_missing")
        url = self._links.give(tx, order)
        told = tx.outbox.to_email(
            customer.id,
            customer.email,
            "order_link",
            prices=list(order.prices),
            titles=order.titles,
            url=url,
            order_id=order.id,
        )
        if told is None:
            raise CustomerError("letters_are_off")
        tx.audit.note(who, "order_link_sent", f"order:{order.id}")
        return customer.email

    @reading
    def payer(self, tx: Tx, who: int, order_id: int) -> Payer:
        """Who is to pay the order; his papers may lack something yet."""
        self._desk.demand(who, Role.OPERATOR)
        order = _any_order(tx, order_id)
        return own_payer(tx, order.customer_id, order.payer_id)

    async def name_payer(self, who: int, order_id: int, details: PayerDetails) -> Made:
        """Let a payer with these requisites pay: himself, or a firm, for which the order is placed anew."""
        payer_id, order = await self._kept_payer(who, order_id, details)
        if payer_id != order.payer_id:
            line = order.lines[0]
            order = await self._orders.place(
                order.customer_id, [line.connector_id], line.months, promo=None, payer_id=payer_id
            )
        return await self._handed_out(who, order)

    async def invoice(self, who: int, order_id: int, currency: str) -> Invoice:
        """A bank invoice for it, sent to the payer's address by the very letter that customers get."""
        order = await self._order_for(who, order_id)
        invoice = await self._invoices.issue(order.customer_id, order.id, currency)
        await self._note(who, "invoiced_for", f"invoice:{invoice.id}")
        return invoice

    async def sum_link(self, who: int, customer_id: int, amount: Money, words: str) -> str:
        """The address where that sum is paid onto his balance; the words are for the audit log."""
        self._desk.demand(who, Role.OPERATOR)
        offers = self._payments.top_up_methods(amount.currency)
        method = next((each for each in offers if each.way is Way.PAGE), None)
        if method is None:
            raise CustomerError("no_methods")
        payer_id = await self._person(customer_id)
        link = await self._payments.start_top_up(customer_id, payer_id, method.name, amount)
        await self._note(who, "sum_asked_for", f"payment:{link.payment_id}", words)
        return link.url

    @transaction
    def _kept_payer(self, tx: Tx, who: int, order_id: int, details: PayerDetails) -> tuple[int, Order]:
        self._desk.demand(who, Role.OPERATOR)
        order = _any_order(tx, order_id)
        customer = known(tx, order.customer_id)
        if order.state is not OrderState.AWAITING or order.only_line is None:
            raise CustomerError("order_not_open")
        told = checked(replace(details, email=details.email or customer.email))
        same = [each for each in tx.payers.of_customer(customer.id) if _is_same(each, told)]
        if told.kind is PartyKind.PERSON:
            payer_id = tx.customers.person(customer.id)
        else:
            payer_id = same[0].id if same else tx.payers.add(customer.id, told.name)
        tx.payers.set_details(payer_id, told)
        if give_to_payer(tx, order, payer_id):
            order = own_order(tx, customer.id, order.id)
        tx.audit.note(who, "payer_named", f"order:{order.id}", payer=payer_id)
        return payer_id, order

    @transaction
    def _handed_out(self, tx: Tx, who: int, order: Order) -> Made:
        if is_nobody(order.customer_id):
            self._callers.token(tx, who, order.customer_id)  # the page that tells of the payment leads there
        tx.audit.note(who, "ordered_for", f"order:{order.id}", customer=order.customer_id)
        return Made(order, known(tx, order.customer_id), self._links.give(tx, order))

    @reading
    def _order_for(self, tx: Tx, who: int, order_id: int) -> Order:
        self._desk.demand(who, Role.OPERATOR)
        return _any_order(tx, order_id)

    @transaction
    def _person(self, tx: Tx, customer_id: int) -> int:
        return tx.customers.person(known(tx, customer_id).id)

    @transaction
    def _note(self, tx: Tx, who: int, action: str, subject: str, words: str = "") -> None:
        tx.audit.note(who, action, subject, words=words[:200])

    def _sold(self, tariff_id: str) -> Tariff | None:
        """As something new, without a form."""
        tariff = self._catalogue.tariff(tariff_id)
        if tariff is None or not tariff.periods or tariff.metered or tariff.made_to_order is not None:
            return None
        return tariff

    def _renewed(self, connector: Connector) -> Tariff | None:
        """For a connector that he has; what was made to order for him is renewed like any other."""
        tariff = self._catalogue.tariff(connector.tariff)
        if tariff is None or not tariff.periods or tariff.metered or tariff.is_paid_off(connector):
            return None
        return tariff


def _can_pay(customer: Customer, tariff: Tariff) -> bool:
    """Stars are paid in a chat, which a caller does not have."""
    return not is_nobody(customer.id) or set(tariff.currencies) != {STARS}


def _is_same(payer: Payer, told: PayerDetails) -> bool:
    return payer.kind == told.kind and payer.tax_number == told.tax_number


def _any_order(tx: Tx, order_id: int) -> Order:
    order = tx.orders.get(order_id)
    if order is None:
        raise CustomerError("record_gone")
    return own_order(tx, order.customer_id, order.id)
