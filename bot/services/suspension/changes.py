"""What a suspension changes when it starts and when it ends, always in the unit of whoever makes it do so.

At its start paid-until moves by its whole length; when it is ended early, back by the days that were left.
Whatever moved the date meanwhile stays: money that came, the seller's own word, an order taken back. So the
days it works are those that were paid for, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.customers import Connector
from bot.domain.states import ExtensionCause
from bot.domain.suspensions import FOR_EVER, Suspension, SuspensionState, earlier, later
from bot.services import arrears, seller
from bot.services.seller import Extended
from bot.services.suspension import news
from bot.storage.tx import Tx

PLANNED, RUNNING = SuspensionState.PLANNED, SuspensionState.RUNNING


def start(tx: Tx, planned: Suspension, zone: ZoneInfo) -> bool:
    """Let it rest from now on; False where nothing is left of it that can."""
    parts = _parts(tx, planned)
    connectors = lock(tx, planned.payer_id, [part.connector_id or "" for part in parts])
    rests = [
        started
        for part in parts
        if (started := _start_one(tx, part, connectors[part.connector_id or ""], zone)) is not None
    ]
    if planned.connector_id is None:
        _move_account(tx, planned, zone, rests=bool(rests))
    news.tell_started(tx, planned, rests, zone)
    return bool(rests)


def finish(tx: Tx, running: Suspension, zone: ZoneInfo, *, early_on: date | None = None) -> None:
    """It works again: when its time is over, or before that on the day when he wants it back."""
    parts = [part for part in _parts(tx, running) if part.is_running]
    connectors = lock(tx, running.payer_id, [part.connector_id or "" for part in parts])
    mine = [part for part in parts if _goes_with(part, running, connectors[part.connector_id or ""])]
    how, ends_on = ("resumed", early_on) if early_on else ("over", running.ends_on)
    ended = [
        _finish_one(tx, part, connectors[part.connector_id or ""], how=how, on=ends_on)
        for part in mine
        if tx.suspensions.close(
            part.id, to=SuspensionState.ENDED, only_from=RUNNING, how=how, ends_on=ends_on
        )
    ]
    is_account = running.connector_id is None
    if is_account and not tx.suspensions.close(
        running.id, to=SuspensionState.ENDED, only_from=RUNNING, how=how, ends_on=ends_on
    ):
        return
    if ended or is_account:
        news.tell_ended(tx, replace(running, ends_on=ends_on), ended, zone, how=how)


def cancel(tx: Tx, planned: Suspension, how: str) -> None:
    """It will not start; an account's parts neither."""
    for each in (*_parts(tx, planned), planned):
        tx.suspensions.close(each.id, to=SuspensionState.CANCELLED, only_from=PLANNED, how=how)


def lock(tx: Tx, payer_id: int, connector_ids: Iterable[str]) -> dict[str, Connector]:
    """These connectors, behind the payer's lock and those of whoever else pays for one meanwhile."""
    wanted = sorted(connector_ids)
    others = tx.connectors.payers_of(wanted)
    for each in sorted({payer_id, *(other for other in others if other is not None)}):
        tx.customers.lock_payer(each)
    return {id_: found for id_ in wanted if (found := tx.connectors.lock(id_)) is not None}


def can_rest(connector: Connector, starts_on: date) -> str:
    """Why its paid days cannot rest from that day on; "" where they can."""
    if connector.paid_until is None or connector.paid_until < starts_on:
        return "ran_out"
    if connector.paid_until >= FOR_EVER:
        return "for_ever"
    return "lent" if connector.bridged_since is not None else ""


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When that day begins for the seller."""
    return datetime.combine(day, time(), zone)


def _parts(tx: Tx, suspension: Suspension) -> list[Suspension]:
    return tx.suspensions.parts(suspension.id) if suspension.connector_id is None else [suspension]


def _goes_with(part: Suspension, whole: Suspension, connector: Connector) -> bool:
    """Of an account's parts only what its payer still pays for: what he gave away has its own end."""
    return part.id == whole.id or connector.payer_id == whole.payer_id


def _start_one(tx: Tx, part: Suspension, connector: Connector, zone: ZoneInfo) -> Extended | None:
    why_not = can_rest(connector, part.starts_on) or _is_anothers(tx, part, connector)
    if why_not or connector.paid_until is None:
        tx.suspensions.close(part.id, to=SuspensionState.CANCELLED, only_from=PLANNED, how=why_not)
        return None
    values = {"next_at": midnight(part.ends_on, zone), "anchor_day": connector.anchor_day}
    if not tx.suspensions.move(part.id, to=RUNNING, only_from=PLANNED, **values):
        return None
    until = later(connector.paid_until, part.days)
    moved = _move_date(tx, part, connector, until, anchor_day=until.day)
    seller.tell_suspended(tx, connector.id, part.starts_on, part.ends_on)
    return moved


def _finish_one(tx: Tx, part: Suspension, connector: Connector, *, how: str, on: date) -> Extended:
    moved = Extended(connector, connector.paid_until, connector.sequence)
    if how == "resumed" and connector.paid_until is not None:
        until = earlier(connector.paid_until, part.ends_on, on)
        never_rested = on <= part.starts_on
        if until != connector.paid_until:
            anchor = part.anchor_day if never_rested else until.day
            moved = _move_date(tx, part, connector, until, anchor_day=anchor)
    seller.tell_resumed(tx, connector.id, part.starts_on, on)
    return moved


def _move_date(
    tx: Tx, part: Suspension, connector: Connector, until: date, *, anchor_day: int | None
) -> Extended:
    sequence = tx.connectors.extend(
        connector,
        until,
        anchor_day=anchor_day,
        cause=ExtensionCause.SUSPENSION,
        note=f"suspension:{part.id}",
    )
    moved = Extended(connector, until, sequence)
    seller.tell_extended(tx, [moved], cause=ExtensionCause.SUSPENSION)
    arrears.end(tx, connector.id, "suspension")
    return moved


def _is_anothers(tx: Tx, part: Suspension, connector: Connector) -> str:
    """It has left whoever planned this."""
    if part.part_of is not None:
        return "" if connector.payer_id == part.payer_id else "not_his"
    owner = tx.customers.owner(connector.payer_id) if connector.payer_id is not None else None
    return "" if owner == part.customer_id else "not_his"


def _move_account(tx: Tx, planned: Suspension, zone: ZoneInfo, *, rests: bool) -> None:
    if rests:
        tx.suspensions.move(
            planned.id, to=RUNNING, only_from=PLANNED, next_at=midnight(planned.ends_on, zone)
        )
    else:
        tx.suspensions.close(planned.id, to=SuspensionState.CANCELLED, only_from=PLANNED, how="nothing_left")
