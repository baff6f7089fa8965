"""Payers in any number, each with a payment code that is known beforehand."""

from __future__ import annotations

from itertools import product

from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, literal, select
from sqlalchemy.schema import CreateTable, DropTable

from bot.domain.payment_codes import check_digit
from bot.domain.periods import now
from bot.storage.columns import Moment
from bot.storage.tables import customers, payers
from bot.storage.tx import Tx

ALIKE = 1000
"""The codes of so many payers have the same head."""

FIRST_CUSTOMER = 10_000_000
FIRST_HEAD, APART = 1000, 97

_metadata = MetaData()
heads, tails = (
    Table(
        name,
        _metadata,
        Column("number", Integer),
        Column("digits", Text),
        Column("state", Text),
        prefixes=["temporary"],
    )
    for name in ("heads", "tails")
)


def code_of(number: int) -> str:
    """The code of the payer with that number."""
    head, tail = divmod(number, ALIKE)
    return _checked(_head(head), _tail(tail))


def fill(tx: Tx, count: int) -> None:
    """Write so many thousands of payers, each a customer too, by one statement a table.

    What the digits of a head come to decides which check digit ends a tail, so there is one tail for each.
    """
    if not count:
        return
    for table in (heads, tails):
        tx.connection.execute(CreateTable(table))
    ours = [(number, _head(number)) for number in range(count // ALIKE)]
    some = {check_digit(head): head for _, head in ours}
    tx.connection.execute(
        insert(heads), [{"number": n, "digits": head, "state": check_digit(head)} for n, head in ours]
    )
    tx.connection.execute(
        insert(tails),
        [
            {"number": n, "digits": _checked(head, _tail(n)).removeprefix(head), "state": state}
            for n, (state, head) in product(range(ALIKE), some.items())
        ],
    )
    customer, moment = FIRST_CUSTOMER + heads.c.number * ALIKE + tails.c.number, literal(now(), Moment)
    people = select(customer, literal("Anna Petrova"), literal("ru"), moment)
    codes = select(customer, heads.c.digits + tails.c.digits, moment)
    for table, columns, rows in (
        (customers, ["id", "name", "language", "created_at"], people),
        (payers, ["customer_id", "code", "created_at"], codes),
    ):
        matching = rows.join_from(heads, tails, tails.c.state == heads.c.state)
        tx.connection.execute(insert(table).from_select(columns, matching))
    for table in (heads, tails):
        tx.connection.execute(DropTable(table))


def _checked(head: str, tail: str) -> str:
    return head + tail + check_digit(head + tail)


def _head(number: int) -> str:
    return f"00{FIRST_HEAD + number}"


def _tail(number: int) -> str:
    return f"{number * APART:05d}"
