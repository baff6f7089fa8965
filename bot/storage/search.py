"""Finding by words and by numbers, each by an index of its own: no table is ever read through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    intersect,
    select,
    union,
)

from bot.domain.events import EventKind
from bot.domain.records import RecordKind, button_id
from bot.domain.search_words import words_of
from bot.storage.insert import insert_many_new
from bot.storage.tables import connectors, customers, events, invoices, payers, payments, search_words

Hit: TypeAlias = tuple[RecordKind, str]
"""What was found, by its id."""

FEW = 5_000
"""Of words with fewer bearers the bearers are compared; those with more are asked one by one."""
MOST_LOOKED_AT = 800
"""So many of them: of words as common as that, most who bear one and the other are soon found."""
NEWEST = 10_000
"""Among so many payments the end of a reference is looked for."""
LAST_SIGN = "\U0010ffff"
"""Sorts behind every other, by bytes."""

_REFERENCE = 26
"""So many signs has a reference."""
_word = search_words.c.word
_KEY = ("word", "kind", "subject")
_MOVED = (EventKind.PAID.value, EventKind.REFUNDED.value)

_FORGET = delete(search_words).where(
    *(column == bindparam(f"old_{column.name}") for column in search_words.columns)
)


class Search:
    """Reads, and the words that are read: they are written in the unit that changes a name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, words: Collection[str], limit: int) -> list[Hit]:
        """Whoever bears all these words, in any order, each at least begun so."""
        if not words:
            return []
        if len(words) == 1:
            (word,) = words
            return self._hits(_bearers(word, limit * 2), limit)
        counted = self._counted(words)
        few = [word for count, word in counted if count < FEW]
        many = [word for count, word in counted if count >= FEW]
        if not few:
            few.append(many.pop())
        near = intersect(*(_bearers(word, FEW) for word in few)) if len(few) > 1 else _bearers(few[0], FEW)
        both = select(near.subquery()).limit(MOST_LOOKED_AT if many else limit).subquery()
        query = select(both.c.kind, both.c.subject).where(*(_has_too(both, word) for word in many))
        return self._hits(query.limit(limit), limit)

    def beginning(self, beginnings: Iterable[str], limit: int) -> list[Hit]:
        """Whoever has an address, an @name or a number that begins so."""
        found: list[Hit] = []
        for start in beginnings:
            query = select(search_words.c.kind, search_words.c.subject).where(_begins(_word, start))
            found += self._hits(query.order_by(_word).limit(limit * 2), limit)
        return found

    def connector_behind(self, short: str) -> str | None:
        """The connector whose id a button bears as this digest."""
        query = select(search_words.c.subject).where(
            _word == short, search_words.c.kind == RecordKind.CONNECTOR.value
        )
        return self._connection.execute(query.limit(1)).scalar_one_or_none()

    def payments(self, number: str, limit: int) -> list[int]:
        """By the number that a provider gave the payment, or one of its movements."""
        his = select(payments.c.id).where(
            payments.c.provider.in_(self._providers(payments)), payments.c.provider_payment == number
        )
        moved = select(events.c.payment_id).where(
            events.c.provider.in_(self._providers(events)),
            events.c.kind.in_(_MOVED),
            events.c.movement == number,
            events.c.payment_id.is_not(None),
        )
        return list(self._connection.scalars(union(his, moved).limit(limit)))

    def payments_beginning(self, start: str, limit: int) -> list[int]:
        """By the beginning of our reference, small letters and digits: as receipts and files bear it."""
        reference = payments.c.reference
        between = and_(reference >= start, reference <= start + "z" * _REFERENCE)
        query = select(payments.c.id).where(between).order_by(payments.c.reference)
        return list(self._connection.scalars(query.limit(limit)))

    def payments_ending(self, end: str, limit: int) -> list[int]:
        """By the end of our reference, among the newest alone: no index knows it."""
        query = select(payments.c.id).where(
            payments.c.id > self.before_newest(), payments.c.reference.endswith(end, autoescape=True)
        )
        return list(self._connection.scalars(query.order_by(payments.c.id.desc()).limit(limit)))

    def before_newest(self) -> int:
        """The number behind which the newest payments stand; asked first, so that it is planned as few."""
        return (self._connection.execute(select(func.max(payments.c.id))).scalar_one() or 0) - NEWEST

    def invoices(self, numbers: Collection[str]) -> list[int]:
        query = select(invoices.c.id).where(invoices.c.number.in_(numbers)).order_by(invoices.c.id.desc())
        return list(self._connection.scalars(query))

    def payers_taxed(self, tax_number: str, limit: int) -> list[int]:
        query = select(payers.c.id).where(payers.c.tax_number == tax_number).order_by(payers.c.id.desc())
        return list(self._connection.scalars(query.limit(limit)))

    def note(self, kind: RecordKind, ids: Collection[Any]) -> None:
        """Keep the words of these as their rows tell them now; for many it takes no more statements."""
        table = _TABLES[kind]
        rows = self._connection.execute(select(table).where(table.c.id.in_(ids)))
        wanted = {(word, kind.value, str(row.id)) for row in rows for word in _words(kind, row)}
        of_these = and_(
            search_words.c.kind == kind.value, search_words.c.subject.in_([str(each) for each in ids])
        )
        key = (_word, search_words.c.kind, search_words.c.subject)
        present = {tuple(row) for row in self._connection.execute(select(*key).where(of_these))}
        if gone := present - wanted:
            self._connection.execute(_FORGET, [_named(each, "old_") for each in sorted(gone)])
        if new := wanted - present:
            keep = insert_many_new(self._connection, search_words, _word)
            self._connection.execute(keep, [_named(each) for each in sorted(new)])

    def note_after(self, kind: RecordKind, last: Any, size: int) -> Any:
        """Keep the words of the next few after an id; the last of them, None when there was none."""
        table = _TABLES[kind]
        query = select(table.c.id).order_by(table.c.id).limit(size)
        ids = list(self._connection.scalars(query if last is None else query.where(table.c.id > last)))
        if ids:
            self.note(kind, ids)
        return ids[-1] if ids else None

    def _counted(self, words: Collection[str]) -> list[tuple[int, str]]:
        """How many bear each, as far as it matters; the rarest first."""
        counts = [
            select(func.count()).select_from(_bearers(word, FEW).subquery()).scalar_subquery()
            for word in words
        ]
        return sorted(zip(self._connection.execute(select(*counts)).one(), words, strict=True))

    def _hits(self, query: Any, limit: int) -> list[Hit]:
        """Each once: a name may have two words that begin alike."""
        rows = self._connection.execute(query)
        return list(dict.fromkeys((RecordKind(row.kind), row.subject) for row in rows))[:limit]

    def _providers(self, table: Table) -> Any:
        """The few names that the table's index begins with, one step each."""
        first = select(func.min(table.c.provider).label("name")).cte(f"who_{table.name}", recursive=True)
        following = select(func.min(table.c.provider)).where(table.c.provider > first.c.name)
        names = first.union_all(
            select(following.scalar_subquery().correlate(first)).where(first.c.name.is_not(None))
        )
        return select(names.c.name).where(names.c.name.is_not(None))


_TABLES: Mapping[RecordKind, Table] = {
    RecordKind.CUSTOMER: customers,
    RecordKind.PAYER: payers,
    RecordKind.CONNECTOR: connectors,
}


def _words(kind: RecordKind, row: Any) -> frozenset[str]:
    if kind is RecordKind.CUSTOMER:
        return words_of(row.name, username=row.username, email=row.email, phone=row.phone)
    if kind is RecordKind.PAYER:
        return words_of(row.title, email=row.email)
    words = words_of(row.id, title=row.title, email=row.email, phone=row.phone)
    short = button_id(row.id)
    return words if short == row.id else words | {short}


def _named(key: Iterable[str], before: str = "") -> dict[str, str]:
    return dict(zip((f"{before}{name}" for name in _KEY), key, strict=True))


def _bearers(word: str, limit: int) -> Select[Any]:
    """Those who bear it, the shortest words first; shut in, so that it may be compared with others."""
    query = select(search_words.c.kind, search_words.c.subject).where(_begins(_word, word))
    return select(query.order_by(_word).limit(limit).subquery())


def _begins(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < start + LAST_SIGN)


def _has_too(near: Any, word: str) -> ColumnElement[bool]:
    other = search_words.alias()
    return exists().where(
        other.c.kind == near.c.kind, other.c.subject == near.c.subject, _begins(other.c.word, word)
    )
