"""Writing a payment down before anybody is asked for it, or finding the one that was written before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import periods
from bot.domain.autopays import Agreement
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.references import new_number, new_reference
from bot.domain.saved_cards import SavedCard
from bot.domain.states import PaymentState, Purpose
from bot.gateways.base import Method, Way
from bot.services.accounts import open_accounts
from bot.services.autopay.agreements import wait_for_card
from bot.services.desk import is_closed
from bot.services.inquiries import next_ask
from bot.services.methods import Methods, price_by
from bot.services.orders import own_order
from bot.services.pay_links import PayLinks
from bot.services.receipts.contacts import reachable_for_receipt
from bot.services.reports import missing_for
from bot.services.under_way import refuse_while_charged
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a customer wants of his card besides paying; each is nothing until he ticks or picks it.

    `remember`: it is kept for the next time; `card_id`: the saved one that he pays with; `agreed`: the
    autopay that begins with this payment.
    """

    remember: bool = False
    card_id: int = 0
    agreed: Agreement | None = None

    @property
    def save_card(self) -> bool:
        """Whether the provider has to keep a card that it does not have yet."""
        return not self.card_id and (self.remember or self.agreed is not None)


NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that a customer wants to pay, the method he chose, and the currency; "" for the first."""

    order_id: int
    method: str
    currency: str = ""
    wishes: Wishes = NO_WISHES


@dataclass(frozen=True, slots=True)
class TopUp:
    """A sum that a customer wants on a payer's balance, and the method he chose."""

    payer_id: int
    method: str
    amount: Money
    wishes: Wishes = NO_WISHES


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody wants to pay by this method: for an order, or onto a balance where there is none.

    `card` is the saved one that he pays with.
    """

    customer: Customer
    payer_id: int
    method: Method
    amount: Money
    order: Order | None = None
    wishes: Wishes = NO_WISHES
    card: SavedCard | None = None

    @property
    def saves_card(self) -> bool:
        return self.method.saves_cards and self.wishes.save_card

    @property
    def remembers(self) -> bool:
        return self.saves_card and self.wishes.remember


def wanted_for_order(tx: Tx, methods: Methods, customer_id: int, purchase: Purchase) -> Wanted:
    """What the order still lacks in that currency, or in the first that the method takes."""
    tx.customers.lock_payer(own_order(tx, customer_id, purchase.order_id).payer_id)
    order = own_order(tx, customer_id, purchase.order_id)  # as it is now that nobody else can settle it
    found = methods.get(purchase.method)
    if not order.takes_new_payments:
        raise CustomerError("order_not_open")
    price = price_by(found, order.prices, purchase.currency)
    if price is None:
        raise CustomerError("method_gone")
    customer = reachable_for_receipt(tx, customer_id, found)
    amount = missing_for(tx, order, price.currency)
    if not amount:
        raise CustomerError("nothing_to_pay")
    refuse_while_charged(tx, [line.connector_id for line in order.lines])
    card = _own_card(tx, customer_id, found, purchase.wishes)
    return Wanted(customer, order.payer_id, found, amount, order, purchase.wishes, card)


def wanted_for_balance(tx: Tx, methods: Methods, customer_id: int, top_up: TopUp) -> Wanted:
    """A sum onto the balance of one of the customer's payers."""
    found = methods.get(top_up.method)
    if not found.tops_up or top_up.amount.currency not in found.currencies:
        raise CustomerError("method_gone")
    if tx.payers.get_for_customer(top_up.payer_id, customer_id) is None:
        raise NotYours
    tx.customers.lock_payer(top_up.payer_id)
    customer, wishes = reachable_for_receipt(tx, customer_id, found), top_up.wishes
    card = _own_card(tx, customer_id, found, wishes)
    return Wanted(customer, top_up.payer_id, found, top_up.amount, wishes=wishes, card=card)


def _own_card(tx: Tx, customer_id: int, method: Method, wishes: Wishes) -> SavedCard | None:
    """The saved card that he wants to pay with; a CustomerError where it was unlinked, or is not his."""
    if wishes.agreed is not None and (wishes.agreed.card_id or 0) != wishes.card_id:
        raise CustomerError("saved_card_gone")
    if not wishes.card_id:
        return None
    card = tx.saved_cards.get_for_customer(wishes.card_id, customer_id)
    if card is None or not card.is_linked or card.provider != method.provider:
        raise CustomerError("saved_card_gone")
    return card


class Beginning:
    """One payment may be open for an order and a method; a second tap finds the first."""

    def __init__(self, methods: Methods, links: PayLinks) -> None:
        self._methods = methods
        self._links = links

    def find_or_write(self, tx: Tx, wanted: Wanted, link_of: Payment | None) -> Payment:
        """The open payment while it can still be paid, else a new one, behind the link of another.

        The autopay that was agreed to waits for it to come; one that was agreed to before counts no more.
        """
        payment = self._find_or_write(tx, wanted, link_of)
        if link_of is not None:
            tx.autopays.wait_for(payment.id, instead_of=link_of.id)
        else:
            wait_for_card(tx, payment, _only_connector(wanted), wanted.wishes.agreed)
        return payment

    def _find_or_write(self, tx: Tx, wanted: Wanted, link_of: Payment | None) -> Payment:
        name = wanted.method.name
        if wanted.order is not None:
            found = tx.payments.open_for(wanted.order.id, name)
        else:
            found = tx.payments.open_top_up(wanted.payer_id, name, wanted.amount)
        renews = link_of is not None
        if found is not None and self._is_usable(found, wanted) and (renews or _as_wished(found, wanted)):
            return found
        if found is not None:
            tx.payments.give_way(found.id, forgets_card=not wanted.remembers)
            if not renews:
                wait_for_card(tx, found, None, None)
        if is_closed(tx):
            raise CustomerError("payments_closed")
        return self._write(tx, wanted, link_of)

    def _is_usable(self, payment: Payment, wanted: Wanted) -> bool:
        """One that is over, asks for another sum, or is a charge that nobody pays, makes way."""
        if payment.autopay_id is not None:
            return False  # its end is heard all the same, and settles what it was for or rests
        moment = periods.now()
        if payment.expires_at is not None and payment.expires_at <= moment:
            return False
        window = self._methods.gateways[payment.provider].replay_window
        is_linked = payment.state is PaymentState.PENDING
        return payment.amount == wanted.amount and (is_linked or moment - payment.created_at <= window)

    def _write(self, tx: Tx, wanted: Wanted, link_of: Payment | None) -> Payment:
        method = wanted.method
        open_accounts(tx, wanted.payer_id, method.provider, wanted.amount.currency)
        reference = new_number() if method.way is Way.CODE else new_reference()
        payment_id = tx.payments.add(
            reference=reference,
            customer_id=wanted.customer.id,
            payer_id=wanted.payer_id,
            order_id=wanted.order.id if wanted.order else None,
            purpose=Purpose.ORDER if wanted.order else Purpose.TOP_UP,
            method=method.name,
            provider=method.provider,
            amount=wanted.amount,
            link_reference=link_of.link_reference if link_of else reference,
            link_fingerprint=link_of.link_fingerprint if link_of else self._links.fingerprint(reference),
            next_ask_at=next_ask(0) if method.asks else None,
            saves_card=wanted.saves_card or _still_saves(link_of, method),
            remembers=wanted.remembers,
            card_id=wanted.card.id if wanted.card else None,
        )
        payment = tx.payments.get(payment_id)
        assert payment is not None
        return payment


def _only_connector(wanted: Wanted) -> str | None:
    """What an autopay that was agreed to pays for; None for the balance."""
    if wanted.order is None or wanted.wishes.agreed is None:
        return None
    if wanted.order.only_line is None:
        raise CustomerError("autopay_several_connectors")
    return wanted.order.only_line.connector_id


def _as_wished(payment: Payment, wanted: Wanted) -> bool:
    """Whether its page keeps the card, or shows the saved one, as he wants it now."""
    card_id = wanted.card.id if wanted.card else None
    asked = (payment.saves_card, payment.remembers, payment.card_id)
    return asked == (wanted.saves_card, wanted.remembers, card_id)


def _still_saves(link_of: Payment | None, method: Method) -> bool:
    """A payment that is made anew keeps the card where the one before did, be it for an autopay alone."""
    return link_of is not None and link_of.saves_card and method.saves_cards
