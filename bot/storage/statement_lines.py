"""Lines of bank statements: what is to be done with each, and who decided it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select, update

from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.statements import Doubt, KeptLine, LineState, StatementLine
from bot.storage.index_words import among
from bot.storage.statements import LOADED
from bot.storage.tables import statement_lines, statement_rows, statements

_lines = statement_lines.c
_UNDECIDED = among(_lines.state, LineState.NEW, LineState.WAITING)

_OF_LOADED_FILES = exists().where(
    statement_rows.c.line_id == _lines.id,
    statements.c.id == statement_rows.c.statement_id,
    statements.c.state == LOADED,
)
_IS_NEW = (_UNDECIDED, _lines.state == LineState.NEW.value, _OF_LOADED_FILES)
_IS_SURE = or_(_lines.invoice_id.is_not(None), _lines.provider != "")
_JUDGE = (
    update(statement_lines)
    .where(_lines.id == bindparam("of_line"), _lines.state == LineState.NEW.value)
    .values(
        state=bindparam("to_state"),
        invoice_id=bindparam("to_invoice"),
        provider=bindparam("by_provider"),
        why=bindparam("because"),
    )
)


class StatementLines:
    """States change by compare-and-set: the second who decides about a line finds it decided."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, line_id: int) -> KeptLine | None:
        return self._one(select(statement_lines).where(_lines.id == line_id))

    def lock(self, line_id: int) -> KeptLine | None:
        """The line, held until the unit ends; it is locked before its payer."""
        return self._one(select(statement_lines).where(_lines.id == line_id).with_for_update())

    def payer_account(self, event_id: int) -> str:
        """The account that the money of this movement came from; "" where no statement tells."""
        query = select(_lines.payer_account).where(_lines.event_id == event_id).limit(1)
        return self._connection.execute(query).scalar_one_or_none() or ""

    def unseen(self, after: int, limit: int) -> list[KeptLine]:
        """New lines that nobody looked at, in the order they were kept."""
        query = select(statement_lines).where(*_IS_NEW, ~_IS_SURE, _lines.id > after)
        return self._all(query.order_by(_lines.id).limit(limit))

    def sure(self, after: int, limit: int) -> list[int]:
        """New lines that were found sure and are not booked yet."""
        query = select(_lines.id).where(*_IS_NEW, _IS_SURE, _lines.id > after)
        return list(self._connection.execute(query.order_by(_lines.id).limit(limit)).scalars())

    def judge(self, verdicts: Sequence[tuple[int, LineState, int | None, str, str]]) -> None:
        """Write down of new lines: which state, invoice, provider, and why."""
        names = ("of_line", "to_state", "to_invoice", "by_provider", "because")
        rows = [dict(zip(names, (v[0], v[1].value, *v[2:]), strict=True)) for v in verdicts]
        if rows:
            self._connection.execute(_JUDGE, rows)

    def of_day(self, day: date) -> list[tuple[LineState, Money, int]]:
        """What the bank booked on that day, added up by what became of it; with how many lines."""
        query = select(_lines.state, _lines.currency, func.sum(_lines.minor), func.count())
        its = query.where(_lines.booked_on == day, _OF_LOADED_FILES).group_by(_lines.state, _lines.currency)
        return [
            (LineState(state), Money(int(minor), currency), count)
            for state, currency, minor, count in self._connection.execute(its)
        ]

    def move(
        self, line_id: int, *, to: LineState, only_from: LineState, by: int | None = None, **found: Any
    ) -> bool:
        """Change the state unless somebody was first; `found` are its invoice, event, provider or doubt."""
        unmoved = update(statement_lines).where(_lines.id == line_id, _lines.state == only_from.value)
        moved = unmoved.values(state=to.value, decided_by=by, decided_at=now(), **found)
        return self._connection.execute(moved.returning(_lines.id)).first() is not None

    def sign(self, line_id: int, who: int) -> None:
        """Whoever decided it; the first to do so, since the line is locked."""
        self._connection.execute(update(statement_lines).where(_lines.id == line_id).values(decided_by=who))

    def doubt(self, line_id: int, doubt: Doubt) -> None:
        """Why it waits now, whatever it was before."""
        change = update(statement_lines).where(_lines.id == line_id)
        self._connection.execute(change.values(why=doubt.value, decided_by=None))

    def count_waiting(self, upto: int | None = None) -> int:
        """How many lines wait for a person; with `upto` those up to that line."""
        query = select(func.count()).where(_UNDECIDED, _lines.state == LineState.WAITING.value)
        if upto is not None:
            query = query.where(_lines.id <= upto)
        return int(self._connection.execute(query).scalar_one())

    def waiting_beside(self, line_id: int, *, back: bool = False) -> KeptLine | None:
        """The next line that waits, or the one before; None at the end."""
        query = select(statement_lines).where(_UNDECIDED, _lines.state == LineState.WAITING.value)
        if back:
            query = query.where(_lines.id < line_id).order_by(_lines.id.desc())
        else:
            query = query.where(_lines.id > line_id).order_by(_lines.id)
        return self._one(query.limit(1))

    def booked(self, statement_id: int) -> list[int]:
        """Lines of a file that were booked to somebody or set aside by hand: what can be undone."""
        done = (LineState.BOOKED.value, LineState.CONFIRMED.value, LineState.FOREIGN.value)
        query = select(_lines.id).join(statement_rows, statement_rows.c.line_id == _lines.id)
        query = query.where(statement_rows.c.statement_id == statement_id, _lines.state.in_(done))
        return list(self._connection.execute(query.order_by(_lines.id)).scalars())

    def _one(self, query: Select[Any]) -> KeptLine | None:
        row = self._connection.execute(query).one_or_none()
        return _to_line(row) if row is not None else None

    def _all(self, query: Select[Any]) -> list[KeptLine]:
        return [_to_line(row) for row in self._connection.execute(query)]


def _to_line(row: Row[Any]) -> KeptLine:
    line = StatementLine(
        account=row.account,
        booked_on=row.booked_on,
        number=row.number,
        amount=Money(row.minor, row.currency),
        payer_name=row.payer_name,
        payer_tax_number=row.payer_tax_number,
        payer_account=row.payer_account,
        purpose=row.purpose,
    )
    return KeptLine(
        id=row.id,
        key=row.key,
        line=line,
        state=LineState(row.state),
        invoice_id=row.invoice_id,
        event_id=row.event_id,
        provider=row.provider,
        why=row.why,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
