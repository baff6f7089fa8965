"""Forms of what is made to order, and their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, or_, select, update

from bot.domain.order_forms import Answer, FormState, OrderForm, SentFile
from bot.domain.periods import now
from bot.storage.insert import insert_new
from bot.storage.tables import form_answers, order_forms, order_lines, orders


@dataclass(frozen=True, slots=True)
class Listed:
    """A form, with its order once there is one; or an order that was made without a form."""

    form_id: int | None
    order_id: int | None
    created_at: datetime


class OrderForms:
    """One form of a tariff is being filled in by a customer at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, customer_id: int, tariff: str, months: int) -> OrderForm:
        """A new form, or the one that he has begun before, with the period that he chose now."""
        row = {
            "customer_id": customer_id,
            "tariff": tariff,
            "months": months,
            "state": FormState.FILLING.value,
            "created_at": now(),
            "changed_at": now(),
        }
        self._connection.execute(insert_new(self._connection, order_forms), row)
        filling = self.filling(customer_id, tariff)
        assert filling is not None
        if filling.months != months:
            self.change(filling.id, months=months)
        found = self.get(filling.id)
        assert found is not None
        return found

    def write_down(self, customer_id: int, tariff: str, months: int) -> OrderForm:
        """One that an operator writes for somebody; his own, that he is filling in, stays as it is."""
        row = {
            "customer_id": customer_id,
            "tariff": tariff,
            "months": months,
            "state": FormState.REVIEW.value,
            "sent_in_at": now(),
            "created_at": now(),
            "changed_at": now(),
        }
        query = insert(order_forms).values(row).returning(order_forms.c.id)
        found = self.get(self._connection.execute(query).scalar_one())
        assert found is not None
        return found

    def filling(self, customer_id: int, tariff: str) -> OrderForm | None:
        query = select(order_forms).where(
            order_forms.c.customer_id == customer_id,
            order_forms.c.tariff == tariff,
            order_forms.c.state == FormState.FILLING.value,
        )
        row = self._connection.execute(query).one_or_none()
        return self._with_answers([row])[0] if row is not None else None

    def get(self, form_id: int) -> OrderForm | None:
        row = self._connection.execute(select(order_forms).where(order_forms.c.id == form_id)).one_or_none()
        return self._with_answers([row])[0] if row is not None else None

    def get_for_customer(self, form_id: int, customer_id: int) -> OrderForm | None:
        form = self.get(form_id)
        return form if form is not None and form.customer_id == customer_id else None

    def of_order(self, order_id: int) -> OrderForm | None:
        query = select(order_forms).where(order_forms.c.order_id == order_id)
        row = self._connection.execute(query.order_by(order_forms.c.id.desc()).limit(1)).one_or_none()
        return self._with_answers([row])[0] if row is not None else None

    def count_in_review(self, customer_id: int) -> int:
        query = select(func.count()).where(
            order_forms.c.customer_id == customer_id, order_forms.c.state == FormState.REVIEW.value
        )
        return int(self._connection.execute(query).scalar_one())

    def asked_for(self, connector_id: str) -> bool:
        """Whether this connector was ordered by a form."""
        query = (
            select(order_forms.c.id)
            .join(order_lines, order_lines.c.order_id == order_forms.c.order_id)
            .where(order_lines.c.connector_id == connector_id)
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def of_customer(self, customer_id: int, *, limit: int, offset: int = 0) -> list[OrderForm]:
        """His forms, the newest first."""
        query = select(order_forms).where(order_forms.c.customer_id == customer_id)
        rows = self._connection.execute(query.order_by(order_forms.c.id.desc()).limit(limit).offset(offset))
        return self._with_answers(list(rows))

    def listed(self, customer_id: int, tariffs: Iterable[str], *, limit: int) -> list[Listed]:
        """His forms, and orders of such tariffs that he wrote none for; the newest first."""
        forms = select(order_forms.c.id, order_forms.c.order_id, order_forms.c.created_at).where(
            order_forms.c.customer_id == customer_id
        )
        made = exists().where(
            order_lines.c.order_id == orders.c.id, order_lines.c.tariff.in_(sorted(tariffs))
        )
        no_form = ~exists().where(order_forms.c.order_id == orders.c.id)
        by_hand = select(orders.c.id, orders.c.created_at).where(
            orders.c.customer_id == customer_id, made, no_form
        )
        newest_forms = forms.order_by(order_forms.c.id.desc()).limit(limit)
        newest_orders = by_hand.order_by(orders.c.id.desc()).limit(limit)
        found = [
            *(Listed(row.id, row.order_id, row.created_at) for row in self._connection.execute(newest_forms)),
            *(Listed(None, row.id, row.created_at) for row in self._connection.execute(newest_orders)),
        ]
        return sorted(found, key=lambda each: each.created_at, reverse=True)[:limit]

    def to_remind(self, unchanged_since: datetime, limit: int) -> list[OrderForm]:
        """Those that somebody began to fill in and left lying, and was not told of yet."""
        query = (
            select(order_forms)
            .where(_is_left_lying(unchanged_since), order_forms.c.reminded_at.is_(None))
            .where(exists().where(form_answers.c.form_id == order_forms.c.id))
            .order_by(order_forms.c.changed_at)
            .limit(limit)
        )
        return self._with_answers(list(self._connection.execute(query)))

    def reminded(self, form_id: int) -> None:
        """He is told once; that changes nothing about how long it lies there."""
        query = update(order_forms).where(order_forms.c.id == form_id)
        self._connection.execute(query.values(reminded_at=now()))

    def forget(self, unchanged_since: datetime, limit: int) -> int:
        """Destroy those that were never sent in; how many they were."""
        given_up = and_(
            order_forms.c.state == FormState.WITHDRAWN.value,
            order_forms.c.order_id.is_(None),
            order_forms.c.changed_at <= unchanged_since,
        )
        query = select(order_forms.c.id).where(or_(_is_left_lying(unchanged_since), given_up)).limit(limit)
        ids = list(self._connection.scalars(query))
        self._connection.execute(delete(form_answers).where(form_answers.c.form_id.in_(ids)))
        self._connection.execute(delete(order_forms).where(order_forms.c.id.in_(ids)))
        return len(ids)

    def past_use(self, unchanged_since: datetime, limit: int) -> list[int]:
        """Forms that came to nothing before then and still have their answers."""
        over = order_forms.c.state.in_([FormState.REJECTED.value, FormState.WITHDRAWN.value])
        has_answers = exists().where(form_answers.c.form_id == order_forms.c.id)
        query = select(order_forms.c.id).where(over, order_forms.c.changed_at <= unchanged_since, has_answers)
        return list(self._connection.scalars(query.limit(limit)))

    def forget_answers(self, form_id: int) -> None:
        """That it was sent in, and what became of it, stays."""
        self._connection.execute(delete(form_answers).where(form_answers.c.form_id == form_id))

    def overdue(self, limit: int) -> list[OrderForm]:
        """Those whose answer was promised for earlier than now, and nobody was told so yet."""
        query = (
            select(order_forms)
            .where(order_forms.c.review_until <= now(), order_forms.c.overdue_told.is_(False))
            .order_by(order_forms.c.review_until)
            .limit(limit)
        )
        return self._with_answers(list(self._connection.execute(query)))

    def in_review(self, customer_id: int) -> list[OrderForm]:
        query = select(order_forms).where(
            order_forms.c.customer_id == customer_id, order_forms.c.state == FormState.REVIEW.value
        )
        return self._with_answers(list(self._connection.execute(query)))

    def answer(self, form_id: int, name: str, answer: Answer) -> None:
        """Keep an answer in the place of the one before; an empty one says that the question was skipped."""
        query = delete(form_answers).where(form_answers.c.form_id == form_id, form_answers.c.name == name)
        self._connection.execute(query)
        rows = [_file_row(file) for file in answer.files]
        if answer.value or not rows:
            rows.insert(0, {"value": answer.value})
        self._connection.execute(
            insert(form_answers),
            [
                {**_NO_FILE, **row, "form_id": form_id, "name": name, "ordinal": number, "answered_at": now()}
                for number, row in enumerate(rows)
            ],
        )
        self.change(form_id)

    def take_back(self, form_id: int, name: str) -> None:
        """As if the question had not been answered."""
        query = delete(form_answers).where(form_answers.c.form_id == form_id, form_answers.c.name == name)
        self._connection.execute(query)

    def change(self, form_id: int, *, only_from: Iterable[FormState] = (), **values: Any) -> bool:
        """Set columns, provided that it is in one of these states (any, where none is named)."""
        query = update(order_forms).where(order_forms.c.id == form_id)
        states = [state.value for state in only_from]
        if states:
            query = query.where(order_forms.c.state.in_(states))
        changed = query.values(changed_at=now(), **values).returning(order_forms.c.id)
        return self._connection.execute(changed).first() is not None

    def _with_answers(self, rows: list[Row[Any]]) -> list[OrderForm]:
        query = (
            select(form_answers)
            .where(form_answers.c.form_id.in_([row.id for row in rows]))
            .order_by(form_answers.c.form_id, form_answers.c.name, form_answers.c.ordinal)
        )
        by_form: dict[int, dict[str, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
        for answer in self._connection.execute(query):
            by_form[answer.form_id][answer.name].append(answer)
        return [_to_form(row, by_form[row.id]) for row in rows]


def _is_left_lying(unchanged_since: datetime) -> ColumnElement[bool]:
    return and_(order_forms.c.state == FormState.FILLING.value, order_forms.c.changed_at <= unchanged_since)


_NO_FILE = {"value": "", "file_id": "", "file_kind": "", "file_name": "", "size": 0}


def _file_row(file: SentFile) -> dict[str, Any]:
    return {
        "value": file.caption,
        "file_id": file.file_id,
        "file_kind": file.kind,
        "file_name": file.name,
        "size": file.size,
    }


def _to_answer(rows: list[Row[Any]]) -> Answer:
    files = tuple(
        SentFile(row.file_id, row.file_kind, row.file_name, row.size, row.value)
        for row in rows
        if row.file_id
    )
    words = next((row.value for row in rows if not row.file_id), "")
    return Answer(words, files)


def _to_form(row: Row[Any], answers: dict[str, list[Row[Any]]]) -> OrderForm:
    return OrderForm(
        id=row.id,
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        tariff=row.tariff,
        months=row.months,
        state=FormState(row.state),
        order_id=row.order_id,
        answers={name: _to_answer(found) for name, found in answers.items()},
        review_until=row.review_until,
        question=row.question,
        reason=row.reason,
        decided_by=row.decided_by,
        sent_in_at=row.sent_in_at,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
