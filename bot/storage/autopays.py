"""Autopays: one standing for each connector, and one for each payer and currency."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.domain.autopays import STANDING, Autopay, AutopayState, AutopayStep, Interval
from bot.domain.money import Money
from bot.domain.periods import now
from bot.storage.index_words import among
from bot.storage.prepared import prepared
from bot.storage.tables import autopays, payments, saved_cards

STANDS = among(autopays.c.state, *STANDING)
_BY_ID = prepared(select(autopays).where(autopays.c.id == bindparam("autopay_id")))
_OF_CONNECTOR = prepared(
    select(autopays).where(
        autopays.c.connector_id == bindparam("connector"),
        STANDS,
    )
)
_OF_ACCOUNT = prepared(
    select(autopays).where(
        autopays.c.payer_id == bindparam("payer"),
        autopays.c.currency == bindparam("money"),
        autopays.c.connector_id.is_(None),
        STANDS,
    )
)
_DUE = (
    select(autopays.c.id)
    .where(
        autopays.c.step == bindparam("what"),
        autopays.c.due_at.is_not(None),
        autopays.c.due_at <= bindparam("by"),
    )
    .order_by(autopays.c.due_at, autopays.c.id)
    .limit(bindparam("most"))
)

DUE_CHARGES = (
    select(autopays.c.id, autopays.c.step, saved_cards.c.provider)
    .outerjoin(saved_cards, saved_cards.c.id == autopays.c.card_id)
    .where(
        autopays.c.step == bindparam("what"),
        autopays.c.due_at.is_not(None),
        autopays.c.due_at <= bindparam("by"),
    )
    .order_by(autopays.c.due_at, autopays.c.id)
    .limit(bindparam("most"))
)


class Autopays:
    """Every change but the clock's own is a compare-and-set on the state."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, **values: Any) -> int:
        """Write one down; `values` are columns. A second standing one for the same thing is an error."""
        moment = now()
        row = {"created_at": moment, "changed_at": moment, **values}
        query = insert(autopays).returning(autopays.c.id)
        return int(self._connection.execute(query, row).scalar_one())

    def get(self, autopay_id: int) -> Autopay | None:
        row = self._connection.execute(_BY_ID, {"autopay_id": autopay_id}).one_or_none()
        return _to_autopay(row) if row is not None else None

    def lock(self, autopay_id: int) -> Autopay | None:
        """The same, locked on PostgreSQL; its payer is to be locked before."""
        if self._connection.dialect.name == "sqlite":
            return self.get(autopay_id)
        query = select(autopays).where(autopays.c.id == autopay_id).with_for_update()
        row = self._connection.execute(query).one_or_none()
        return _to_autopay(row) if row is not None else None

    def get_for_customer(self, autopay_id: int, customer_id: int) -> Autopay | None:
        found = self.get(autopay_id)
        return found if found is not None and found.customer_id == customer_id else None

    def of_connector(self, connector_id: str) -> Autopay | None:
        """The one that stands for a connector."""
        row = self._connection.execute(_OF_CONNECTOR, {"connector": connector_id}).one_or_none()
        return _to_autopay(row) if row is not None else None

    def of_account(self, payer_id: int, currency: str) -> Autopay | None:
        """The one that stands for a payer's balance in that currency."""
        row = self._connection.execute(_OF_ACCOUNT, {"payer": payer_id, "money": currency}).one_or_none()
        return _to_autopay(row) if row is not None else None

    def of_customer(self, customer_id: int) -> list[Autopay]:
        """A customer's that stand, the oldest first."""
        query = select(autopays).where(autopays.c.customer_id == customer_id, STANDS)
        return [_to_autopay(row) for row in self._connection.execute(query.order_by(autopays.c.id))]

    def waiting_of(self, customer_id: int) -> list[Autopay]:
        """What a customer agreed to with payments that have not come."""
        query = select(autopays).where(
            autopays.c.customer_id == customer_id, autopays.c.state == AutopayState.WAITING.value
        )
        return [_to_autopay(row) for row in self._connection.execute(query.order_by(autopays.c.id))]

    def ended_of(self, customer_id: int, since: datetime) -> list[Autopay]:
        """A customer's that have ended since then, the last first."""
        query = select(autopays).where(autopays.c.customer_id == customer_id, autopays.c.ended_at >= since)
        return [_to_autopay(row) for row in self._connection.execute(query.order_by(autopays.c.id.desc()))]

    def of_card(self, card_id: int) -> list[Autopay]:
        """Those that a card pays for, and those that wait for it."""
        query = select(autopays).where(
            autopays.c.card_id == card_id,
            autopays.c.state.in_([state.value for state in (*STANDING, AutopayState.WAITING)]),
        )
        return [_to_autopay(row) for row in self._connection.execute(query.order_by(autopays.c.id))]

    def of_payer(self, payer_id: int) -> list[Autopay]:
        query = select(autopays).where(autopays.c.payer_id == payer_id, STANDS)
        return [_to_autopay(row) for row in self._connection.execute(query.order_by(autopays.c.id))]

    def begun_by(self, payment_id: int) -> Autopay | None:
        """The one that waits for this payment to save its card."""
        query = select(autopays).where(
            autopays.c.begun_by == payment_id, autopays.c.state == AutopayState.WAITING.value
        )
        row = self._connection.execute(query.order_by(autopays.c.id.desc()).limit(1)).one_or_none()
        return _to_autopay(row) if row is not None else None

    def waiting_for_order(self, order_id: int) -> list[Autopay]:
        """Those that wait for any payment of an order."""
        begun = select(payments.c.id).where(payments.c.order_id == order_id)
        query = select(autopays).where(
            autopays.c.begun_by.in_(begun), autopays.c.state == AutopayState.WAITING.value
        )
        return [_to_autopay(row) for row in self._connection.execute(query)]

    def are_charged(self, connector_ids: Collection[str], *, since: datetime) -> bool:
        """Whether a charge for one of these was sent since then, and its end is not known."""
        query = select(autopays.c.id).where(
            STANDS,
            autopays.c.connector_id.in_(connector_ids),
            autopays.c.state != AutopayState.PAUSED.value,
            autopays.c.due_at.is_(None),
            autopays.c.step != "",
            autopays.c.changed_at >= since,
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def wait_for(self, payment_id: int, *, instead_of: int) -> None:
        """Let what waits for a payment wait for the one that was made in its place."""
        waiting = update(autopays).where(
            autopays.c.begun_by == instead_of, autopays.c.state == AutopayState.WAITING.value
        )
        self._connection.execute(waiting.values(begun_by=payment_id))

    def plan_at(
        self,
        autopay_id: int,
        at: datetime,
        *,
        only_from: Collection[AutopayState] | None = None,
        announced_anew: bool = False,
        **values: Any,
    ) -> bool:
        """Find its next charge anew at that moment; with `announced_anew` it was told of nothing so far."""
        if announced_anew:
            values |= {"announced": None, "announced_minor": None}
        return self.change(autopay_id, only_from=only_from, step=AutopayStep.PLAN.value, due_at=at, **values)

    def due(self, step: AutopayStep, limit: int) -> list[int]:
        """Those whose time has come for this step, the longest waiting first."""
        values = {"what": step.value, "by": now(), "most": limit}
        return list(self._connection.scalars(_DUE, values))

    def due_with_provider(
        self, step: AutopayStep, limit: int, *, without: Collection[str] = ()
    ) -> list[tuple[int, AutopayStep, str]]:
        """The same, each with the provider of its card, but for some; "" where the balance alone pays."""
        values = {"what": step.value, "by": now(), "most": limit}
        provider = func.coalesce(saved_cards.c.provider, "")
        query = DUE_CHARGES.where(provider.not_in(sorted(without))) if without else DUE_CHARGES
        rows = self._connection.execute(query, values)
        return [(row.id, AutopayStep(row.step), row.provider or "") for row in rows]

    def change(
        self, autopay_id: int, *, only_from: Collection[AutopayState] | None = None, **values: Any
    ) -> bool:
        """Write these columns; False when it was in none of those states any more."""
        query = update(autopays).where(autopays.c.id == autopay_id)
        if only_from is not None:
            query = query.where(autopays.c.state.in_([state.value for state in only_from]))
        changed = query.values(changed_at=now(), **values).returning(autopays.c.id)
        return self._connection.execute(changed).first() is not None


def _to_autopay(row: Row[Any]) -> Autopay:
    announced = row.announced_minor
    return Autopay(
        id=row.id,
        reference=row.reference,
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        connector_id=row.connector_id,
        amount=Money(row.minor, row.currency),
        interval=Interval(row.months, row.days),
        lead_days=row.lead_days,
        card_id=row.card_id,
        balance_first=row.balance_first,
        state=AutopayState(row.state),
        reason=row.reason,
        cycle=row.cycle,
        charge_on=row.charge_on,
        step=AutopayStep(row.step) if row.step else None,
        due_at=row.due_at,
        tries=row.tries,
        unsent=row.unsent,
        announced=row.announced,
        announced_amount=Money(announced, row.currency) if announced is not None else None,
        begun_by=row.begun_by,
        created_at=row.created_at,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
    )
