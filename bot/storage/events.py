"""Movements of money that providers told of, each written down once."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from bot.domain.events import EventKind, Identity, Paid, Proof, Refunded
from bot.domain.money import Money
from bot.domain.payments import BookedEvent, Payment
from bot.domain.periods import now
from bot.domain.states import EventFate
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.tables import events

FORGET_AT_ONCE = 500
TOLD_BEFORE, TOLD_AFTER = timedelta(days=1), timedelta(days=7)
"""How far a network's clock and ours may lie apart, and how long it may go on telling of a payment."""

_BY_IDENTITY = prepared(
    select(events).where(
        events.c.provider == bindparam("provider"),
        events.c.kind == bindparam("kind"),
        events.c.movement == bindparam("movement"),
    )
)
_CLAIM = prepared(
    update(events)
    .where(
        events.c.provider == bindparam("from_provider"),
        events.c.kind == bindparam("of_kind"),
        events.c.movement == bindparam("of_movement"),
        events.c.fate == EventFate.FOREIGN.value,
        events.c.minor == bindparam("of_minor"),
        events.c.currency == bindparam("of_currency"),
    )
    .values(
        fate=bindparam("new_fate"),
        reference=bindparam("its_reference"),
        payment_id=bindparam("its_payment"),
    )
    .returning(events.c.id)
)


class Events:
    """The identity of a movement is unique, so money is booked once, whichever door told of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_sight(
        self,
        event: Paid | Refunded,
        *,
        fate: EventFate,
        payment_id: int | None = None,
        raw: bytes | None = None,
    ) -> int | None:
        """Write the movement down; its id, or None when it was known."""
        row = {
            "provider": event.identity.source,
            "kind": event.identity.kind.value,
            "movement": event.identity.movement,
            "reference": event.reference,
            "account": event.account if isinstance(event, Paid) else "",
            "provider_payment": event.provider_payment,
            "currency": event.amount.currency,
            "minor": event.amount.minor,
            "fate": fate.value,
            "payment_id": payment_id,
            "receipt": asdict(event.proof) if isinstance(event, Paid) else {},
            "raw": raw,
            "happened_at": event.happened_at,
            "seen_at": now(),
        }
        found = self._connection.execute(insert_new(self._connection, events), row).scalar_one_or_none()
        return int(found) if found is not None else None

    def claim(self, event: Paid, fate: EventFate, payment: Payment | None) -> int | None:
        """Take a movement that passed for foreign until this door told whose it is; None for any other."""
        values = {
            "from_provider": event.identity.source,
            "of_kind": event.identity.kind.value,
            "of_movement": event.identity.movement,
            "of_minor": event.amount.minor,
            "of_currency": event.amount.currency,
            "new_fate": fate.value,
            "its_reference": event.reference,
            "its_payment": payment.id if payment else None,
        }
        return self._connection.execute(_CLAIM, values).scalar_one_or_none()

    def claim_refunds(self, event: Paid, payment: Payment | None) -> list[BookedEvent]:
        """What went back of it while it passed for foreign, or for a hold that was let go; taken as well."""
        foreign = update(events).where(
            events.c.provider == event.provider,
            events.c.provider_payment == event.provider_payment,
            events.c.reference.in_(["", event.reference]),
            events.c.kind == EventKind.REFUNDED.value,
            events.c.fate == EventFate.FOREIGN.value,
        )
        claimed = foreign.values(
            fate=EventFate.BOOKED.value,
            reference=event.reference,
            payment_id=payment.id if payment else None,
        ).returning(events)
        return [to_event(row) for row in self._connection.execute(claimed)]

    def known(self, identity: Identity) -> BookedEvent | None:
        values = {"provider": identity.source, "kind": identity.kind.value, "movement": identity.movement}
        row = self._connection.execute(_BY_IDENTITY, values).one_or_none()
        return to_event(row) if row is not None else None

    def get(self, event_id: int) -> BookedEvent | None:
        row = self._connection.execute(select(events).where(events.c.id == event_id)).one_or_none()
        return to_event(row) if row is not None else None

    def paid_before(self, refund: Refunded) -> BookedEvent | None:
        """The movement that brought what this refund took back."""
        query = _movements(refund.provider, refund.reference, refund.provider_payment)
        query = query.where(events.c.kind == EventKind.PAID.value)
        row = self._connection.execute(query.limit(1)).one_or_none()
        return to_event(row) if row is not None else None

    def lock_paid(self, refund: Refunded) -> BookedEvent | None:
        """The movement that brought what this refund took back, held against who is about to assign it."""
        query = _movements(refund.provider, refund.reference, refund.provider_payment)
        query = query.where(events.c.kind == EventKind.PAID.value).with_for_update()
        row = self._connection.execute(query.limit(1)).one_or_none()
        return to_event(row) if row is not None else None

    def came_through(self, payment: Payment) -> bool:
        """Whether money came by the payment itself, not only by an operator's hand from elsewhere."""
        query = select(events.c.id).where(
            events.c.payment_id == payment.id,
            events.c.kind == EventKind.PAID.value,
            events.c.fate == EventFate.BOOKED.value,
            events.c.provider == payment.provider,
            events.c.provider_payment == payment.provider_payment,
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def paid_of(self, payment_id: int) -> BookedEvent | None:
        """The movement that brought a payment its money, whichever provider told of it."""
        query = select(events).where(
            events.c.payment_id == payment_id,
            events.c.kind == EventKind.PAID.value,
            events.c.fate == EventFate.BOOKED.value,
        )
        row = self._connection.execute(query.order_by(events.c.id).limit(1)).one_or_none()
        return to_event(row) if row is not None else None

    def returned(self, paid: BookedEvent) -> list[BookedEvent]:
        """What of it went back while it was nobody's."""
        query = _movements(paid.provider, paid.reference, paid.provider_payment).where(
            events.c.kind == EventKind.REFUNDED.value,
            events.c.fate == EventFate.BOOKED.value,
            events.c.payment_id.is_(None),
        )
        return [to_event(row) for row in self._connection.execute(query)]

    def move(self, event_id: int, *, to: EventFate, only_from: EventFate, payment_id: int | None) -> bool:
        """Change the fate unless somebody was first; True if this call changed it."""
        unmoved = update(events).where(events.c.id == event_id, events.c.fate == only_from.value)
        moved = unmoved.values(fate=to.value, payment_id=payment_id).returning(events.c.id)
        return self._connection.execute(moved).first() is not None

    def without_owner(self, since: datetime, amount: Money | None, limit: int = 5) -> list[BookedEvent]:
        """Money in suspense since that moment, the nearest candidates for "I have paid"."""
        query = select(events).where(events.c.seen_at >= since, events.c.fate == EventFate.SUSPENSE.value)
        if amount is not None:
            query = query.where(events.c.minor == amount.minor, events.c.currency == amount.currency)
        rows = self._connection.execute(query.order_by(events.c.seen_at.desc()).limit(limit))
        return [to_event(row) for row in rows]

    def came_by(self, provider: str, first: datetime, last: datetime) -> list[BookedEvent]:
        """Payments that a network took in that time by its own clock, and that were not cancelled.

        A network may tell of a payment for days; `seen_at` is what the index knows.
        """
        back = events.alias()
        cancelled = select(back.c.id).where(
            back.c.provider == provider,
            back.c.kind == EventKind.REFUNDED.value,
            back.c.movement == events.c.movement,
        )
        taken_at = func.coalesce(events.c.happened_at, events.c.seen_at)
        query = select(events).where(
            events.c.provider == provider,
            events.c.kind == EventKind.PAID.value,
            events.c.seen_at >= first - TOLD_BEFORE,
            events.c.seen_at < last + TOLD_AFTER,
            taken_at >= first,
            taken_at < last,
            ~cancelled.exists(),
        )
        return [to_event(row) for row in self._connection.execute(query.order_by(events.c.id))]

    def forget_raw(self, before: datetime) -> int:
        """Purge raw callbacks that are older than disputes need, some at a time; how many."""
        stale = (
            select(events.c.id)
            .where(events.c.seen_at < before, events.c.raw.is_not(None))
            .limit(FORGET_AT_ONCE)
            .scalar_subquery()
        )
        forget = update(events).where(events.c.id.in_(stale)).values(raw=None)
        return self._connection.execute(forget).rowcount


def _movements(provider: str, reference: str, provider_payment: str) -> Select[Any]:
    """All that happened to one payment at its provider, found by the reference of ours that it bears."""
    return select(events).where(
        events.c.reference == reference,
        events.c.provider == provider,
        events.c.provider_payment == provider_payment,
    )


def to_event(row: Row[Any]) -> BookedEvent:
    return BookedEvent(
        id=row.id,
        provider=row.provider,
        kind=row.kind,
        movement=row.movement,
        reference=row.reference,
        provider_payment=row.provider_payment,
        amount=Money(row.minor, row.currency),
        fate=EventFate(row.fate),
        payment_id=row.payment_id,
        proof=Proof(**row.receipt),
        seen_at=row.seen_at,
        account=row.account,
    )
