"""What forbids a charge: asked in the unit that takes it, and before it is announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.autopays import Autopay, AutopayReason
from bot.domain.customers import Connector
from bot.domain.money import Money, zero
from bot.domain.saved_cards import SavedCard
from bot.services import suspensions
from bot.services.autopay.plan import AutopayPlan
from bot.services.blocked import is_blocked
from bot.services.declined_cards import why_not
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Chargeable:
    """What the next charge takes, from where and for what, as it stands in this unit."""

    price: Money
    card: SavedCard | None
    connector: Connector | None


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The charge is not made, and why; with `until` it waits for that day, else the autopay is paused."""

    reason: AutopayReason | None = None
    until: date | None = None


def look(tx: Tx, plan: AutopayPlan, autopay: Autopay, today: date) -> Chargeable | Forbidden:
    """Whether it may be charged; the first thing that forbids it, in the order of what weighs most."""
    card = tx.saved_cards.get(autopay.card_id) if autopay.card_id else None
    connector = tx.connectors.get(autopay.connector_id) if autopay.connector_id else None
    price = plan.next_price(tx, autopay)
    reason = (
        _of_the_customer(tx, autopay)
        or _of_the_consent(tx, autopay)
        or _of_the_card(tx, autopay, card, today)
    )
    reason = reason or _of_the_connector(autopay, connector)
    if reason is None and (until := _suspended_until(tx, autopay, connector, today)):
        return Forbidden(until=until)
    reason = reason or _of_the_price(tx, autopay, price)
    if reason is not None or price is None:
        return Forbidden(reason)
    return Chargeable(price, card, connector)


def _of_the_customer(tx: Tx, autopay: Autopay) -> AutopayReason | None:
    return AutopayReason.BLOCKED if is_blocked(tx, autopay.customer_id) else None


def _of_the_consent(tx: Tx, autopay: Autopay) -> AutopayReason | None:
    """The word he gave, not the state we keep, is what lets us charge."""
    return None if tx.autopay_consents.stands(autopay.id) else AutopayReason.CARD_UNLINKED


def _of_the_card(tx: Tx, autopay: Autopay, card: SavedCard | None, today: date) -> AutopayReason | None:
    if autopay.card_id is None:
        return None
    if card is None or not card.is_linked or card.customer_id != autopay.customer_id:
        return AutopayReason.CARD_UNLINKED
    return AutopayReason.CARD_EXPIRED if card.has_expired(today) else why_not(tx, card)


def _of_the_connector(autopay: Autopay, connector: Connector | None) -> AutopayReason | None:
    if autopay.connector_id is None:
        return None
    if connector is None or connector.payer_id is None:
        return AutopayReason.CONNECTOR_GONE
    return AutopayReason.PAYER_CHANGED if connector.payer_id != autopay.payer_id else None


def _of_the_price(tx: Tx, autopay: Autopay, price: Money | None) -> AutopayReason | None:
    """No more than was agreed to, and nothing while there is a debt."""
    if price is None:
        return AutopayReason.TARIFF_GONE
    if price > autopay.amount:
        return AutopayReason.PRICE_CHANGED
    is_in_debt = tx.ledger.balance(autopay.payer_id, price.currency) < zero(price.currency)
    return AutopayReason.DEBT if is_in_debt else None


def _suspended_until(tx: Tx, autopay: Autopay, connector: Connector | None, today: date) -> date | None:
    """The day until which he does without it: nothing is charged before."""
    if connector is not None:
        return suspensions.until(tx, connector)
    return suspensions.account_until(tx, autopay.payer_id, today)
