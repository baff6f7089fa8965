"""Questions that prove invoices and bank statements against the money; see `proof.py`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, or_, select

from bot.domain.invoices import InvoiceState
from bot.domain.statements import LineState
from bot.domain.states import EventFate, OrderState
from bot.storage.promises import UNDONE
from bot.storage.tables import events, invoice_numbers, invoices, orders, promises, statement_lines

_SETTLED = [state.value for state in (OrderState.PAID, OrderState.FULFILLED, OrderState.REFUNDED)]
_DONE = [state.value for state in (LineState.BOOKED, LineState.CONFIRMED, LineState.CLEARING)]
_BOOKED = [EventFate.BOOKED.value, EventFate.CLEARING.value]


def numbers() -> Select[Any]:
    """A year's numbers are as many as were drawn: none is missing and none was used twice."""
    written = (
        select(func.count())
        .where(func.substr(invoices.c.number, 5, 4) == cast(invoice_numbers.c.year, String))
        .scalar_subquery()
    )
    return select(invoice_numbers, written.label("written")).where(written != invoice_numbers.c.last)


def paid() -> Select[Any]:
    """An invoice is paid if and only if its order was."""
    is_paid = invoices.c.state == InvoiceState.PAID.value
    settled = orders.c.state.in_(_SETTLED)
    return (
        select(invoices.c.number, invoices.c.state, orders.c.state.label("order_state"))
        .join(orders, orders.c.id == invoices.c.order_id)
        .where(or_(and_(is_paid, ~settled), and_(~is_paid, settled)))
    )


def lines() -> Select[Any]:
    """A line that is done moved its sum by a booked event; one that nobody took up moved nothing."""
    done = statement_lines.c.state.in_(_DONE)
    as_told = and_(
        events.c.minor == statement_lines.c.minor,
        events.c.currency == statement_lines.c.currency,
        events.c.fate.in_(_BOOKED),
    )
    idle = statement_lines.c.state.in_([LineState.NEW.value, LineState.FOREIGN.value])
    wrong = case((done, ~func.coalesce(as_told, False)), (idle, as_told), else_=False)
    return (
        select(statement_lines.c.id, statement_lines.c.state)
        .outerjoin(events, events.c.id == statement_lines.c.event_id)
        .where(wrong)
    )


def shared() -> Select[Any]:
    """No two lines of the bank stand for one movement."""
    return (
        select(statement_lines.c.event_id, func.count().label("many"))
        .where(statement_lines.c.event_id.is_not(None))
        .group_by(statement_lines.c.event_id)
        .having(func.count() > 1)
    )


def promised() -> Select[Any]:
    """A promise that stands was booked with its very sum."""
    as_told = and_(events.c.minor == promises.c.minor, events.c.fate == EventFate.BOOKED.value)
    return (
        select(promises.c.id, promises.c.state)
        .outerjoin(events, events.c.id == promises.c.event_id)
        .where(promises.c.state != UNDONE, ~func.coalesce(as_told, False))
    )


QUESTIONS = (
    (numbers, lambda row: f"invoices of {row.year}: {row.last} numbers drawn, {row.written} written"),
    (paid, lambda row: f"invoice {row.number} is {row.state}, its order is {row.order_state}"),
    (lines, lambda row: f"statement line {row.id} ({row.state}): its event says otherwise"),
    (shared, lambda row: f"event {row.event_id}: {row.many} lines of statements stand for it"),
    (promised, lambda row: f"promise {row.id} ({row.state}): its event says otherwise"),
)
