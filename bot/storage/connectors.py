"""Connectors, and the extensions that move their dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.autopays import NEEDS_NEW_TAP, AutopayReason, AutopayState, AutopayStep
from bot.domain.customers import Connector
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.domain.states import ExtensionCause
from bot.storage.autopays import STANDS
from bot.storage.insert import insert_new
from bot.storage.phones import ends_like
from bot.storage.prepared import prepared
from bot.storage.search import Search
from bot.storage.tables import autopays, connectors, extensions, order_forms, order_lines, payers

_EXTEND = prepared(
    update(connectors)
    .where(connectors.c.id == bindparam("connector_id"))
    .values(
        paid_until=bindparam("to_date"),
        anchor_day=bindparam("anchor"),
        bridged_from=bindparam("before_bridge"),
        bridged_since=bindparam("since"),
        sequence=connectors.c.sequence + 1,
    )
    .returning(connectors.c.sequence)
)
_BY_ID = prepared(select(connectors).where(connectors.c.id == bindparam("connector_id")))
_LOCKED = prepared(_BY_ID.with_for_update())
_NOTE_EXTENSION = prepared(insert(extensions))
_stands_for_it = and_(autopays.c.connector_id == bindparam("connector"), STANDS)
_goes_by_its_date = and_(autopays.c.state != AutopayState.PAUSED.value, autopays.c.due_at.is_not(None))
_waits_for_money = and_(
    autopays.c.state == AutopayState.PAUSED.value,
    or_(*(autopays.c.reason == reason.value for reason in sorted(set(AutopayReason) - NEEDS_NEW_TAP))),
)
_PLAN_ANEW = prepared(
    update(autopays)
    .where(_stands_for_it, _goes_by_its_date)
    .values(step=AutopayStep.PLAN.value, due_at=bindparam("at"))
)
_PLAN_AS_PAID = prepared(
    update(autopays)
    .where(_stands_for_it, or_(_goes_by_its_date, _waits_for_money))
    .values(
        step=AutopayStep.PLAN.value,
        due_at=bindparam("at"),
        state=case(
            (autopays.c.state == AutopayState.PAUSED.value, AutopayState.ACTIVE.value),
            else_=autopays.c.state,
        ),
        reason="",
    )
)


@dataclass(frozen=True, slots=True)
class Bridge:
    """Days that are lent since a day; `before` is the date that the connector had then."""

    before: date | None
    since: date


class Connectors:
    """What customers pay for. Paid-until is moved by `extend` alone.

    Every change counts the connector's sequence up and returns it, for whatever tells of the change.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, connector_id: str) -> Connector | None:
        row = self._connection.execute(_BY_ID, {"connector_id": connector_id}).one_or_none()
        return to_connector(row) if row else None

    def lock(self, connector_id: str) -> Connector | None:
        """The connector, held against every other unit until this one ends; payers are locked before."""
        row = self._connection.execute(_LOCKED, {"connector_id": connector_id}).one_or_none()
        return to_connector(row) if row else None

    def get_for_customer(self, connector_id: str, customer_id: int) -> Connector | None:
        query = of_customer(customer_id).where(connectors.c.id == connector_id)
        row = self._connection.execute(query).one_or_none()
        return to_connector(row) if row else None

    def list_for_customer(
        self,
        customer_id: int,
        *,
        search: str = "",
        without: Collection[str] = (),
        once: Collection[str] = (),
        limit: int,
        offset: int = 0,
    ) -> list[Connector]:
        """A page of a customer's connectors, those that end first on top.

        `without` those of some tariffs, and without what was paid for `once` and needs no more.
        """
        query = _found(customer_id, search, without, once)
        query = query.order_by(connectors.c.paid_until.is_(None), connectors.c.paid_until, connectors.c.id)
        return [to_connector(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def of_payer(self, payer_id: int) -> list[Connector]:
        """Everything a payer pays for."""
        query = select(connectors).where(connectors.c.payer_id == payer_id).order_by(connectors.c.id)
        return [to_connector(row) for row in self._connection.execute(query)]

    def any_paid(self, payer_id: int, on: date, without: Collection[str]) -> bool:
        """Whether any that this payer pays for, but for those tariffs, is paid for on that day."""
        query = _but(select(connectors.c.id).where(connectors.c.payer_id == payer_id), without)
        paid = query.where(connectors.c.paid_until >= on)
        return self._connection.execute(paid.limit(1)).first() is not None

    def count_for_customer(
        self,
        customer_id: int,
        *,
        search: str = "",
        without: Collection[str] = (),
        once: Collection[str] = (),
    ) -> int:
        owned = _found(customer_id, search, without, once).subquery()
        return int(self._connection.execute(select(func.count()).select_from(owned)).scalar_one())

    def ids_of_payer(self, payer_id: int) -> list[str]:
        """The ids of a payer's connectors."""
        query = select(connectors.c.id).where(connectors.c.payer_id == payer_id).order_by(connectors.c.id)
        return list(self._connection.scalars(query))

    def payers_of(self, connector_ids: Collection[str]) -> set[int | None]:
        """Who pays for these; None among them where one has no owner."""
        query = select(connectors.c.payer_id).where(connectors.c.id.in_(connector_ids))
        return set(self._connection.scalars(query))

    def add(self, connector: Connector) -> bool:
        """Make a connector; False when its id is taken."""
        values = {
            "id": connector.id,
            "kind": connector.kind,
            "title": connector.title,
            "tariff": connector.tariff,
            "payer_id": connector.payer_id,
            "phone": connector.phone,
            "email": connector.email,
            "created_at": now(),
        }
        made = self._connection.execute(insert_new(self._connection, connectors), values).first()
        if made is not None:
            self._keep_words(connector.id)
        return made is not None

    def ownerless_by_phone(self, phone: str) -> list[Connector]:
        """Connectors that name this number (E.164) and belong to nobody yet."""
        query = select(connectors).where(connectors.c.phone == phone, connectors.c.payer_id.is_(None))
        return [to_connector(row) for row in self._connection.execute(query)]

    def ownerless_by_email(self, email: str) -> list[Connector]:
        """Connectors that name this address and belong to nobody yet; large letters make no difference."""
        named = connectors.c.email.in_({email, email.lower()})
        query = select(connectors).where(named, connectors.c.payer_id.is_(None)).order_by(connectors.c.id)
        return [to_connector(row) for row in self._connection.execute(query)]

    def ownerless(self, search: str, *, limit: int) -> list[Connector]:
        """Connectors without an owner whose id, phone or title holds these words; the exact id on top."""
        found = or_(matches(search), ends_like(connectors.c.phone, search))
        query = select(connectors).where(connectors.c.payer_id.is_(None), found)
        query = query.order_by(connectors.c.id != search, connectors.c.id).limit(limit)
        return [to_connector(row) for row in self._connection.execute(query)]

    def attach(self, connector_id: str, payer_id: int) -> int | None:
        """Give an ownerless connector to a payer; None when somebody was first."""
        return self._change(connector_id, connectors.c.payer_id.is_(None), payer_id=payer_id)

    def detach(self, connector_id: str, payer_id: int) -> int | None:
        """Take a connector from its payer; None when it was not his any more."""
        return self._change(connector_id, connectors.c.payer_id == payer_id, payer_id=None)

    def give(self, connector_id: str, payer_id: int) -> int | None:
        """Make it this payer's, whosever it was: the seller knows better than the books."""
        return self._change(connector_id, payer_id=payer_id)

    def hand_over(self, connector_id: str, payer_id: int, *, to: int) -> int | None:
        """Let another payer pay for it; None when it was not this one's any more."""
        return self._change(connector_id, connectors.c.payer_id == payer_id, payer_id=to)

    def change(
        self, connector_id: str, *, kind: str, title: str, tariff: str, phone: str, email: str
    ) -> int | None:
        """Write what the seller says of it now; None where there is no such connector."""
        said = {"kind": kind, "title": title, "tariff": tariff, "phone": phone, "email": email}
        sequence = self._change(connector_id, **said)
        if sequence is not None:
            self._keep_words(connector_id)
        return sequence

    def count_change(self, connector_id: str) -> int:
        """Count something that is told of it, though no column of it changes."""
        return self._change(connector_id) or 0

    def extension_by(self, order_id: int, connector_id: str) -> tuple[date | None, date | None] | None:
        """From where and to where an order moved its date."""
        query = select(extensions.c.from_date, extensions.c.to_date).where(
            extensions.c.order_id == order_id, extensions.c.connector_id == connector_id
        )
        row = self._connection.execute(query).one_or_none()
        return (row.from_date, row.to_date) if row is not None else None

    def rested_since(self, order_id: int, connector_id: str) -> int:
        """By how many days suspensions have moved its date since that order did."""
        its = (extensions.c.order_id == order_id) & (extensions.c.connector_id == connector_id)
        by_order = select(func.min(extensions.c.id)).where(its).scalar_subquery()
        query = select(extensions.c.from_date, extensions.c.to_date).where(
            extensions.c.connector_id == connector_id,
            extensions.c.cause == ExtensionCause.SUSPENSION.value,
            extensions.c.id > by_order,
        )
        return sum((row.to_date - row.from_date).days for row in self._connection.execute(query))

    def bridge_before(self, order_id: int, connector_id: str, zone: ZoneInfo) -> Bridge | None:
        """The days that were lent when the order paid for them; None where there were none."""
        query = (
            select(extensions.c.from_date, extensions.c.cause, extensions.c.created_at)
            .where(extensions.c.connector_id == connector_id)
            .where(
                extensions.c.id
                < select(func.min(extensions.c.id))
                .where(extensions.c.order_id == order_id, extensions.c.connector_id == connector_id)
                .scalar_subquery()
            )
            .order_by(extensions.c.id.desc())
        )
        row = self._connection.execute(query.limit(1)).one_or_none()
        if row is None or row.cause != ExtensionCause.BRIDGE.value:
            return None
        return Bridge(row.from_date, row.created_at.astimezone(zone).date())

    def extend(
        self,
        connector: Connector,
        to_date: date | None,
        *,
        anchor_day: int | None,
        cause: ExtensionCause,
        order_id: int | None = None,
        note: str = "",
        bridge: Bridge | None = None,
    ) -> int:
        """Move paid-until and write down from where, to where and why; whatever was bridged is so no more.

        With a `bridge` these days are lent until money comes. The connector's autopay plans its charge anew.
        """
        row = {
            "connector_id": connector.id,
            "from_date": connector.paid_until,
            "to_date": to_date,
            "cause": cause.value,
            "order_id": order_id,
            "note": note,
            "created_at": now(),
        }
        self._connection.execute(_NOTE_EXTENSION, row)
        moved = {
            "connector_id": connector.id,
            "to_date": to_date,
            "anchor": anchor_day,
            "before_bridge": bridge.before if bridge else None,
            "since": bridge.since if bridge else None,
        }
        plan = _PLAN_AS_PAID if cause is ExtensionCause.ORDER else _PLAN_ANEW
        self._connection.execute(plan, {"connector": connector.id, "at": now()})
        return int(self._connection.execute(_EXTEND, moved).scalar_one())

    def _keep_words(self, connector_id: str) -> None:
        """So that operators find it by whatever it is called now."""
        Search(self._connection).note(RecordKind.CONNECTOR, [connector_id])

    def _change(self, connector_id: str, *only_if: ColumnElement[bool], **values: Any) -> int | None:
        query = update(connectors).where(connectors.c.id == connector_id, *only_if)
        counted = query.values(sequence=connectors.c.sequence + 1, **values)
        return self._connection.execute(counted.returning(connectors.c.sequence)).scalar_one_or_none()


_is_made = or_(
    connectors.c.paid_until.is_not(None),
    ~exists().where(
        order_lines.c.connector_id == connectors.c.id, order_forms.c.order_id == order_lines.c.order_id
    ),
)
"""What was ordered by a form and is not paid for yet stands among the orders alone."""


def of_customer(customer_id: int) -> Any:
    owned = and_(connectors.c.payer_id == payers.c.id, payers.c.customer_id == customer_id)
    return select(connectors).join(payers, owned)


def _found(customer_id: int, search: str, without: Collection[str], once: Collection[str]) -> Any:
    found = _but(of_customer(customer_id).where(matches(search), _is_made), without)
    if not once:
        return found
    is_lent = and_(connectors.c.bridged_since.is_not(None), connectors.c.bridged_from.is_(None))
    return found.where(
        or_(connectors.c.tariff.not_in(sorted(once)), connectors.c.paid_until.is_(None), is_lent)
    )


def _but(found: Any, without: Collection[str]) -> Any:
    return found.where(connectors.c.tariff.not_in(sorted(without))) if without else found


def matches(search: str) -> ColumnElement[bool]:
    return or_(
        connectors.c.title.icontains(search, autoescape=True),
        connectors.c.id.icontains(search, autoescape=True),
        connectors.c.phone.contains(search, autoescape=True),
    )


def to_connector(row: Row[Any]) -> Connector:
    return Connector(
        id=row.id,
        kind=row.kind,
        title=row.title,
        tariff=row.tariff,
        payer_id=row.payer_id,
        paid_until=row.paid_until,
        anchor_day=row.anchor_day,
        phone=row.phone,
        email=row.email,
        sequence=row.sequence,
        bridged_from=row.bridged_from,
        bridged_since=row.bridged_since,
    )
