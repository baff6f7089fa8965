"""Autopays as screens show them, read in the caller's unit."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import periods
from bot.domain.autopays import Autopay, AutopayReason
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.views import AutopayView
from bot.storage.tx import Tx

SHOWN_FOR = timedelta(days=90)
MOST_SHOWN = 5
NEVER_STOOD = (AutopayReason.CUSTOMER, AutopayReason.NOT_SAVED)
"""Given up for another one, or never in force: nothing to tell of."""


def view_of(tx: Tx, plan: AutopayPlan, autopay: Autopay) -> AutopayView:
    payer = tx.payers.get(autopay.payer_id)
    assert payer is not None
    return AutopayView(
        autopay=autopay,
        payer=payer,
        connector=tx.connectors.get(autopay.connector_id) if autopay.connector_id else None,
        card=tx.saved_cards.get(autopay.card_id) if autopay.card_id else None,
        next_amount=plan.next_price(tx, autopay),
        zone=str(plan.zone(tx, autopay.customer_id)),
    )


def ended_lately(tx: Tx, plan: AutopayPlan, customer_id: int) -> list[AutopayView]:
    """Those that nothing has taken the place of, the last first."""
    known, views = {_target(each) for each in tx.autopays.of_customer(customer_id)}, []
    for each in tx.autopays.ended_of(customer_id, periods.now() - SHOWN_FOR):
        if _target(each) not in known and each.reason not in NEVER_STOOD:
            views.append(view_of(tx, plan, each))
        known.add(_target(each))
    return views[:MOST_SHOWN]


def _target(autopay: Autopay) -> tuple[str | None, int, str]:
    return autopay.connector_id, autopay.payer_id, autopay.amount.currency
