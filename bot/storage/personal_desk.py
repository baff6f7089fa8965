"""What forms, talk and search hold of a person: read with the rest of it, and destroyed with him."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, or_, select, update

from bot.storage.tables import (
    connectors,
    form_answers,
    order_forms,
    order_steps,
    orders,
    refund_requests,
    search_words,
)


def of_his_orders(customer_id: int) -> list[tuple[Table, Any]]:
    """The rows that name him by a form or an order of his, each table with the condition for them."""
    forms = select(order_forms.c.id).where(order_forms.c.customer_id == customer_id)
    his_orders = select(orders.c.id).where(orders.c.customer_id == customer_id)
    return [
        (form_answers, form_answers.c.form_id.in_(forms)),
        (order_steps, order_steps.c.order_id.in_(his_orders)),
    ]


def empty_forms(connection: Connection, customer_id: int) -> int:
    """What he wrote and sent goes; what was ordered and refunded stays. How many answers there were."""
    (answers, of_his_forms), (steps, of_his) = of_his_orders(customer_id)
    gone = connection.execute(delete(answers).where(of_his_forms)).rowcount
    connection.execute(update(steps).where(of_his).values(words="", url="", file_id="", file_kind=""))
    his_forms = update(order_forms).where(order_forms.c.customer_id == customer_id)
    connection.execute(his_forms.values(question="", reason="", review_until=None))
    his_refunds = update(refund_requests).where(refund_requests.c.customer_id == customer_id)
    connection.execute(his_refunds.values(reason="", account=""))
    return gone


def not_found_any_more(connection: Connection, customer_id: int, payer_ids: Sequence[int]) -> None:
    """No word leads to him, to his payers or to what was his; before they lose their names."""
    lines = select(connectors.c.id).where(connectors.c.payer_id.in_(payer_ids))
    his_payers = [str(payer_id) for payer_id in payer_ids]
    about = or_(
        and_(search_words.c.kind == "customer", search_words.c.subject == str(customer_id)),
        and_(search_words.c.kind == "payer", search_words.c.subject.in_(his_payers)),
        and_(search_words.c.kind == "connector", search_words.c.subject.in_(lines)),
    )
    connection.execute(delete(search_words).where(about))
