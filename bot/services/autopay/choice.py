"""What a customer may have an autopay for: his connectors and balances, an order, the autopay that stands."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.autopays import Agreement, Autopay, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import STARS, Money
from bot.domain.saved_cards import SavedCard
from bot.domain.states import PaymentState
from bot.gateways.base import Method
from bot.services.autopay.offers import ACCOUNT_DAYS, AutopayOffers
from bot.services.autopay.views import AutopayOffer
from bot.services.blocked import refuse_blocked
from bot.services.fulfilment import Fulfilment
from bot.services.methods import Methods
from bot.services.orders import own_order
from bot.services.payers import own_payer
from bot.services.receipts.contacts import reachable_for_receipt
from bot.storage.tx import Tx

MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Target:
    """What an autopay is wished for: a connector, or a payer's balance in a currency."""

    customer_id: int
    connector_id: str | None
    payer_id: int
    currency: str


class AutopayChoice:
    """NotYours for whatever is somebody else's."""

    def __init__(
        self, catalogue: Catalogue, methods: Methods, offers: AutopayOffers, fulfilment: Fulfilment
    ) -> None:
        self._catalogue = catalogue
        self._methods = methods
        self._offers = offers
        self._fulfilment = fulfilment

    def for_order(self, tx: Tx, customer_id: int, order_id: int, currency: str) -> AutopayOffer | None:
        """None for an order of several connectors, or of somebody else's."""
        order = own_order(tx, customer_id, order_id)
        line = order.only_line
        connector = tx.connectors.get_for_customer(line.connector_id, customer_id) if line else None
        if line is None or connector is None:
            return None
        return self._offers.for_connector(
            tx,
            customer_id,
            connector,
            Interval(months=line.months),
            currency,
            paid_until=self._fulfilment.would_last(tx, order).get(connector.id),
            paid_now=order.price(currency),
        )

    def for_top_up(self, tx: Tx, customer_id: int, payer_id: int, amount: Money) -> AutopayOffer:
        payer = own_payer(tx, customer_id, payer_id)
        return self._offers.for_account(tx, payer, amount, Interval(days=ACCOUNT_DAYS))

    def after(self, tx: Tx, customer_id: int, payment_id: int) -> AutopayOffer | None:
        """None unless the money came."""
        payment = tx.payments.get_for_customer(payment_id, customer_id)
        if payment is None:
            raise NotYours
        return self._offers.after(tx, payment) if payment.state is PaymentState.SUCCEEDED else None

    def every(self, tx: Tx, customer_id: int) -> list[AutopayOffer]:
        """Connectors first, then the balances that were topped up before."""
        return [*self._for_connectors(tx, customer_id), *self._for_accounts(tx, customer_id)]

    def _for_connectors(self, tx: Tx, customer_id: int) -> list[AutopayOffer]:
        found: list[AutopayOffer] = []
        for connector in tx.connectors.list_for_customer(customer_id, limit=MOST_OFFERED):
            usual = self._offers.usual_interval(tx, connector)
            offer = usual and self._offers.for_connector(tx, customer_id, connector, *usual)
            if offer and offer.standing is None:
                found.append(offer)
        return found

    def _for_accounts(self, tx: Tx, customer_id: int) -> list[AutopayOffer]:
        found: list[AutopayOffer] = []
        for payer in tx.payers.of_customer(customer_id):
            for currency in tx.ledger.currencies(payer.id):
                last = tx.payments.last_top_up(payer.id, currency) if currency != STARS else None
                if last is not None and tx.autopays.of_account(payer.id, currency) is None:
                    interval = Interval(days=ACCOUNT_DAYS)
                    found.append(self._offers.for_account(tx, payer, last.amount, interval))
        return found

    def of_target(
        self, tx: Tx, target: Target, interval: Interval | None, amount: Money | None
    ) -> AutopayOffer:
        """With this interval and sum; where they are not named, as usual."""
        if target.connector_id is not None:
            return self._of_connector(tx, target, interval)
        payer = own_payer(tx, target.customer_id, target.payer_id)
        usual = amount or self._usual_sum(tx, target)
        return self._offers.for_account(tx, payer, usual, interval or Interval(days=ACCOUNT_DAYS))

    def of_standing(
        self, tx: Tx, autopay: Autopay, interval: Interval | None, amount: Money | None
    ) -> AutopayOffer:
        """What is not named stays as it was agreed to, but for the price of a connector."""
        chosen, currency = interval or autopay.interval, autopay.amount.currency
        if autopay.connector_id is not None:
            target = Target(autopay.customer_id, autopay.connector_id, autopay.payer_id, currency)
            return self._of_connector(tx, target, chosen)
        payer = own_payer(tx, autopay.customer_id, autopay.payer_id)
        on = autopay.charge_on if chosen == autopay.interval else None
        return self._offers.for_account(tx, payer, amount or autopay.amount, chosen, wished_on=on)

    def _of_connector(self, tx: Tx, target: Target, interval: Interval | None) -> AutopayOffer:
        connector = tx.connectors.get_for_customer(target.connector_id or "", target.customer_id)
        if connector is None:
            raise NotYours
        chosen = interval or self._usual_interval(tx, connector)
        offer = self._offers.for_connector(tx, target.customer_id, connector, chosen, target.currency)
        if offer is None:
            raise CustomerError("tariff_gone", title=connector.title)
        return offer

    def _usual_interval(self, tx: Tx, connector: Connector) -> Interval:
        usual = self._offers.usual_interval(tx, connector)
        return usual[0] if usual else Interval(months=1)

    def _usual_sum(self, tx: Tx, target: Target) -> Money:
        last = tx.payments.last_top_up(target.payer_id, target.currency)
        return last.amount if last else self._catalogue.autopay.limits_for(target.currency).least

    def refuse_unless_as_offered(
        self, tx: Tx, customer_id: int, offer: AutopayOffer, agreed: Agreement
    ) -> None:
        """What was shown must be what is written down, and receipts of its charges must reach him."""
        refuse_blocked(tx, customer_id)
        _refuse_other_terms(offer, agreed)
        card = next((card for card in offer.cards if card.id == agreed.card_id), None)
        method = self.method_of(card) if card is not None else None
        if method is not None:
            reachable_for_receipt(tx, customer_id, method)

    def method_of(self, card: SavedCard) -> Method | None:
        """The method that a card was saved with, and is charged by."""
        return self._methods.of_card(card)


def _refuse_other_terms(offer: AutopayOffer, agreed: Agreement) -> None:
    """Sum, interval, first day and whose card."""
    if offer.refusal:
        raise CustomerError(f"autopay_{offer.refusal}", least=offer.limits.least, most=offer.limits.most)
    if agreed.card_id is None and not agreed.balance_first:
        raise CustomerError("autopay_card_needed")
    if agreed.card_id is not None and agreed.card_id not in {card.id for card in offer.cards}:
        raise CustomerError("saved_card_gone")
    if (agreed.amount, agreed.interval, agreed.first_on) != (offer.amount, offer.interval, offer.first_on):
        raise CustomerError("autopay_changed")
