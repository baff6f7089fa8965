"""An autopay as a customer connected it: its card, its consent and itself, straight into the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain import periods
from bot.domain.autopays import Agreement, AutopayState, AutopayStep, Interval
from bot.domain.money import Money
from bot.domain.saved_cards import CardOnFile
from bot.domain.states import AttemptKind, Purpose
from bot.services.accounts import open_accounts
from bot.storage.tx import Tx

PRICE = Money(99_000, "RUB")
MASKED = "•••• 7173"


@dataclass(frozen=True, slots=True)
class Connected:
    autopay_id: int
    card_id: int
    payer_id: int


def connect(
    tx: Tx, customer_id: int, connector_id: str | None = None, *, token: str = "pm-1", **changes: Any
) -> Connected:
    """A month of a connector, or every thirty days onto the balance; `changes` are columns of the autopay."""
    card = CardOnFile(token=token, page_token="", masked=MASKED, expires_on=date(2031, 1, 31))
    card_id = tx.saved_cards.add(
        customer_id, card, provider="fake", method="fake", remembered=True, payment_id=None
    )
    payer_id, interval = (
        tx.customers.person(customer_id),
        Interval(months=1) if connector_id else Interval(days=30),
    )
    charge_on = periods.now().date() + timedelta(days=10)
    usual: dict[str, Any] = {
        "reference": f"autopay-{token}",
        "customer_id": customer_id,
        "payer_id": payer_id,
        "connector_id": connector_id,
        "currency": PRICE.currency,
        "minor": PRICE.minor,
        "months": interval.months,
        "days": interval.days,
        "card_id": card_id,
        "state": AutopayState.ACTIVE.value,
        "cycle": charge_on.isoformat(),
        "charge_on": charge_on,
        "step": AutopayStep.ANNOUNCE.value,
        "due_at": periods.now() + timedelta(days=7),
    }
    row = usual | changes
    autopay_id = tx.autopays.add(**row)
    amount = Money(row["minor"], row["currency"])
    agreed = Agreement("I agree to 990 ₽ a month.", "1", "en", amount, interval, charge_on, card_id=card_id)
    tx.autopay_consents.give(autopay_id, customer_id, agreed, card=MASKED)
    return Connected(autopay_id, card_id, payer_id)


def send_charge(
    tx: Tx, customer_id: int, connected: Connected, *, cycle: str = "one", number: int = 1
) -> str:
    """A charge onto the balance whose call was made and whose end nobody knows; its reference."""
    open_accounts(tx, connected.payer_id, "fake", PRICE.currency)
    reference = f"charge-{connected.autopay_id}-{cycle}-{number}"
    payment_id = tx.payments.add(
        reference=reference,
        customer_id=customer_id,
        payer_id=connected.payer_id,
        order_id=None,
        purpose=Purpose.TOP_UP,
        method="fake",
        provider="fake",
        amount=PRICE,
        link_reference=reference,
        link_fingerprint=reference,
        next_ask_at=periods.now() + timedelta(minutes=1),
        card_id=connected.card_id,
        autopay_id=connected.autopay_id,
    )
    attempt_id = tx.attempts.add(
        reference=f"attempt-{reference}",
        kind=AttemptKind.CHARGE,
        payment_id=payment_id,
        order_id=None,
        amount=PRICE,
        reason="",
        autopay_id=connected.autopay_id,
        cycle=cycle,
        number=number,
    )
    assert tx.attempts.sent(attempt_id, ask_at=periods.now() + timedelta(minutes=1))
    tx.autopays.change(connected.autopay_id, cycle=cycle, step=AutopayStep.CHARGE.value, due_at=None)
    return reference
