"""The till's report, by day. Transfers are only added, so that a past day never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select

from bot.domain.invoices import OPEN_INVOICES, InvoiceKind
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.states import PaymentState, TransferReason
from bot.domain.takings import Declined, Flow, Taking
from bot.storage.index_words import among
from bot.storage.insert import insert_any
from bot.storage.tables import accounts, invoices, order_lines, payments, report_days, transfers

_NOTHING = "nothing"
"""Says of a day that was added up that there was no money; its other columns are empty."""
_SOURCE = "source:"
_WAS_REFUSED = among(payments.c.state, PaymentState.REFUSED)
_IS_UNPAID = among(invoices.c.state, *OPEN_INVOICES)


class TakingsBooks:
    """Sums alone; nothing here names a person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count_day(self, on: date, since: datetime, until: datetime) -> list[Taking]:
        """Add up what crossed the threshold between these moments: those of that day."""
        doors = self._doors()
        if not doors:
            return []
        moved = transfers.c
        # Sums, not columns: by the accounts' indexes all that ever came would be read for one day.
        came, went = (moved.from_account + 0).in_(doors), (moved.to_account + 0).in_(doors)
        query = (
            select(
                came.label("is_in"),
                case((came, moved.from_account), else_=moved.to_account).label("door"),
                moved.reason,
                func.coalesce(payments.c.method, "").label("method"),
                _tariff().label("tariff"),
                func.sum(moved.minor).label("minor"),
                func.count().label("movements"),
            )
            .select_from(transfers.outerjoin(payments, payments.c.id == moved.payment_id))
            .where(moved.created_at >= since, moved.created_at < until)
            .where(came | went, moved.reason != TransferReason.CLEARED.value)
            .group_by("is_in", "door", moved.reason, "method", "tariff")
        )
        return [_to_taking(on, row, doors[row.door]) for row in self._connection.execute(query)]

    def kept_days(self, first: date, last: date) -> set[date]:
        """Which days were added up before; their sums are not read."""
        query = select(report_days.c.day).distinct().where(report_days.c.day.between(first, last))
        return set(self._connection.scalars(query))

    def kept(self, days: Sequence[date]) -> dict[date, list[Taking]]:
        """The days among these that were added up before."""
        query = select(report_days).where(report_days.c.day >= days[0], report_days.c.day <= days[-1])
        found: dict[date, list[Taking]] = {}
        for row in self._connection.execute(query):
            takings = found.setdefault(row.day, [])
            if row.what != _NOTHING:
                amount = Money(row.minor, row.currency)
                takings.append(Taking(row.day, Flow(row.what), row.method, row.tariff, amount, row.movements))
        return found

    def keep(self, on: date, takings: Sequence[Taking]) -> None:
        """Remember a day that is over; whoever is second changes nothing."""
        rows: list[dict[str, Any]] = [
            {
                "day": on,
                "what": each.flow.value,
                "currency": each.amount.currency,
                "method": each.method,
                "tariff": each.tariff,
                "movements": each.movements,
                "minor": each.amount.minor,
            }
            for each in takings
        ]
        nothing = {
            "day": on,
            "what": _NOTHING,
            **dict.fromkeys(("currency", "method", "tariff"), ""),
            **dict.fromkeys(("movements", "minor"), 0),
        }
        query = insert_any(self._connection, report_days).on_conflict_do_nothing()
        self._connection.execute(query, rows or [nothing])

    def declined(self, since: datetime, until: datetime) -> list[Declined]:
        """Payments begun in that time that were refused; what was only not paid is none of them."""
        its = payments.c
        query = (
            select(its.currency, its.refusal, func.count())
            .where(_WAS_REFUSED, its.refusal != Refusal.LINK_EXPIRED.value)
            .where(its.created_at >= since, its.created_at < until)
            .group_by(its.currency, its.refusal)
        )
        return [Declined(*row) for row in self._connection.execute(query)]

    def owed(self) -> list[Money]:
        """Balances below zero, by currency; what is owed is shown as a positive sum."""
        its = accounts.c
        query = (
            select(its.currency, func.sum(-its.balance))
            .where(its.balance < literal_column("0"))
            .group_by(its.currency)
        )
        return [Money(int(minor), currency) for currency, minor in self._connection.execute(query)]

    def unpaid_bills(self) -> list[Money]:
        its = invoices.c
        query = select(its.currency, func.sum(its.minor)).where(
            its.kind == InvoiceKind.REGULAR.value, _IS_UNPAID
        )
        found = self._connection.execute(query.group_by(its.currency))
        return [Money(int(minor), currency) for currency, minor in found]

    def first_day(self) -> datetime | None:
        """When the first money moved."""
        query = select(transfers.c.created_at).order_by(transfers.c.created_at).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def _doors(self) -> dict[int, tuple[str, str]]:
        """Where money comes in and goes out: account, then provider and currency."""
        query = select(accounts.c.id, accounts.c.name, accounts.c.currency).where(
            accounts.c.payer_id.is_(None)
        )
        return {
            row.id: (row.name.removeprefix(_SOURCE), row.currency)
            for row in self._connection.execute(query)
            if row.name.startswith(_SOURCE)
        }


def _tariff() -> ColumnElement[Any]:
    """That of the order, where all its lines have one."""
    first, last = func.min(order_lines.c.tariff), func.max(order_lines.c.tariff)
    only = case((first == last, first), else_="")
    of_order = select(only).where(order_lines.c.order_id == transfers.c.order_id)
    return func.coalesce(of_order.correlate(transfers).scalar_subquery(), "")


def _to_taking(on: date, row: Any, door: tuple[str, str]) -> Taking:
    provider, currency = door
    flow = Flow.CAME
    if not row.is_in:
        flow = Flow.REFUNDED if row.reason == TransferReason.REFUNDED.value else Flow.TAKEN_BACK
    method = row.method or provider
    return Taking(on, flow, method, row.tariff, Money(int(row.minor), currency), row.movements)
