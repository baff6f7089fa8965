"""Everything that names a person: read for his own eyes, destroyed when he is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.domain.requisites import PartyKind
from bot.domain.saved_cards import UnlinkedBecause
from bot.domain.states import OPEN_PAYMENTS, AttemptState
from bot.domain.suspensions import SuspensionState
from bot.storage.personal_desk import empty_forms, not_found_any_more, of_his_orders
from bot.storage.search import Search
from bot.storage.tables import (
    arrears,
    attempts,
    audit,
    autopay_consents,
    autopays,
    connector_links,
    connectors,
    customer_links,
    customer_notes,
    customers,
    documents,
    email_codes,
    erasures,
    invoices,
    notice_choices,
    operator_cards,
    order_forms,
    order_lines,
    orders,
    outbox,
    outbox_keys,
    payers,
    payments,
    promo_uses,
    refund_requests,
    saved_cards,
    suspensions,
    talk_messages,
)

_KEPT: tuple[Table, ...] = (
    *(payers, orders, payments, invoices, promo_uses, erasures),
    *(saved_cards, autopays, autopay_consents, arrears, suspensions),
    *(order_forms, refund_requests),
)
"""Rows of the books: they lose their person, and stay under the number that stands for him."""

_DESTROYED: tuple[Table, ...] = (
    *(documents, email_codes, notice_choices),
    *(talk_messages, customer_notes, customer_links),
)

_SECRETS = frozenset(
    {
        *("reference", "link_reference", "link_fingerprint", "fingerprint", "code_hash", "body", "url"),
        *("form", "token", "page_token"),
    }
)
"""Keys of links and of cards are of no use to read, and whoever finds the file could use them."""


class PersonalData:
    """A test compares `touched` with every table that names a customer."""

    touched = frozenset(table.name for table in (*_KEPT, *_DESTROYED))

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unfinished(self, customer_id: int) -> int:
        """Payments whose provider has not said its last word, and refunds on their way."""
        his = payments.c.customer_id == customer_id
        asked = payments.c.state.in_([state.value for state in OPEN_PAYMENTS])
        begun = select(func.count()).where(his, asked, payments.c.next_ask_at.is_not(None))
        sent = (
            select(func.count())
            .select_from(attempts.join(payments, payments.c.id == attempts.c.payment_id))
            .where(his, attempts.c.state != AttemptState.KNOWN.value)
        )
        return sum(int(self._connection.execute(query).scalar_one()) for query in (begun, sent))

    def everything(self, customer_id: int) -> dict[str, list[dict[str, Any]]]:
        """All rows that are his, by table."""
        payer_ids = select(payers.c.id).where(payers.c.customer_id == customer_id)
        order_ids = select(orders.c.id).where(orders.c.customer_id == customer_id)
        wanted: list[tuple[Table, Any]] = [
            (customers, customers.c.id == customer_id),
            *((table, table.c.customer_id == customer_id) for table in (*_KEPT, *_DESTROYED)),
            (connectors, connectors.c.payer_id.in_(payer_ids)),
            (order_lines, order_lines.c.order_id.in_(order_ids)),
            *of_his_orders(customer_id),
            (outbox, outbox.c.address == customer_id),
            (operator_cards, operator_cards.c.subject.in_(self._subjects(customer_id))),
            (audit, audit.c.who == customer_id),
        ]
        return {table.name: self._rows(table, where) for table, where in wanted}

    def end_autopays(self, customer_id: int) -> int:
        """Nothing is charged from now on: consents end, cards are unlinked; how many autopays ended."""
        moment, why = now(), AutopayReason.FORGOTTEN.value
        goes_on = update(autopays).where(
            autopays.c.customer_id == customer_id, autopays.c.state != AutopayState.REVOKED.value
        )
        ended = {"state": AutopayState.REVOKED.value, "reason": why, "ended_at": moment, "changed_at": moment}
        count = self._gone(goes_on.values(**ended, step="", due_at=None, charge_on=None))
        stands = update(autopay_consents).where(
            autopay_consents.c.customer_id == customer_id, autopay_consents.c.ended_at.is_(None)
        )
        self._gone(stands.values(ended_at=moment, ended_how=why))
        linked = update(saved_cards).where(
            saved_cards.c.customer_id == customer_id, saved_cards.c.unlinked_at.is_(None)
        )
        because = UnlinkedBecause.FORGOTTEN.value
        self._gone(linked.values(unlinked_at=moment, unlinked_because=because, unlink_at_provider=moment))
        return count

    def destroy(self, customer_id: int, nobody: int) -> dict[str, int]:
        """Forget a person, for whom `nobody` stands in the books now; how much of each was destroyed."""
        subjects = self._subjects(customer_id)
        self._end_waiting(customer_id)
        payer_ids = list(
            self._connection.scalars(select(payers.c.id).where(payers.c.customer_id == customer_id))
        )
        not_found_any_more(self._connection, customer_id, payer_ids)
        lines = list(
            self._connection.scalars(select(connectors.c.id).where(connectors.c.payer_id.in_(payer_ids)))
        )
        counts = {
            "answers": empty_forms(self._connection, customer_id),
            "requisites": self._forget_payers(payer_ids),
            "connectors": self._forget_connectors(payer_ids),
            "notices": self._gone(delete(outbox).where(outbox.c.address == customer_id)),
            "cards": self._forget_cards(subjects),
            **{
                table.name: self._gone(delete(table).where(table.c.customer_id == customer_id))
                for table in _DESTROYED
            },
        }
        first, last = f"{customer_id}:", f"{customer_id};"
        self._gone(delete(outbox_keys).where(outbox_keys.c.key >= first, outbox_keys.c.key < last))
        self._become_nobody(customer_id, nobody)
        found = Search(self._connection)
        found.note(RecordKind.PAYER, payer_ids)
        found.note(RecordKind.CONNECTOR, lines)
        return counts

    def _end_waiting(self, customer_id: int) -> None:
        """No clock waits for what a connector without an owner owes, or for when he would do without it.

        What rests already, rests on: its date has moved by as long.
        """
        moment = now()
        owed = update(arrears).where(arrears.c.customer_id == customer_id, arrears.c.ended_at.is_(None))
        how = AutopayReason.FORGOTTEN.value
        self._gone(owed.values(ended_at=moment, ended_how=how, next_at=None))
        planned = update(suspensions).where(
            suspensions.c.customer_id == customer_id, suspensions.c.state == SuspensionState.PLANNED.value
        )
        cancelled = {"state": SuspensionState.CANCELLED.value, "ended_at": moment, "ended_how": how}
        self._gone(planned.values(next_at=None, **cancelled))

    def _forget_payers(self, payer_ids: Sequence[int]) -> int:
        """A firm's requisites are no person's; its address for papers may be one, so it goes as well."""
        mine = update(payers).where(payers.c.id.in_(payer_ids))
        people = payers.c.kind.in_([PartyKind.PERSON.value, PartyKind.ENTREPRENEUR.value])
        nothing = dict.fromkeys(("title", "tax_number", "kpp", "address"), "")
        named = self._gone(mine.where(people).values(**nothing))
        self._gone(mine.values(email="", email_proved_at=None, code=None))
        self._gone(update(invoices).where(invoices.c.payer_id.in_(payer_ids)).values(email=""))
        return named

    def _forget_connectors(self, payer_ids: Sequence[int]) -> int:
        his = update(connectors).where(connectors.c.payer_id.in_(payer_ids))
        return self._gone(his.values(payer_id=None, phone="", email="", sequence=connectors.c.sequence + 1))

    def _forget_cards(self, subjects: Sequence[str]) -> int:
        """Questions, screenshots and complaints are closed and emptied."""
        about = update(operator_cards).where(operator_cards.c.subject.in_(subjects))
        nothing: dict[str, Any] = {"payload": {}, "answer": "", "customer_id": None, "due_at": None}
        return self._gone(about.values(**nothing, state="closed", closed_at=now()))

    def _become_nobody(self, customer_id: int, nobody: int) -> None:
        """A new row takes over what the books keep, the consents with it; the old one is deleted."""
        moment = now()
        kept = ("language", "consented_at", "terms_version", "created_at")
        row = select(*(customers.c[name] for name in kept)).where(customers.c.id == customer_id)
        found = self._connection.execute(row).one()._asdict()
        self._connection.execute(
            insert(customers).values(id=nobody, reachable=False, forgotten_at=moment, **found)
        )
        for table in _KEPT:
            self._gone(update(table).where(table.c.customer_id == customer_id).values(customer_id=nobody))
        self._gone(update(audit).where(audit.c.who == customer_id).values(who=nobody))
        named = update(audit).where(audit.c.subject == f"customer:{customer_id}")
        self._gone(named.values(subject=f"customer:{nobody}"))
        used = update(connector_links).where(connector_links.c.used_by == customer_id)
        self._gone(used.values(used_by=nobody))
        self._gone(delete(customers).where(customers.c.id == customer_id))

    def _subjects(self, customer_id: int) -> list[str]:
        """What cards about him are called."""
        found = [f"customer:{customer_id}"]
        words = {"payment": payments, "order": orders, "work": orders, "form": order_forms}
        for word, table in {**words, "invoice": invoices}.items():
            ids = select(table.c.id).where(table.c.customer_id == customer_id)
            found += [f"{word}:{id_}" for id_ in self._connection.scalars(ids)]
        return found

    def _rows(self, table: Table, where: Any) -> list[dict[str, Any]]:
        shown = [column for column in table.columns if column.name not in _SECRETS]
        query = select(*shown).where(where).order_by(*table.primary_key.columns)
        return [dict(row._mapping) for row in self._connection.execute(query)]

    def _gone(self, statement: Any) -> int:
        return self._connection.execute(statement).rowcount
