"""Questions that prove orders by a form: what was decided, paid and done agrees; see `proof.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from bot.domain.order_forms import FormState
from bot.domain.states import OrderState
from bot.storage.tables import order_forms, order_work, orders

_GIVEN_UP = [FormState.REJECTED.value, FormState.WITHDRAWN.value]


def _decided() -> Select[Any]:
    """A form and its order are in review together; what was given up can't be paid."""
    form_waits = order_forms.c.state == FormState.REVIEW.value
    order_waits = orders.c.state == OrderState.REVIEW.value
    given_up = order_forms.c.state.in_(_GIVEN_UP)
    return (
        select(order_forms.c.id, order_forms.c.state, orders.c.state.label("order_state"))
        .join(orders, orders.c.id == order_forms.c.order_id)
        .where(
            or_(
                and_(form_waits, ~order_waits),
                and_(~form_waits, order_waits),
                and_(given_up, orders.c.state != OrderState.CANCELLED.value),
            )
        )
    )


def _unread() -> Select[Any]:
    """No order waits for a review that nobody was asked for."""
    has_form = exists().where(order_forms.c.order_id == orders.c.id)
    return select(orders.c.id).where(orders.c.state == OrderState.REVIEW.value, ~has_form)


def _work() -> Select[Any]:
    """A paid order is worked on until it is fulfilled; one whose money went back may stop anywhere."""
    is_paid, refunded = orders.c.state == OrderState.PAID.value, orders.c.state == OrderState.REFUNDED.value
    is_open = and_(order_work.c.order_id.is_not(None), order_work.c.done_at.is_(None))
    is_done = order_work.c.done_at.is_not(None)
    return (
        select(orders.c.id, orders.c.state, order_work.c.stage, order_work.c.done_at)
        .select_from(orders)
        .outerjoin(order_work, order_work.c.order_id == orders.c.id)
        .where(
            or_(
                and_(is_paid, ~is_open),
                and_(is_open, ~is_paid, ~refunded),
                and_(is_done, orders.c.state != OrderState.FULFILLED.value, ~refunded),
            )
        )
    )


QUESTIONS: tuple[tuple[Callable[[], Select[Any]], Callable[[Any], str]], ...] = (
    (_decided, lambda row: f"form {row.id} ({row.state}): its order is {row.order_state}"),
    (_unread, lambda row: f"order {row.id}: in review without a form"),
    (
        _work,
        lambda row: (
            f"order {row.id} ({row.state}): its work is "
            f"{'done' if row.done_at else 'open' if row.stage is not None else 'not begun'}"
        ),
    ),
)
