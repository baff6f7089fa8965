"""The order behind a form: what is to be paid once somebody has approved it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import periods
from bot.domain.catalogue import Tariff
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.form_terms import AnswerKind, MadeToOrder
from bot.domain.order_forms import OrderForm
from bot.domain.orders import OrderLine
from bot.domain.references import new_reference
from bot.domain.states import OrderState
from bot.services.connectors import TITLE_LENGTH
from bot.storage.tx import Tx


def place_order(tx: Tx, tariff: Tariff, form: OrderForm) -> tuple[int, int]:
    """Make the connector and its order, with prices as they stand now; the ids of the order and its payer.

    It waits for a review: how long it can be paid is known when that is over.
    """
    period = tariff.period(form.months)
    customer = tx.customers.get(form.customer_id)
    if period is None:
        raise CustomerError("period_gone")
    if customer is None:
        raise CustomerError("start_first")
    payer_id = _payer_of(tx, form)
    tx.customers.lock_payer(payer_id)
    connector = Connector(
        id=f"new-{new_reference()[:12]}",
        kind=tariff.kind,
        title=tariff.title.in_language(customer.language)[:TITLE_LENGTH],
        tariff=tariff.id,
        payer_id=payer_id,
        paid_until=None,
        anchor_day=None,
    )
    tx.connectors.add(connector)
    assert tariff.made_to_order is not None
    order_id = tx.orders.add(
        reference=new_reference(),
        customer_id=customer.id,
        payer_id=payer_id,
        lines=[OrderLine(connector.id, connector.title, tariff.id, form.months, period.prices)],
        prices=period.prices,
        full_prices=period.prices,
        promo_code="",
        terms_version=customer.terms_version,
        expires_at=periods.now() + timedelta(days=tariff.made_to_order.pay_days),
        state=OrderState.REVIEW,
    )
    return order_id, payer_id


def _payer_of(tx: Tx, form: OrderForm) -> int:
    """Whom he chose, if that one is still his; else he himself."""
    chosen = tx.payers.get_for_customer(form.payer_id, form.customer_id) if form.payer_id else None
    return chosen.id if chosen is not None else tx.customers.person(form.customer_id)


def keep_contacts(tx: Tx, made: MadeToOrder, form: OrderForm) -> None:
    """What he told us here need not be asked for again when he pays; what is known already stays."""
    customer = tx.customers.get(form.customer_id)
    assert customer is not None
    email, phone = (_first(made, form, kind) for kind in (AnswerKind.EMAIL, AnswerKind.PHONE))
    if email and not customer.email:
        tx.customers.set_email(customer.id, email)
    if phone and not customer.phone:
        tx.customers.set_phone(customer.id, phone)


def _first(made: MadeToOrder, form: OrderForm, kind: AnswerKind) -> str:
    told = (
        form.answers[each.name].value for each in made.form if each.kind is kind and each.name in form.answers
    )
    return next(filter(None, told), "")
