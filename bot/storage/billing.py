"""The months that are billed: how far each has come, and whose bill every connector's sum is on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, exists, func, insert, literal, select, update

from bot.domain.billing import Bill, BillLine, Run, RunState, Used
from bot.domain.invoices import InvoiceKind
from bot.domain.money import Money
from bot.domain.periods import now
from bot.storage.charges import BEGINNING_A_MONTH
from bot.storage.insert import insert_new
from bot.storage.tables import billed, billing_runs, charges, connectors, invoices

MOST_LINES = 300
"""On one invoice; a payer with more connectors gets a line for each tariff, his usage detail has them all."""


class Billing:
    """Months are begun in their order, so all up to the last one begun are closed to new charges.

    Every step says from where it goes on; whoever finds that another was first has changed nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, month: str) -> Run | None:
        query = select(billing_runs).where(billing_runs.c.month == month)
        row = self._connection.execute(query).one_or_none()
        return _to_run(row) if row is not None else None

    def last(self, limit: int) -> list[Run]:
        """The newest first."""
        query = select(billing_runs).order_by(billing_runs.c.month.desc()).limit(limit)
        return [_to_run(row) for row in self._connection.execute(query)]

    def first_charged(self, after: str, before: str) -> str | None:
        """The first month between these two that anything was charged in."""
        between = select(func.min(charges.c.month)).where(charges.c.month > after, charges.c.month < before)
        month: str | None = self._connection.execute(between).scalar_one()
        return month

    def hold(self) -> None:
        """Let nobody charge anything until this unit ends; what was charged before is seen from here on."""
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(select(func.pg_advisory_xact_lock(BEGINNING_A_MONTH)))

    def begin(self, month: str, state: RunState) -> bool:
        """Close a month to charges, which are held; False when somebody was first."""
        moment = now()
        row = {"month": month, "state": state.value, "started_at": moment}
        if state is RunState.FORMED:
            row["ended_at"] = moment
        return self._connection.execute(insert_new(self._connection, billing_runs), row).first() is not None

    def move(self, run: Run, **changes: Any) -> bool:
        """Note how far it has come, unless somebody was first; `changes` are columns of the run."""
        as_it_was = update(billing_runs).where(
            billing_runs.c.month == run.month,
            billing_runs.c.state == run.state.value,
            billing_runs.c.last_connector == run.last_connector,
            billing_runs.c.last_payer == run.last_payer,
        )
        moved = self._connection.execute(as_it_was.values(**changes).returning(billing_runs.c.month))
        return moved.first() is not None

    def used(self, month: str, *, after: str, limit: int) -> list[Used]:
        """What the next connectors used in that month."""
        some = (
            select(charges.c.connector_id)
            .where(charges.c.month == month, charges.c.connector_id > after)
            .distinct()
            .order_by(charges.c.connector_id)
            .limit(limit)
        )
        query = (
            select(
                charges.c.connector_id,
                charges.c.currency,
                func.count().label("records"),
                func.coalesce(func.sum(charges.c.duration_s), 0).label("seconds"),
                func.sum(charges.c.minor).label("minor"),
            )
            .where(charges.c.month == month, charges.c.connector_id.in_(some.scalar_subquery()))
            .group_by(charges.c.connector_id, charges.c.currency)
            .order_by(charges.c.connector_id, charges.c.currency)
        )
        return [
            Used(row.connector_id, row.currency, row.records, int(row.seconds), int(row.minor))
            for row in self._connection.execute(query)
        ]

    def bill(self, month: str, used: Sequence[Used], currencies: Collection[str]) -> None:
        """Put each sum on the bill of whoever pays for the connector now, if its currency can be billed."""
        ids = sorted({each.connector_id for each in used})
        owners = select(connectors.c.id, connectors.c.payer_id).where(connectors.c.id.in_(ids))
        payers = {row.id: row.payer_id for row in self._connection.execute(owners)}
        rows = [
            {
                "month": month,
                "connector_id": each.connector_id,
                "currency": each.currency,
                "payer_id": payers[each.connector_id],
                "records": each.records,
                "seconds": each.seconds,
                "minor": each.minor,
            }
            for each in used
            if each.currency in currencies and payers[each.connector_id] is not None
        ]
        if rows:
            self._connection.execute(insert(billed), rows)

    def unbilled(self, month: str, *, since: str, limit: int) -> list[tuple[int, str]]:
        """Charges that are on no bill, from that connector on: their ids and connectors."""
        on_a_bill = exists().where(
            billed.c.month == month,
            billed.c.connector_id == charges.c.connector_id,
            billed.c.currency == charges.c.currency,
        )
        query = (
            select(charges.c.id, charges.c.connector_id)
            .where(charges.c.month == month, charges.c.connector_id >= since, ~on_a_bill)
            .order_by(charges.c.connector_id, charges.c.started_at, charges.c.id)
            .limit(limit)
        )
        return [(row.id, row.connector_id) for row in self._connection.execute(query)]

    def carry(self, ids: Sequence[int], month: str, *, to: str) -> int:
        """Leave these charges to another month's bill; how many were still in this one."""
        still_here = update(charges).where(charges.c.id.in_(ids), charges.c.month == month)
        return self._connection.execute(still_here.values(month=to)).rowcount

    def carry_bill(self, month: str, payer_id: int, currency: str, *, to: str) -> None:
        """Take what was counted for a payer off this month again, and leave it to another one."""
        mine = and_(billed.c.month == month, billed.c.payer_id == payer_id, billed.c.currency == currency)
        theirs = charges.c.connector_id.in_(select(billed.c.connector_id).where(mine))
        here = update(charges).where(charges.c.month == month, charges.c.currency == currency, theirs)
        carried = self._connection.execute(here.values(month=to)).rowcount
        self._connection.execute(delete(billed).where(mine))
        run = update(billing_runs).where(billing_runs.c.month == month)
        less = {"carried": billing_runs.c.carried + carried, "total": billing_runs.c.total - 1}
        self._connection.execute(run.values(less))

    def count_bills(self, month: str) -> int:
        """How many invoices a counted month comes to."""
        bills = _sums(month).subquery()
        return int(self._connection.execute(select(func.count()).select_from(bills)).scalar_one())

    def bills(self, month: str, *, after: int, limit: int) -> list[Bill]:
        """The bills of the next payers, each with a line for every connector, or for every tariff of many."""
        some = _next_payers(month, after, limit)
        query = _sums(month).where(billed.c.payer_id.in_(some.scalar_subquery()))
        found = self._connection.execute(query.order_by(billed.c.payer_id, billed.c.currency)).all()
        return [Bill(row.payer_id, row.currency, self._lines(month, row)) for row in found]

    def last_payer(self, month: str, *, after: int, limit: int) -> int | None:
        """The last of the next so many payers that anything was counted for."""
        some = _next_payers(month, after, limit).subquery()
        last: int | None = self._connection.execute(select(func.max(some.c.payer_id))).scalar_one()
        return last

    def invoiced(self, month: str) -> list[Money]:
        """What its regular invoices come to, by currency."""
        query = (
            select(invoices.c.currency, func.sum(invoices.c.minor).label("minor"))
            .where(invoices.c.kind == InvoiceKind.REGULAR.value, invoices.c.month == month)
            .group_by(invoices.c.currency)
            .order_by(invoices.c.currency)
        )
        return [Money(int(row.minor), row.currency) for row in self._connection.execute(query)]

    def _lines(self, month: str, bill: Row[Any]) -> tuple[BillLine, ...]:
        theirs = billed.join(connectors, connectors.c.id == billed.c.connector_id)
        mine = (billed.c.month == month, billed.c.payer_id == bill.payer_id)
        sums = (billed.c.records, billed.c.seconds, billed.c.minor)
        if bill.connectors > MOST_LINES:
            query = select(
                literal("").label("title"),
                connectors.c.tariff,
                func.count().label("connectors"),
                *(func.sum(column).label(column.name) for column in sums),
            ).group_by(connectors.c.tariff)
        else:
            query = select(
                connectors.c.title, connectors.c.tariff, literal(0).label("connectors"), *sums
            ).order_by(connectors.c.title, connectors.c.id)
        charged = (billed.c.currency == bill.currency, billed.c.minor > 0)
        rows = self._connection.execute(query.select_from(theirs).where(*mine, *charged))
        return tuple(_to_line(row, bill.currency) for row in rows)


def _next_payers(month: str, after: int, limit: int) -> Select[Any]:
    """Those that anything was counted for."""
    some = select(billed.c.payer_id).where(billed.c.month == month, billed.c.payer_id > after)
    return some.distinct().order_by(billed.c.payer_id).limit(limit)


def _sums(month: str) -> Select[Any]:
    """By payer and currency, where there is something to pay."""
    return (
        select(
            billed.c.payer_id,
            billed.c.currency,
            func.sum(billed.c.minor).label("minor"),
            func.count().label("connectors"),
        )
        .where(billed.c.month == month)
        .group_by(billed.c.payer_id, billed.c.currency)
        .having(func.sum(billed.c.minor) > 0)
    )


def _to_line(row: Row[Any], currency: str) -> BillLine:
    return BillLine(
        title=row.title,
        tariff=row.tariff,
        connectors=row.connectors,
        records=int(row.records),
        seconds=int(row.seconds),
        amount=Money(int(row.minor), currency),
    )


def _to_run(row: Row[Any]) -> Run:
    return Run(
        month=row.month,
        state=RunState(row.state),
        last_connector=row.last_connector,
        counted=row.counted,
        carried=row.carried,
        last_payer=row.last_payer,
        formed=row.formed,
        total=row.total,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
