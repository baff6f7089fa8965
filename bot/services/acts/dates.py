"""A connector's date moved by an operator's word: by some days, or to the day that is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.notice_topics import NoticeTopic
from bot.domain.periods import today
from bot.domain.states import ExtensionCause, Role
from bot.services import arrears, seller
from bot.services.acts.reasons import demand_reason, refuse_second
from bot.services.desk import DeskService
from bot.services.notice_places import tell
from bot.services.seller import Extended
from bot.storage.connectors import Bridge
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

MOST_DAYS = 366
FARTHEST = timedelta(days=5 * 366)
"""From today, either way; what is farther is a slip of the finger."""
ACTION = "date_moved"


@dataclass(frozen=True, slots=True)
class Shift:
    """So many days more or fewer, or that very date."""

    days: int = 0
    to: date | None = None


class DateActs:
    """Whatever else was to happen by the date goes by the new one: autopay, reminders, arrears."""

    def __init__(self, database: Database, desk: DeskService, zone: ZoneInfo) -> None:
        self.database = database
        self._desk = desk
        self._zone = zone

    @reading
    def of(self, tx: Tx, who: int, connector_id: str) -> Connector:
        """The connector as whoever is asked for a shift sees it."""
        self._desk.demand(who, Role.CASHIER)
        return _found(tx, connector_id)

    @transaction
    def move(
        self, tx: Tx, who: int, connector_id: str, shift: Shift, reason: str, *, seen: int, silently: bool
    ) -> date:
        """Move its date as it was `seen`, by the sequence it had then: of two at once only one moves it.

        The seller's system hears of it always, its customer unless it is done `silently`.
        """
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        connector = self._locked(tx, connector_id)
        if connector.payer_id is not None:
            self._desk.refuse_own_gain(who, Role.CASHIER, gains=tx.customers.owner(connector.payer_id))
        if connector.sequence != seen:
            refuse_second(tx, f"connector:{connector_id}", ACTION)
        until = self._until(connector, shift)
        sequence = tx.connectors.extend(
            connector,
            until,
            anchor_day=until.day,
            cause=ExtensionCause.OPERATOR,
            note=words,
            bridge=_still_lent(connector, shift),
        )
        seller.tell_extended(tx, [Extended(connector, until, sequence)], cause=ExtensionCause.OPERATOR)
        arrears.end(tx, connector_id, "operator")
        before = connector.paid_until.isoformat() if connector.paid_until else ""
        tx.audit.note(
            who, ACTION, f"connector:{connector_id}", before=before, until=until.isoformat(), reason=words
        )
        if not silently and connector.payer_id is not None:
            owner = tx.customers.owner(connector.payer_id)
            facts: dict[str, Any] = {"title": connector.title, "until": until}
            tell(tx, owner, NoticeTopic.SERVICE, "date_moved", key=f"{connector_id}:{sequence}", **facts)
        return until

    def _until(self, connector: Connector, shift: Shift) -> date:
        """Days count from where the date stands, or from today for what has run out."""
        day = today(self._zone)
        if shift.to is not None:
            if abs(shift.to - day) > FARTHEST or shift.to == connector.paid_until:
                raise CustomerError("act_date_wrong")
            return shift.to
        if not 0 < abs(shift.days) <= MOST_DAYS:
            raise CustomerError("act_days_wrong", most=MOST_DAYS)
        start = connector.paid_until or day
        until = (max(start, day) if shift.days > 0 else start) + timedelta(days=shift.days)
        if abs(until - day) > FARTHEST:
            raise CustomerError("act_date_wrong")
        return until

    def _locked(self, tx: Tx, connector_id: str) -> Connector:
        payer_id = _found(tx, connector_id).payer_id
        if payer_id is not None:
            tx.customers.lock_payer(payer_id)
        connector = tx.connectors.lock(connector_id)
        assert connector is not None
        return connector


def _found(tx: Tx, connector_id: str) -> Connector:
    connector = tx.connectors.get(connector_id)
    if connector is None:
        raise CustomerError("record_gone")
    return connector


def _still_lent(connector: Connector, shift: Shift) -> Bridge | None:
    """Days on top of lent ones leave those lent: what pays the invoice pays for them as before."""
    if connector.bridged_since is None or shift.to is not None:
        return None
    before = connector.bridged_from
    return Bridge(before + timedelta(days=shift.days) if before else None, connector.bridged_since)
