"""Questions that prove the bills of months: nothing charged is on two of them, and nothing on none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from bot.domain.billing import RunState
from bot.domain.invoices import InvoiceKind
from bot.storage.tables import billed, billing_runs, charges, invoices

_FORMED = select(billing_runs.c.month).where(billing_runs.c.state == RunState.FORMED.value)
_REGULAR = invoices.c.kind == InvoiceKind.REGULAR.value


def _sums() -> Select[Any]:
    """What was counted for a connector is the sum of its charges of that month."""
    charged = (
        select(func.coalesce(func.sum(charges.c.minor), 0))
        .where(
            charges.c.month == billed.c.month,
            charges.c.connector_id == billed.c.connector_id,
            charges.c.currency == billed.c.currency,
        )
        .scalar_subquery()
    )
    return select(billed, charged.label("charged")).where(billed.c.minor != charged)


def _left_out() -> Select[Any]:
    """No charge of a formed month is on nobody's bill."""
    counted = exists().where(
        billed.c.month == charges.c.month,
        billed.c.connector_id == charges.c.connector_id,
        billed.c.currency == charges.c.currency,
    )
    return (
        select(charges.c.month, charges.c.connector_id, func.count().label("records"))
        .where(charges.c.month.in_(_FORMED), ~counted)
        .group_by(charges.c.month, charges.c.connector_id)
    )


def _regular() -> Select[Any]:
    """A regular invoice of a month that was counted asks for what its payer's connectors used."""
    counted = (
        select(func.coalesce(func.sum(billed.c.minor), 0))
        .where(
            billed.c.month == invoices.c.month,
            billed.c.payer_id == invoices.c.payer_id,
            billed.c.currency == invoices.c.currency,
        )
        .scalar_subquery()
    )
    query = select(invoices.c.number, invoices.c.minor, counted.label("counted"))
    begun = invoices.c.month.in_(select(billing_runs.c.month))
    return query.where(_REGULAR, begun, invoices.c.minor != counted)


def _not_invoiced() -> Select[Any]:
    """Whoever used something in a formed month was sent an invoice of it."""
    sent = exists().where(
        and_(
            _REGULAR,
            invoices.c.month == billed.c.month,
            invoices.c.payer_id == billed.c.payer_id,
            invoices.c.currency == billed.c.currency,
        )
    )
    return (
        select(billed.c.month, billed.c.payer_id, billed.c.currency, func.sum(billed.c.minor).label("minor"))
        .where(billed.c.month.in_(_FORMED), ~sent)
        .group_by(billed.c.month, billed.c.payer_id, billed.c.currency)
        .having(func.sum(billed.c.minor) > 0)
    )


QUESTIONS: tuple[tuple[Callable[[], Select[Any]], Callable[[Any], str]], ...] = (
    (
        _sums,
        lambda row: (
            f"connector {row.connector_id}: {row.minor} {row.currency} billed for {row.month}, "
            f"its charges say {row.charged}"
        ),
    ),
    (
        _left_out,
        lambda row: f"connector {row.connector_id}: {row.records} charges of {row.month} are on no bill",
    ),
    (
        _regular,
        lambda row: f"invoice {row.number}: asks for {row.minor}, its connectors used {row.counted}",
    ),
    (
        _not_invoiced,
        lambda row: f"payer {row.payer_id}: no invoice of {row.minor} {row.currency} for {row.month}",
    ),
)
