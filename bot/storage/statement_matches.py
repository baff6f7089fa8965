"""Invoices that lines of a statement may pay: a query for a whole part of a file, without reading papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Text,
    column,
    exists,
    func,
    or_,
    select,
    values,
)

from bot.domain.invoices import OPEN_INVOICES, InvoiceState
from bot.domain.money import Money
from bot.domain.statements import NOBODY, Candidate, LineState
from bot.storage.index_words import among
from bot.storage.tables import invoices, payers, statement_lines, statement_rows, statements

_lines = statement_lines.c
_COLUMNS = (
    invoices.c.id,
    invoices.c.number,
    invoices.c.state,
    invoices.c.order_id,
    invoices.c.currency,
    invoices.c.minor,
    invoices.c.buyer_tax_number,
)
_IS_OPEN = among(invoices.c.state, *OPEN_INVOICES)

_FIT = values(column("minor", BigInteger), column("tax_number", Text), name="fits")
"""Joined with, since SQLite uses no index for pairs that stand in a list."""

Fit = tuple[Money, str]
"""A sum and the tax number of who paid it."""

_FORMATS = select(func.count(statements.c.format.distinct()))


class StatementMatches:
    """Candidates are as of one moment: whoever books looks again in his own unit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_numbers(self, numbers: Collection[str]) -> dict[str, Candidate]:
        """Those of them that there are, whatever their state; of none it is known what was paid in part."""
        if not numbers:
            return {}
        query = select(*_COLUMNS).where(invoices.c.number.in_(sorted(numbers)))
        return {each.number: each for each in self._all(self._connection.execute(query))}

    def fitting(self, fits: Collection[Fit]) -> dict[Fit, list[Candidate]]:
        """Open invoices of these sums to buyers with these tax numbers."""
        found: dict[Fit, list[Candidate]] = {fit: [] for fit in fits}
        wanted = sorted({(amount.minor, tax_number) for amount, tax_number in fits if tax_number})
        if not wanted:
            return found
        fit = _FIT.data(wanted).cte("fits")
        same = (invoices.c.minor == fit.c.minor) & (invoices.c.buyer_tax_number == fit.c.tax_number)
        query = select(*_COLUMNS).join_from(fit, invoices, same).where(_IS_OPEN).order_by(invoices.c.id)
        for each in self._all(self._connection.execute(query)):
            found.setdefault((each.total, each.tax_number), []).append(each)
        return found

    def told_elsewhere(self, line_ids: Collection[int]) -> set[int]:
        """Those that a file of another format may have told of: the same account, day, sum and payer.

        Of two that nobody has decided about, only the later one is meant. Most sellers know one format alone.
        """
        if int(self._connection.execute(_FORMATS).scalar_one()) < 2:
            return set()
        other, row, file = statement_lines.alias(), statement_rows.alias(), statements.alias()
        theirs, their_file = statement_rows.alias(), statements.alias()
        formats = select(file.c.format).where(row.c.line_id == _lines.id, file.c.id == row.c.statement_id)
        formats = formats.correlate(statement_lines)
        told_by_another = (
            exists()
            .where(
                theirs.c.line_id == other.c.id,
                their_file.c.id == theirs.c.statement_id,
                their_file.c.format.not_in(formats),
            )
            .correlate(other, statement_lines)
        )
        same = [_lines[name] == other.c[name] for name in ("account", "booked_on", "minor", "currency")]
        maybe_same = [
            or_(_lines[name] == other.c[name], _lines[name].in_(NOBODY), other.c[name].in_(NOBODY))
            for name in ("payer_tax_number", "payer_account")
        ]
        earlier = or_(
            other.c.id < _lines.id, other.c.state.not_in([LineState.NEW.value, LineState.WAITING.value])
        )
        query = (
            select(_lines.id)
            .where(_lines.id.in_(line_ids), other.c.id != _lines.id, earlier, *same, *maybe_same)
            .where(told_by_another)
        )
        return set(self._connection.scalars(query.distinct()))

    def lock_payer_of(self, invoice_id: int) -> None:
        """Whose invoice it is, held until the unit ends; SQLite's writer thread needs no lock."""
        if self._connection.dialect.name != "sqlite":
            owner = select(invoices.c.payer_id).where(invoices.c.id == invoice_id).scalar_subquery()
            self._connection.execute(select(payers.c.id).where(payers.c.id == owner).with_for_update())

    def _all(self, rows: Iterable[Row[Any]]) -> Iterable[Candidate]:
        for row in rows:
            state, total = InvoiceState(row.state), Money(row.minor, row.currency)
            yield Candidate(row.id, row.number, state, total, total, row.buyer_tax_number, row.order_id)
