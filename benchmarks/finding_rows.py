"""Customers, payers, payments, their events and words: in SQL all of them, and here one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.payment_codes import check_digit
from bot.domain.search_words import words_in

FIRST_CUSTOMER = 5_000_000_000
FIRST_NAMES, LAST_NAMES = 100, 20_000
PROVIDERS = ("yookassa", "robokassa", "webpay", "stars", "bank", "elsom", "bereke")
PACE = 7919
"""A prime: whatever is taken by it in turns looks mixed."""
MOMENT = "2026-06-01 12:00:00.000000"
_STARTS = tuple("Ан Бо Ва Га До Жан Зу Ки Лё Ма Не Ол Пё Ру Са Та Уль Фё Ша Эр".split())  # noqa: SIM905 (a list of words reads better so)
_MIDDLES = tuple("ма ри ло де ну би ко ва ту ге ся мё жи фа цо ше щу па ры ха".split())  # noqa: SIM905 (a list of words reads better so)
_ENDS = ("нов", "ева", "ский", "енко", "ич", "ова", "ян", "дзе", "оглы", "кызы")
"""20 × 20 × 5 × 10 surnames; the same syllables make the first names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One customer with a payment, as `statements` write it."""

    number: int

    @property
    def first(self) -> str:
        return first_name(self.number % FIRST_NAMES)

    @property
    def last(self) -> str:
        return last_name(self.number * PACE % LAST_NAMES)

    @property
    def email(self) -> str:
        return f"p{self.number}@example.org"

    @property
    def phone(self) -> str:
        return f"+79{self.number * PACE % 10**9:09}"

    @property
    def username(self) -> str:
        return f"user{self.number}"

    @property
    def code(self) -> str:
        """In the books its check digit is a zero, so that most are looked for and not found."""
        body = f"00{10**8 + self.number}"
        return body + check_digit(body)

    @property
    def reference(self) -> str:
        return str(10**17 + self.number * PACE)

    @property
    def provider_payment(self) -> str:
        return f"pp-{self.number * 31}"

    @property
    def movement(self) -> str:
        return f"mv-{self.number * 17}"


def first_name(place: int) -> str:
    return _STARTS[place % 20] + _MIDDLES[place // 20]


def last_name(place: int) -> str:
    start, place = place % 20, place // 20
    middle, place = place % 20, place // 20
    return _STARTS[start] + _MIDDLES[middle] + _MIDDLES[place % 5] + _ENDS[place // 5]


def statements(count: int) -> Iterator[str]:
    """In SQL that either database understands; words are kept in their order, so that it takes no hours."""
    numbers = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})"
    yield f"create table numbers as {numbers} select i from n"
    yield from _names("firsts", (first_name(place) for place in range(FIRST_NAMES)))
    yield from _names("lasts", (last_name(place) for place in range(LAST_NAMES)))
    yield _CUSTOMERS
    yield _PAYERS
    yield _PAYMENTS
    yield _EVENTS
    yield "drop index ix_search_words_subject"
    yield _WORDS
    yield "create index ix_search_words_subject on search_words (kind, subject, word)"
    for table in ("numbers", "firsts", "lasts"):
        yield f"drop table {table}"


def _names(table: str, names: Iterator[str]) -> Iterator[str]:
    yield f"create table {table} (i integer primary key, name text, word text)"
    rows = [f"({place}, '{name}', '{words_in(name)[0]}')" for place, name in enumerate(names)]
    for first in range(0, len(rows), 1_000):
        yield f"insert into {table} values {', '.join(rows[first : first + 1_000])}"


_ID = f"({FIRST_CUSTOMER} + cast(numbers.i as bigint))"
_TAIL = f"(cast(numbers.i as bigint) * {PACE} % 1000000000)"
_REFERENCE = f"cast(100000000000000000 + cast(numbers.i as bigint) * {PACE} as text)"
_THEIRS = "'pp-' || (cast(numbers.i as bigint) * 31)"
_MOVEMENT = "'mv-' || (cast(numbers.i as bigint) * 17)"
_PHONE = f"'+79' || substr(cast(1000000000 + {_TAIL} as text), 2)"
_PLACES = " ".join(f"when {at} then '{name}'" for at, name in enumerate(PROVIDERS))
_PROVIDER = f"case numbers.i % 7 {_PLACES} end"
_BACKWARDS = " || ".join(f"cast(({_TAIL} / {10**place}) % 10 as text)" for place in range(9))
_NAMED = (
    f"numbers join firsts on firsts.i = numbers.i % {FIRST_NAMES} "
    f"join lasts on lasts.i = cast(numbers.i as bigint) * {PACE} % {LAST_NAMES}"
)
_CUSTOMERS = f"""
insert into customers (id, name, language, email, phone, username, created_at)
select {_ID}, firsts.name || ' ' || lasts.name, 'ru', 'p' || numbers.i || '@example.org', {_PHONE},
  'user' || numbers.i, '{MOMENT}'
from {_NAMED} order by numbers.i
"""
_PAYERS = f"""
insert into payers (id, customer_id, code, created_at)
select i, {_ID}, '00' || (100000000 + i) || '0', '{MOMENT}' from numbers order by i
"""
_PAYMENTS = f"""
insert into payments (
  id, reference, customer_id, payer_id, purpose, method, provider, currency, minor, state, provider_payment,
  receipt, link_reference, link_fingerprint, created_at, settled_at
)
select i, {_REFERENCE}, {_ID}, i, 'top_up', 'yookassa', {_PROVIDER}, 'RUB', 99000, 'succeeded', {_THEIRS},
  '{{}}', 'l' || i, 'f' || i, '{MOMENT}', '{MOMENT}'
from numbers order by i
"""
_EVENTS = f"""
insert into events (
  id, provider, kind, movement, reference, provider_payment, currency, minor, fate, payment_id, receipt,
  seen_at
)
select i, {_PROVIDER}, 'paid', {_MOVEMENT}, {_REFERENCE}, {_THEIRS}, 'RUB', 99000, 'booked', i, '{{}}',
  '{MOMENT}'
from numbers order by i
"""
_WORDS = f"""
insert into search_words (word, kind, subject)
select distinct word, 'customer', cast(subject as text) from (
  select firsts.word as word, {_ID} as subject from {_NAMED}
  union all select lasts.word, {_ID} from {_NAMED}
  union all select 'p' || i || '@example.org', {_ID} from numbers
  union all select '@user' || i, {_ID} from numbers
  union all select '<' || {_BACKWARDS} || '97', {_ID} from numbers
) as every order by 1
"""
