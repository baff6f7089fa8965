"""What an autopay would be: sum, interval and first day, and why it cannot be had where it cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.autopays import Autopay, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector, Payer
from bot.domain.money import STARS, Money
from bot.domain.payments import Payment
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.reading import view_of
from bot.services.autopay.views import AutopayOffer
from bot.services.declined_cards import why_not
from bot.services.methods import Methods
from bot.storage.tx import Tx

ACCOUNT_DAYS = 30
"""The usual interval of a top-up, counted from the last one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for; what is left out is as usual."""

    amount: Money
    interval: Interval
    wished_on: date
    paid_now: Money | None = None


class AutopayOffers:
    """Read in the caller's unit, so that what is agreed to can be compared with what is offered there."""

    def __init__(self, catalogue: Catalogue, methods: Methods, plan: AutopayPlan) -> None:
        self._catalogue = catalogue
        self._methods = methods
        self._plan = plan

    def for_connector(
        self,
        tx: Tx,
        customer_id: int,
        connector: Connector,
        interval: Interval,
        currency: str,
        *,
        paid_until: date | None = None,
        paid_now: Money | None = None,
    ) -> AutopayOffer | None:
        """With `paid_until` as it will be after the payment under way; None where it is not sold so.

        What is made to order is ordered by a person each time.
        """
        tariff = self._catalogue.tariff(connector.tariff)
        if tariff is not None and tariff.made_to_order is not None:
            return None
        price = self._plan.price(connector, interval, currency)
        payer = tx.payers.get(connector.payer_id) if connector.payer_id else None
        if price is None or currency == STARS or payer is None or payer.customer_id != customer_id:
            return None
        standing = tx.autopays.of_connector(connector.id)
        if standing is not None and standing.payer_id != payer.id:
            standing = None  # of whoever paid for it before: none of this customer's business
        paid_for = replace(connector, paid_until=paid_until) if paid_until else connector
        lead_days = standing.lead_days if standing else 1
        wished = self._plan.wished_day(paid_for, lead_days, self._plan.today(tx, customer_id))
        wish = Wish(price, interval, wished, paid_now)
        return self._offer(tx, payer, connector, wish, standing)

    def for_account(
        self, tx: Tx, payer: Payer, amount: Money, interval: Interval, *, wished_on: date | None = None
    ) -> AutopayOffer:
        standing = tx.autopays.of_account(payer.id, amount.currency)
        day = wished_on or self._plan.today(tx, payer.customer_id) + timedelta(days=interval.days)
        return self._offer(tx, payer, None, Wish(amount, interval, day), standing)

    def after(self, tx: Tx, payment: Payment) -> AutopayOffer | None:
        """The same again: what this payment was for; None where that can have no autopay at all."""
        customer_id, currency = payment.customer_id, payment.amount.currency
        if currency == STARS:
            return None
        order = tx.orders.get_for_customer(payment.order_id, customer_id) if payment.order_id else None
        if order is None:
            payer = tx.payers.get_for_customer(payment.payer_id, customer_id)
            interval = Interval(days=ACCOUNT_DAYS)
            return self.for_account(tx, payer, payment.amount, interval) if payer else None
        line = order.only_line
        connector = tx.connectors.get_for_customer(line.connector_id, customer_id) if line else None
        if line is None or connector is None:
            return None
        interval = Interval(months=line.months)
        return self.for_connector(tx, customer_id, connector, interval, currency, paid_now=payment.amount)

    def usual_interval(self, tx: Tx, connector: Connector) -> tuple[Interval, str] | None:
        """As it was paid for last; else its shortest period, in the first currency that can be charged."""
        tariff = self._catalogue.tariff(connector.tariff)
        if tariff is None or not tariff.periods:
            return None
        last = tx.orders.last_period(connector.id)
        if last is not None and (period := tariff.period(last[0])) and period.price(last[1]):
            return Interval(months=last[0]), last[1]
        shortest = tariff.periods[0]
        chargeable = [p.currency for p in shortest.prices if self._methods.charge(p.currency)]
        currencies = chargeable or [price.currency for price in shortest.prices]
        return Interval(months=shortest.months), currencies[0]

    def _offer(
        self, tx: Tx, payer: Payer, connector: Connector | None, wish: Wish, standing: Autopay | None
    ) -> AutopayOffer:
        customer_id, amount = payer.customer_id, wish.amount
        limits = self._catalogue.autopay.limits_for(amount.currency)
        today = self._plan.today(tx, customer_id)
        cards = [
            card
            for card in tx.saved_cards.linked(customer_id)
            if self._methods.charges(card.provider, card.method, amount.currency)
            and not card.has_expired(today)
            and why_not(tx, card) is None
        ]
        refusal = ""
        if not self._methods.charge(amount.currency):
            refusal = "no_method"
        elif amount > limits.most:
            refusal = "above_ceiling"
        elif amount < limits.least:
            refusal = "below_least"
        return AutopayOffer(
            payer_id=payer.id,
            connector_id=connector.id if connector else None,
            title=connector.title if connector else payer.shown_name,
            amount=amount,
            interval=wish.interval,
            first_on=self._plan.first_day(tx, customer_id, wish.wished_on),
            limits=limits,
            cards=tuple(cards),
            paid_now=wish.paid_now if wish.paid_now != amount else None,
            standing=view_of(tx, self._plan, standing) if standing else None,
            refusal=refusal,
        )
