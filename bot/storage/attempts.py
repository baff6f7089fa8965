"""Attempts: calls that move money at a provider, written before they are made."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, select, update

from bot.domain.autopays import Autopay
from bot.domain.money import Money
from bot.domain.payments import Attempt
from bot.domain.periods import now
from bot.domain.states import AttemptKind, AttemptState
from bot.storage.index_words import among
from bot.storage.prepared import prepared
from bot.storage.tables import attempts, autopays

# Written out, not bound: only so do both databases see that a partial index fits.
_IS_CHARGE_SENT = and_(
    among(attempts.c.kind, AttemptKind.CHARGE),
    among(attempts.c.state, AttemptState.SENT),
)
_CHARGES_IN = prepared(
    select(attempts)
    .where(attempts.c.autopay_id == bindparam("autopay"), attempts.c.cycle == bindparam("paid_for"))
    .order_by(attempts.c.number)
)


class Attempts:
    """Created, then sent in a commit before the call, then known."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        reference: str,
        kind: AttemptKind,
        payment_id: int,
        order_id: int | None,
        amount: Money,
        reason: str,
        autopay_id: int | None = None,
        cycle: str = "",
        number: int = 0,
    ) -> int:
        row = {
            "reference": reference,
            "kind": kind.value,
            "payment_id": payment_id,
            "order_id": order_id,
            "currency": amount.currency,
            "minor": amount.minor,
            "state": AttemptState.CREATED.value,
            "reason": reason,
            "autopay_id": autopay_id,
            "cycle": cycle,
            "number": number,
            "created_at": now(),
        }
        return int(self._connection.execute(insert(attempts).returning(attempts.c.id), row).scalar_one())

    def get(self, attempt_id: int) -> Attempt | None:
        row = self._connection.execute(select(attempts).where(attempts.c.id == attempt_id)).one_or_none()
        return to_attempt(row) if row is not None else None

    def by_reference(self, reference: str) -> Attempt | None:
        row = self._connection.execute(
            select(attempts).where(attempts.c.reference == reference)
        ).one_or_none()
        return to_attempt(row) if row is not None else None

    def on_its_way(self, payment_id: int, amount: Money) -> Attempt | None:
        """The refund of this amount through a payment whose end is not known yet."""
        query = select(attempts).where(
            attempts.c.payment_id == payment_id,
            attempts.c.kind == AttemptKind.REFUND.value,
            attempts.c.state != AttemptState.KNOWN.value,
            attempts.c.currency == amount.currency,
            attempts.c.minor == amount.minor,
        )
        row = self._connection.execute(query.order_by(attempts.c.id).limit(1)).one_or_none()
        return to_attempt(row) if row is not None else None

    def charges_in(self, autopay_id: int, cycle: str) -> list[Attempt]:
        """The calls that an autopay has made for this cycle, the first first."""
        values = {"autopay": autopay_id, "paid_for": cycle}
        return [to_attempt(row) for row in self._connection.execute(_CHARGES_IN, values)]

    def has_charges(self, autopay_id: int) -> bool:
        """Whether an autopay has made any call, for whatever cycle."""
        query = select(attempts.c.id).where(attempts.c.autopay_id == autopay_id)
        return self._connection.execute(query.limit(1)).first() is not None

    def charges_sent_before(self, moment: datetime, limit: int) -> list[Attempt]:
        """Calls of autopays whose end is not known, of those that were made before then."""
        query = select(attempts).where(_IS_CHARGE_SENT, attempts.c.sent_at < moment)
        rows = self._connection.execute(query.order_by(attempts.c.sent_at).limit(limit))
        return [to_attempt(row) for row in rows]

    def is_being_charged(self, autopay: Autopay) -> bool:
        """Whether a charge for the same thing is under way, be it of another cycle or an ended autopay."""
        same = autopays.c.connector_id == autopay.connector_id
        if autopay.connector_id is None:
            is_account = autopays.c.connector_id.is_(None) & (autopays.c.payer_id == autopay.payer_id)
            same = is_account & (autopays.c.currency == autopay.amount.currency)
        joined = attempts.join(autopays, autopays.c.id == attempts.c.autopay_id)
        query = select(attempts.c.id).select_from(joined).where(_IS_CHARGE_SENT, same)
        return self._connection.execute(query.limit(1)).first() is not None

    def charge_of(self, payment_id: int) -> Attempt | None:
        """The newest call that was to take a payment's money by a saved card."""
        query = select(attempts).where(
            attempts.c.payment_id == payment_id, attempts.c.kind == AttemptKind.CHARGE.value
        )
        row = self._connection.execute(query.order_by(attempts.c.id.desc()).limit(1)).one_or_none()
        return to_attempt(row) if row is not None else None

    def sent(self, attempt_id: int, *, ask_at: datetime | None) -> bool:
        """Mark it before the call is made; False when another hand was first.

        `ask_at` is None for a charge: its payment is asked after instead.
        """
        created = update(attempts).where(
            attempts.c.id == attempt_id, attempts.c.state == AttemptState.CREATED.value
        )
        marked = created.values(state=AttemptState.SENT.value, sent_at=now(), next_ask_at=ask_at)
        return self._connection.execute(marked.returning(attempts.c.id)).first() is not None

    def not_sent(self, attempt_id: int, *, ask_at: datetime) -> None:
        """Take the mark back: the call was never made, so it may be made at that time."""
        sent = update(attempts).where(
            attempts.c.id == attempt_id, attempts.c.state == AttemptState.SENT.value
        )
        self._connection.execute(
            sent.values(state=AttemptState.CREATED.value, sent_at=None, next_ask_at=ask_at)
        )

    def begun(self, attempt_id: int, movement: str) -> None:
        """Keep the number under which the provider works on it."""
        open_ = update(attempts).where(
            attempts.c.id == attempt_id, attempts.c.state != AttemptState.KNOWN.value
        )
        self._connection.execute(open_.values(movement=movement))

    def known(self, attempt_id: int, *, outcome: str, movement: str = "") -> bool:
        """Keep the final answer; False when it was known already."""
        open_ = update(attempts).where(
            attempts.c.id == attempt_id, attempts.c.state != AttemptState.KNOWN.value
        )
        marked = open_.values(
            state=AttemptState.KNOWN.value,
            outcome=outcome,
            movement=movement,
            known_at=now(),
            next_ask_at=None,
        )
        return self._connection.execute(marked.returning(attempts.c.id)).first() is not None

    def take_due(self, kind: AttemptKind, limit: int, lease: timedelta) -> list[Attempt]:
        """Attempts to make or to ask after now; they are left alone for the lease."""
        due = select(attempts.c.id).where(attempts.c.next_ask_at <= now(), attempts.c.kind == kind.value)
        taken = due.order_by(attempts.c.next_ask_at).limit(limit).with_for_update(skip_locked=True)
        query = update(attempts).where(attempts.c.id.in_(taken.scalar_subquery()))
        query = query.values(next_ask_at=now() + lease, asked=attempts.c.asked + 1)
        return [to_attempt(row) for row in self._connection.execute(query.returning(attempts))]

    def ask_at(self, attempt_id: int, moment: datetime | None) -> None:
        """When to ask next; None: nobody will, a person decides."""
        query = update(attempts).where(
            attempts.c.id == attempt_id, attempts.c.state != AttemptState.KNOWN.value
        )
        self._connection.execute(query.values(next_ask_at=moment))


def to_attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        id=row.id,
        reference=row.reference,
        kind=AttemptKind(row.kind),
        payment_id=row.payment_id,
        order_id=row.order_id,
        amount=Money(row.minor, row.currency),
        state=AttemptState(row.state),
        reason=row.reason,
        outcome=row.outcome,
        movement=row.movement,
        asked=row.asked,
        sent_at=row.sent_at,
        created_at=row.created_at,
        autopay_id=row.autopay_id,
        cycle=row.cycle,
        number=row.number,
    )
