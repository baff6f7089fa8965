"""Two payers become one: what the one had goes to the other, and its payment code leads there for ever."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, and_, delete, exists, or_, select, update

from bot.domain.billing import RunState
from bot.domain.invoices import InvoiceKind
from bot.domain.suspensions import SuspensionState
from bot.storage.autopays import STANDS
from bot.storage.tables import (
    arrears,
    autopays,
    billed,
    billing_runs,
    connectors,
    email_codes,
    invoices,
    order_forms,
    orders,
    payers,
    payments,
    suspensions,
)

_MOVED: tuple[Table, ...] = (orders, payments, autopays, suspensions, order_forms)
"""Rows of the payer's that name his customer as well."""

_LASTS = [SuspensionState.PLANNED.value, SuspensionState.RUNNING.value]


class PayerJoins:
    """A test compares `touched` with every table that names a payer; balances move by the ledger alone."""

    touched = frozenset(
        {"accounts", *(table.name for table in (*_MOVED, connectors, email_codes, billed, invoices))}
    )

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def clash(self, dropped: int, kept: int) -> str:
        """What both have, of which only one may be: "autopay", "suspension"; "" where nothing is."""
        if self._both(autopays, autopays.c.currency, dropped, kept, _of_balance()):
            return "autopay"
        if self._both(suspensions, suspensions.c.state, dropped, kept, _of_account(), any_value=True):
            return "suspension"
        return ""

    def is_forming(self) -> bool:
        """Whether a month's bills are being formed just now."""
        query = select(billing_runs.c.month).where(billing_runs.c.state != RunState.FORMED.value)
        return self._connection.execute(query.limit(1)).first() is not None

    def has_autopays(self, payer_id: int) -> bool:
        query = select(autopays.c.id).where(autopays.c.payer_id == payer_id, STANDS)
        return self._connection.execute(query.limit(1)).first() is not None

    def join(self, dropped: int, kept: int, customer_id: int) -> None:
        """All that is the one's becomes the other's, and that customer's; money is moved before."""
        self._hand_over_bills(dropped, kept, customer_id)
        self._of_owed(dropped, customer_id)
        for table in _MOVED:
            his = update(table).where(table.c.payer_id == dropped)
            self._connection.execute(his.values(payer_id=kept, customer_id=customer_id))
        lines = update(connectors).where(connectors.c.payer_id == dropped)
        self._connection.execute(lines.values(payer_id=kept, sequence=connectors.c.sequence + 1))
        self._connection.execute(delete(email_codes).where(email_codes.c.payer_id == dropped))
        one = update(payers).where(or_(payers.c.id == dropped, payers.c.joined_into == dropped))
        self._connection.execute(one.values(joined_into=kept, customer_id=customer_id))

    def _hand_over_bills(self, dropped: int, kept: int, customer_id: int) -> None:
        """Months that both were billed for stay as they were billed: there is one regular invoice a month."""
        his = update(invoices).where(invoices.c.payer_id == dropped)
        self._connection.execute(his.values(customer_id=customer_id))
        mine, other = invoices.alias(), billed.alias()
        billed_too = or_(
            exists().where(mine.c.payer_id == kept, mine.c.month == invoices.c.month, mine.c.month != ""),
            exists().where(other.c.payer_id == kept, other.c.month == invoices.c.month),
        )
        is_regular = invoices.c.kind == InvoiceKind.REGULAR.value
        self._connection.execute(his.where(~and_(is_regular, billed_too)).values(payer_id=kept))
        left = select(invoices.c.month).where(invoices.c.payer_id == dropped, is_regular)
        counted = update(billed).where(billed.c.payer_id == dropped, billed.c.month.not_in(left))
        self._connection.execute(counted.values(payer_id=kept))

    def _of_owed(self, dropped: int, customer_id: int) -> None:
        lines = select(connectors.c.id).where(connectors.c.payer_id == dropped)
        owed = update(arrears).where(arrears.c.connector_id.in_(lines), arrears.c.ended_at.is_(None))
        self._connection.execute(owed.values(customer_id=customer_id))

    def _both(
        self, table: Table, column: Any, dropped: int, kept: int, which: Any, *, any_value: bool = False
    ) -> bool:
        rows = select(table.c.payer_id, column).where(table.c.payer_id.in_([dropped, kept]), which)
        found: dict[int, set[str]] = {dropped: set(), kept: set()}
        for payer_id, value in self._connection.execute(rows):
            found[payer_id].add("" if any_value else value)
        return bool(found[dropped] & found[kept])


def _of_balance() -> Any:
    return and_(autopays.c.connector_id.is_(None), STANDS)


def _of_account() -> Any:
    return and_(suspensions.c.connector_id.is_(None), suspensions.c.state.in_(_LASTS))
