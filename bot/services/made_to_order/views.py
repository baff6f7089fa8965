"""An order by a form as its customer looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.order_forms import OrderForm, OrderStep, OrderWork
from bot.domain.orders import Order
from bot.storage.order_forms import Listed
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class FormView:
    """A form or an order made without one, with all that its customer may know of it."""

    form: OrderForm | None
    order: Order | None
    work: OrderWork | None
    steps: tuple[OrderStep, ...] = ()

    @property
    def tariff(self) -> str:
        if self.form is not None:
            return self.form.tariff
        assert self.order is not None
        return self.order.lines[0].tariff


def view_of(tx: Tx, listed: Listed) -> FormView:
    form = tx.order_forms.get(listed.form_id) if listed.form_id is not None else None
    order = tx.orders.get(listed.order_id) if listed.order_id is not None else None
    if order is None:
        return FormView(form, None, None)
    return FormView(form, order, tx.order_work.get(order.id), tuple(tx.order_work.steps(order.id)))
