"""What is told of a suspension: to whoever has the connector now, by day, and to the operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.notice_topics import NoticeTopic
from bot.domain.suspensions import Suspension
from bot.services.notice_places import tell
from bot.services.seller import Extended
from bot.services.zones import by_day, zone_where
from bot.storage.tx import Tx


def tell_planned(tx: Tx, planned: Suspension, zone: ZoneInfo) -> None:
    facts = facts_of(tx, planned, ())
    who = whose(tx, planned)
    if who is not None:
        by_day = _by_day(tx, who, planned, zone)
        tell(tx, who, NoticeTopic.SERVICE, "suspension_planned", not_before=by_day, **facts)
    tx.outbox.to_operators("suspension_planned", informs=True, customer_id=planned.customer_id, **facts)


def tell_started(tx: Tx, planned: Suspension, rests: Sequence[Extended], zone: ZoneInfo) -> None:
    """Or that it could not start, where nothing rests."""
    facts, who = facts_of(tx, planned, rests), whose(tx, planned)
    if who is not None:
        kind = "suspension_started" if rests else "suspension_not_started"
        tell(tx, who, NoticeTopic.SERVICE, kind, not_before=_by_day(tx, who, planned, zone), **facts)
    if rests:
        tx.outbox.to_operators("suspension_started", informs=True, customer_id=planned.customer_id, **facts)


def tell_ended(tx: Tx, ended: Suspension, works: Sequence[Extended], zone: ZoneInfo, *, how: str) -> None:
    """`how` is "over", or "resumed" where it was ended early."""
    facts, who = facts_of(tx, ended, works) | {"reason": how}, whose(tx, ended)
    if who is not None:
        by_day = _by_day(tx, who, ended, zone)
        tell(tx, who, NoticeTopic.SERVICE, "suspension_ended", not_before=by_day, **facts)
    tx.outbox.to_operators("suspension_ended", informs=True, customer_id=ended.customer_id, **facts)


def facts_of(tx: Tx, suspension: Suspension, lines: Sequence[Extended]) -> dict[str, Any]:
    """`lines` are the connectors with their new dates; `title` is "" for an account."""
    connector = tx.connectors.get(suspension.connector_id) if suspension.connector_id else None
    return {
        "suspension_id": suspension.id,
        "connector_id": suspension.connector_id or "",
        "payer_id": suspension.payer_id,
        "title": connector.title if connector else "",
        "starts_on": suspension.starts_on,
        "ends_on": suspension.ends_on,
        "lines": [{"title": each.connector.title, "paid_until": each.until} for each in lines],
        "autopay": _has_autopay(tx, suspension),
    }


def whose(tx: Tx, suspension: Suspension) -> int | None:
    """Who has the connector or the account now; None where nobody has."""
    payer_id: int | None = suspension.payer_id
    if suspension.connector_id is not None:
        connector = tx.connectors.get(suspension.connector_id)
        payer_id = connector.payer_id if connector else None
    return tx.customers.owner(payer_id) if payer_id is not None else None


def _has_autopay(tx: Tx, suspension: Suspension) -> bool:
    if suspension.connector_id is not None:
        return tx.autopays.of_connector(suspension.connector_id) is not None
    return bool(tx.autopays.of_payer(suspension.payer_id))


def _by_day(tx: Tx, customer_id: int, suspension: Suspension, zone: ZoneInfo) -> datetime | None:
    """It starts and ends at midnight, when people sleep."""
    return by_day(zone_where(tx, customer_id, zone), f"suspension:{suspension.id}")
