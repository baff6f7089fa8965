"""The order behind a charge: one connector, one interval, at today's full price."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import periods
from bot.domain.autopays import Autopay
from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.references import new_reference
from bot.domain.states import OrderState
from bot.services.orders import replace_open
from bot.storage.tx import Tx

LIFE = timedelta(days=14)
"""As long as charges of it may be tried; all that time it can be paid by hand as well."""
PAYING_TAKES = timedelta(minutes=30)
"""Somebody who is at a provider's page is not overtaken: he would pay twice."""


def order_for(tx: Tx, autopay: Autopay, connector: Connector, price: Money) -> Order | None:
    """The open order of this charge, or a new one; None while the customer is paying by himself."""
    open_ids = tx.orders.open_with([connector.id])
    since = periods.now() - PAYING_TAKES
    if any(tx.payments.at_a_page(order_id, since=since) for order_id in open_ids):
        return None
    for order_id in open_ids:
        order = tx.orders.lock(order_id)
        if order is not None and _is_of(order, autopay, price):
            return order
        replace_open(tx, order_id)
    line = OrderLine(connector.id, connector.title, connector.tariff, autopay.interval.months, (price,))
    customer = tx.customers.get(autopay.customer_id)
    order_id = tx.orders.add(
        reference=new_reference(),
        customer_id=autopay.customer_id,
        payer_id=autopay.payer_id,
        lines=(line,),
        prices=(price,),
        full_prices=(price,),
        promo_code="",
        terms_version=customer.terms_version if customer else "",
        expires_at=periods.now() + LIFE,
        use_balance=autopay.balance_first,
    )
    return tx.orders.lock(order_id)


def _is_of(order: Order, autopay: Autopay, price: Money) -> bool:
    """Whether it asks for just what the autopay may charge now, with no promo code and nobody's invoice."""
    return (
        order.state is OrderState.AWAITING
        and order.payer_id == autopay.payer_id
        and order.customer_id == autopay.customer_id
        and len(order.lines) == 1
        and order.lines[0].months == autopay.interval.months
        and order.prices == (price,)
        and not order.promo_code
        and not order.invoice
        and order.use_balance == autopay.balance_first
    )
