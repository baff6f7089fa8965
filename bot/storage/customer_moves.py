"""A customer goes on under another number: everything that named him names the new one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, literal, select, update

from bot.domain.order_forms import FormState
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.domain.states import PromoState
from bot.storage.insert import insert_new
from bot.storage.tables import (
    arrears,
    audit,
    autopay_consents,
    autopays,
    connector_links,
    customer_links,
    customer_notes,
    customers,
    documents,
    email_codes,
    erasures,
    form_answers,
    invoices,
    notice_choices,
    operator_cards,
    order_forms,
    orders,
    outbox,
    outbox_keys,
    payers,
    payments,
    promo_uses,
    refund_requests,
    saved_cards,
    search_words,
    suspensions,
    talk_messages,
)

_MOVED: tuple[Table, ...] = (
    *(payers, orders, payments, invoices, promo_uses, erasures, documents),
    *(saved_cards, autopays, autopay_consents, arrears, suspensions, notice_choices),
    *(order_forms, refund_requests, talk_messages, customer_notes, customer_links),
)
_GONE: tuple[Table, ...] = (email_codes,)
"""Secrets that were sent to the one chat are worth nothing in the other."""

_NOTHING = {
    "email": "",
    "phone": "",
    "username": "",
    "consented_at": None,
    "terms_version": "",
    "zone": "",
    "blocked_at": None,
    "blocked_because": "",
}
_KEPT_ON = ("email", "phone", "zone", "terms_version", "consented_at", "blocked_at", "blocked_because")
_FINAL = (PromoState.USED, PromoState.HELD, PromoState.SAVED, PromoState.RELEASED)
"""Of two uses of one code the first of these stays."""


class CustomerMoves:
    """A test compares `touched` with every table that names a customer."""

    touched = frozenset(table.name for table in (*_MOVED, *_GONE))

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, *customer_ids: int) -> None:
        """Whatever makes one person of two waits here; the writer thread of SQLite needs no lock."""
        if self._connection.dialect.name != "sqlite":
            rows = select(customers.c.id).where(customers.c.id.in_(customer_ids)).order_by(customers.c.id)
            self._connection.execute(rows.with_for_update(key_share=True)).all()

    def move(self, from_id: int, to_id: int) -> None:
        """Both are there, their payers locked, and at most one of them has a payer for himself.

        Of the person himself the new row learns what it did not know; the old one knows nothing any more.
        """
        self._end_doubles(from_id, to_id)
        for table in _GONE:
            self._run(delete(table).where(table.c.customer_id == from_id))
        for table in _MOVED:
            self._run(update(table).where(table.c.customer_id == from_id).values(customer_id=to_id))
        self._forget_places(to_id)
        self._move_notices(from_id, to_id)
        self._move_cards(from_id, to_id)
        self._move_names(from_id, to_id)
        self._move_person(from_id, to_id)

    def forget(self, customer_id: int) -> None:
        """Strike out a row that stood for a caller, once nothing names it any more."""
        self._run(delete(customers).where(customers.c.id == customer_id))

    def _end_doubles(self, from_id: int, to_id: int) -> None:
        """What a customer has once: the new one's own choices and forms stay."""
        his = select(notice_choices.c.topic).where(notice_choices.c.customer_id == to_id)
        old = notice_choices.c.customer_id == from_id
        self._run(delete(notice_choices).where(old, notice_choices.c.topic.in_(his)))
        self._end_double_forms(from_id, to_id)
        self._end_double_promos(from_id, to_id)

    def _end_double_forms(self, from_id: int, to_id: int) -> None:
        filling = order_forms.c.state == FormState.FILLING.value
        his = select(order_forms.c.tariff).where(order_forms.c.customer_id == to_id, filling)
        doubles = and_(order_forms.c.customer_id == from_id, filling, order_forms.c.tariff.in_(his))
        ids = list(self._connection.scalars(select(order_forms.c.id).where(doubles)))
        self._run(delete(form_answers).where(form_answers.c.form_id.in_(ids)))
        self._run(delete(order_forms).where(order_forms.c.id.in_(ids)))

    def _end_double_promos(self, from_id: int, to_id: int) -> None:
        rows = self._connection.execute(
            select(promo_uses).where(promo_uses.c.customer_id.in_([from_id, to_id]))
        )
        best: dict[str, Row[Any]] = {}
        for row in sorted(rows, key=lambda row: _FINAL.index(PromoState(row.state))):
            if row.code in best:
                self._run(delete(promo_uses).where(promo_uses.c.id == row.id))
            else:
                best[row.code] = row

    def _forget_places(self, to_id: int) -> None:
        """Messages of the old chat are found by nobody in the new one."""
        self._run(update(payments).where(payments.c.customer_id == to_id).values(message_id=None))
        talk = update(talk_messages).where(talk_messages.c.customer_id == to_id)
        self._run(talk.values(customer_message=None))

    def _move_notices(self, from_id: int, to_id: int) -> None:
        """What waits goes to the new chat; what was told once is not told again."""
        self._run(update(outbox).where(outbox.c.address == from_id).values(address=to_id))
        prefix = f"{from_id}:"
        mine = and_(outbox_keys.c.key >= prefix, outbox_keys.c.key < f"{from_id};")
        for key in list(self._connection.scalars(select(outbox_keys.c.key).where(mine))):
            row = {"key": f"{to_id}:{key.removeprefix(prefix)}", "created_at": now()}
            self._connection.execute(insert_new(self._connection, outbox_keys), row)
        self._run(delete(outbox_keys).where(mine))

    def _move_cards(self, from_id: int, to_id: int) -> None:
        """Cards in the group speak of the same person, wherever they name him."""
        his = operator_cards.c.customer_id == from_id
        for row in list(self._connection.execute(select(operator_cards).where(his))):
            payload = {**row.payload}
            if "customer_id" in payload:
                payload["customer_id"] = to_id
            subject = f"customer:{to_id}" if row.subject == f"customer:{from_id}" else row.subject
            changed = update(operator_cards).where(operator_cards.c.id == row.id)
            self._run(changed.values(customer_id=to_id, payload=payload, subject=subject))

    def _move_names(self, from_id: int, to_id: int) -> None:
        """Who did what, who opened which link, and which words find him."""
        self._run(update(audit).where(audit.c.who == from_id).values(who=to_id))
        named = update(audit).where(audit.c.subject == f"customer:{from_id}")
        self._run(named.values(subject=f"customer:{to_id}"))
        for links in (connector_links, customer_links):
            self._run(update(links).where(links.c.used_by == from_id).values(used_by=to_id))
        mine = and_(search_words.c.kind == RecordKind.CUSTOMER.value, search_words.c.subject == str(from_id))
        words = select(search_words.c.word, search_words.c.kind, literal(str(to_id))).where(mine)
        known = search_words.alias()
        new = words.where(
            ~select(known.c.word)
            .where(
                known.c.word == search_words.c.word,
                known.c.kind == RecordKind.CUSTOMER.value,
                known.c.subject == str(to_id),
            )
            .exists()
        )
        self._run(insert(search_words).from_select(["word", "kind", "subject"], new))
        self._run(delete(search_words).where(mine))

    def _move_person(self, from_id: int, to_id: int) -> None:
        row = self._connection.execute(select(customers).where(customers.c.id == from_id)).one()
        known = self._connection.execute(select(customers).where(customers.c.id == to_id)).one()
        learned = {name: getattr(row, name) for name in _KEPT_ON if not getattr(known, name)}
        if not known.name:
            learned |= {"name": row.name, "language": row.language}
        if learned:
            self._run(update(customers).where(customers.c.id == to_id).values(**learned))
        self._run(update(customers).where(customers.c.id == from_id).values(**_NOTHING))

    def count(self, customer_id: int) -> int:
        """How many rows of the books name him; nothing is left of who has moved."""
        counts = (
            select(func.count()).select_from(table).where(table.c.customer_id == customer_id)
            for table in (*_MOVED, *_GONE)
        )
        return sum(int(self._connection.execute(query).scalar_one()) for query in counts)

    def _run(self, statement: Any) -> None:
        self._connection.execute(statement)
