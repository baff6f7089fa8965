"""What a refund takes from the connectors that its money paid for: days in proportion, or what is left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.autopays import AutopayReason
from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.periods import add_months
from bot.domain.refunds import LineChange, RefundRequest, ServiceChange
from bot.domain.states import ExtensionCause
from bot.services import seller
from bot.services.autopay.ending import pause
from bot.services.seller import Extended
from bot.storage.connectors import Bridge
from bot.storage.tx import Tx


def changes(
    tx: Tx, order: Order, amount: Money, price: Money, *, service: ServiceChange, on: date
) -> list[LineChange]:
    """What would become of each of the order's connectors, were this sum of its price refunded that day.

    Days that another refund takes, which was decided and is not done, are gone already.
    """
    if service is ServiceChange.KEEP or not price:
        return []
    found = []
    for line in order.lines:
        connector = tx.connectors.get(line.connector_id)
        if connector is None or connector.paid_until is None:
            continue
        before = connector.paid_until - timedelta(days=tx.refund_requests.days_under_way(connector.id))
        least = min(before, on)
        bought = _bought(tx, order, line) * amount.minor // price.minor
        after = least if service is ServiceChange.STOP else max(before - timedelta(days=bought), least)
        if after < before:
            found.append(LineChange(line.connector_id, line.title, (before - after).days, before, after))
    return found


def apply(tx: Tx, request: RefundRequest) -> list[dict[str, Any]]:
    """Move the dates back by what was decided; what the customer is told of it.

    What was bought on top meanwhile stays: it moves back by as many days.
    """
    order = tx.orders.get(request.order_id) if request.order_id else None
    moved = [
        each
        for connector_id, days in tx.refund_requests.changes(request.id)
        if (each := _move_back(tx, request, connector_id, days)) is not None
    ]
    seller.tell_extended(tx, moved, cause=ExtensionCause.REFUND, order=order)
    for each in moved:
        _pause_autopay(tx, each.connector.id)
    masked = {line.connector_id: line for line in order.lines if line.masked} if order else {}
    return [
        {"title": masked[each.connector.id].title, "paid_until": None}
        if each.connector.id in masked
        else {"title": each.connector.title, "paid_until": each.until}
        for each in moved
    ]


def _bought(tx: Tx, order: Order, line: OrderLine) -> int:
    """How many days the order added, counted from where they began."""
    extension = tx.connectors.extension_by(order.id, line.connector_id)
    since, until = extension or (None, None)
    if until is None:
        return 0
    begins = add_months(until, -line.months)
    return (until - (max(since, begins) if since else begins)).days


def _move_back(tx: Tx, request: RefundRequest, connector_id: str, days: int) -> Extended | None:
    connector = tx.connectors.lock(connector_id)
    if connector is None or connector.paid_until is None:
        tx.refund_requests.forget_change(request.id, connector_id)
        return None
    until = connector.paid_until - timedelta(days=days)
    sequence = tx.connectors.extend(
        connector,
        until,
        anchor_day=until.day,
        cause=ExtensionCause.REFUND,
        note=note_of(request.id),
        bridge=_bridge(connector, days),
    )
    return Extended(connector, until, sequence)


def note_of(request_id: int) -> str:
    """By which an extension names the request that moved it; the proof of the books reads it."""
    return f"refund:{request_id}"


def _bridge(connector: Connector, days: int) -> Bridge | None:
    """Days that are lent just now stay lent."""
    if connector.bridged_since is None:
        return None
    before = connector.bridged_from
    return Bridge(before - timedelta(days=days) if before else None, connector.bridged_since)


def _pause_autopay(tx: Tx, connector_id: str) -> None:
    """Else it would pay at once for the days that were given back."""
    found = tx.autopays.of_connector(connector_id)
    autopay = tx.autopays.lock(found.id) if found is not None else None
    if autopay is not None:
        pause(tx, autopay, AutopayReason.REFUNDED)
