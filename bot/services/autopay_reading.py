"""Autopays as screens show them, read in the caller's unit."""

from __future__ import annotations

from bot.domain.autopays import Autopay
from bot.services.autopay_plan import AutopayPlan
from bot.services.autopay_views import AutopayView
from bot.storage.tx import Tx


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
