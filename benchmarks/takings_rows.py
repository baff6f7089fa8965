"""A till's past in any number of payments, each of a customer of his own, by one statement a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    case,
    cast,
    false,
    insert,
    literal,
    select,
)

from bot.domain.refusals import Refusal
from bot.domain.states import EventFate, OrderState, PaymentState, Purpose, TransferReason
from bot.storage.columns import Document, Moment
from bot.storage.database import Database
from bot.storage.ledger import REVENUE, refunding, source
from bot.storage.tables import (
    accounts,
    connectors,
    customers,
    events,
    order_lines,
    orders,
    payers,
    payments,
    transfers,
)
from bot.storage.tx import Tx

FIRST = 30_000_000
"""All that belongs to one payment has its id, far from those that the books count up by themselves."""

AT_ONCE = 25_000
HOURS = 20
"""Of each day, from its first one on, in which money comes."""

HUNDRED = 100
PAID = 90
"""So many of a hundred brought money, the others were refused; of every other hundred one was sent back."""

MINOR = 99_000
TARIFFS = ("line", "whatsapp", "telegram", "hosting", "internet")


@dataclass(frozen=True, slots=True)
class Door:
    """A provider, and how many of ten payments come by it."""

    provider: str
    currency: str
    tenths: int


DOORS = (
    Door("yookassa", "RUB", 5),
    Door("robokassa", "RUB", 2),
    Door("webpay", "BYN", 2),
    Door("stars", "XTR", 1),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Payments of one day, in the order in which they came."""

    numbers: range
    midnight: datetime


async def fill(database: Database, count: int, midnights: Sequence[datetime]) -> None:
    """Write so many, spread evenly over the days that begin then and in the order of their coming."""
    await database.write(_open_house)
    for number, midnight in enumerate(midnights):
        of_day = range(count * number // len(midnights), count * (number + 1) // len(midnights))
        for first in range(of_day.start, of_day.stop, AT_ONCE):
            batch = Batch(range(first, min(first + AT_ONCE, of_day.stop)), midnight)
            await database.write(lambda tx, batch=batch: _fill(tx, batch))  # type: ignore[misc]  # a default in a lambda
    await database.write(lambda tx: tx.connection.exec_driver_sql("analyze"))


def _open_house(tx: Tx) -> None:
    for door in DOORS:
        for name in (source(door.provider), refunding(door.provider), REVENUE):
            tx.ledger.open(name, door.currency)


def _fill(tx: Tx, batch: Batch) -> None:
    counted = select(literal(batch.numbers[0]).label("i")).cte("numbers", recursive=True)
    counted = counted.union_all(select(counted.c.i + 1).where(counted.c.i < batch.numbers[-1]))
    rows, one = select().select_from(counted), _One(tx, batch, counted.c.i)
    for table, values in (
        (customers, one.customer),
        (payers, one.payer),
        (connectors, one.connector),
        (accounts, one.account),
        (orders, one.order),
        (order_lines, one.line),
        (payments, one.payment),
    ):
        _into(tx, table, rows, values)
    _into(tx, events, rows.where(one.is_paid), one.event)
    for where, values in one.transfers():
        _into(tx, transfers, rows.where(where), values)


class _One:
    """A payment with all that belongs to it, as columns of what is to be written."""

    def __init__(self, tx: Tx, batch: Batch, number: ColumnElement[int]) -> None:
        self._tx = tx
        self._number = number
        self._id = cast(FIRST + number, BigInteger)
        moments = [literal(batch.midnight + timedelta(hours=hour), Moment) for hour in range(HOURS)]
        of_hour = (number - batch.numbers[0]) * HOURS // len(batch.numbers)
        self._created = {"created_at": _pick(of_hour, moments)}
        self._minor = literal(MINOR, BigInteger) + number % HUNDRED
        self.is_paid = number % HUNDRED < PAID
        self._went_back = number % (2 * HUNDRED) == 0

    def _of_door(self, values: Sequence[Any]) -> ColumnElement[Any]:
        tenths = [value for door, value in zip(DOORS, values, strict=True) for _ in range(door.tenths)]
        return _pick(self._number // HUNDRED % 10, tenths)

    @property
    def _currency(self) -> ColumnElement[str]:
        return self._of_door([literal(door.currency) for door in DOORS])

    @property
    def _provider(self) -> ColumnElement[str]:
        return self._of_door([literal(door.provider) for door in DOORS])

    @property
    def _name(self) -> ColumnElement[str]:
        return literal("taking-") + cast(self._id, String)

    @property
    def _tariff(self) -> ColumnElement[str]:
        return _pick(self._number % len(TARIFFS), [literal(tariff) for tariff in TARIFFS])

    @property
    def customer(self) -> dict[str, Any]:
        return {"id": self._id, "name": literal("Anna Petrova"), "language": literal("ru")} | self._created

    @property
    def payer(self) -> dict[str, Any]:
        return {"id": self._id, "customer_id": self._id} | self._created

    @property
    def connector(self) -> dict[str, Any]:
        named = {"id": self._name, "kind": literal("line"), "title": literal("+7 999")}
        return named | {"tariff": self._tariff, "payer_id": self._id} | self._created

    @property
    def account(self) -> dict[str, Any]:
        """What went back was spent before."""
        owed = case((self._went_back, -self._minor), else_=literal(0, BigInteger))
        name = literal("payer:") + cast(self._id, String)
        return {
            "id": self._id,
            "name": name,
            "currency": self._currency,
            "payer_id": self._id,
            "balance": owed,
        }

    @property
    def order(self) -> dict[str, Any]:
        settled = {"settled_currency": self._currency, "settled_minor": self._minor}
        whose = {"id": self._id, "reference": self._name, "customer_id": self._id, "payer_id": self._id}
        state = case(
            (self.is_paid, literal(OrderState.FULFILLED.value)), else_=literal(OrderState.EXPIRED.value)
        )
        prices = {"prices": literal([["RUB", MINOR]], Document), "expires_at": self._created["created_at"]}
        return whose | {"state": state} | settled | prices | self._created

    @property
    def line(self) -> dict[str, Any]:
        bought = {"order_id": self._id, "connector_id": self._name, "tariff": self._tariff}
        terms = {"title": literal("+7 999"), "months": literal(1, Integer), "holds": false()}
        return bought | terms | {"prices": literal([["RUB", MINOR]], Document)}

    @property
    def payment(self) -> dict[str, Any]:
        whose = {"id": self._id, "reference": self._name, "customer_id": self._id, "payer_id": self._id}
        how = {"method": self._provider, "provider": self._provider, "provider_payment": self._name}
        money = {"currency": self._currency, "minor": self._minor, "order_id": self._id}
        state = case(
            (self.is_paid, literal(PaymentState.SUCCEEDED.value)), else_=literal(PaymentState.REFUSED.value)
        )
        refusal = case((self.is_paid, literal("")), else_=literal(Refusal.NO_FUNDS.value))
        more = {
            "purpose": literal(Purpose.ORDER.value),
            "state": state,
            "refusal": refusal,
            "receipt": literal({}, Document),
            "link_reference": self._name,
            "link_fingerprint": self._name,
            "settled_at": self._created["created_at"],
            "autopay_id": case((self._number % 3 == 0, self._id)),
        }
        return whose | how | money | more | self._created

    @property
    def event(self) -> dict[str, Any]:
        told = {"provider": self._provider, "kind": literal("paid"), "movement": self._name}
        return told | {
            "id": self._id,
            "reference": self._name,
            "provider_payment": self._name,
            "currency": self._currency,
            "minor": self._minor,
            "fate": literal(EventFate.BOOKED.value),
            "payment_id": self._id,
            "receipt": literal({}, Document),
            "seen_at": self._created["created_at"],
        }

    def transfers(self) -> list[tuple[ColumnElement[bool], dict[str, Any]]]:
        """For whom each is, and what it moves: money comes and is spent; some of it is sent back."""
        came, spent = self._accounts(source), self._accounts(lambda _provider: REVENUE)
        middle = self._accounts(refunding)
        return [
            (self.is_paid, self._moved(came, self._id, TransferReason.PAID)),
            (self.is_paid, self._moved(self._id, spent, TransferReason.SETTLED)),
            (self._went_back, self._moved(self._id, middle, TransferReason.REFUNDING)),
            (self._went_back, self._moved(middle, came, TransferReason.REFUNDED)),
        ]

    def _moved(self, giver: Any, taker: Any, reason: TransferReason) -> dict[str, Any]:
        because = {"event_id": self._id, "payment_id": self._id, "order_id": self._id}
        moved = {"from_account": giver, "to_account": taker, "minor": self._minor}
        return moved | {"reason": literal(reason.value)} | because | self._created

    def _accounts(self, name: Any) -> ColumnElement[Any]:
        named = [(name(door.provider), door.currency) for door in DOORS]
        its = accounts.c
        found = {
            (row.name, row.currency): row.id
            for row in self._tx.connection.execute(
                select(its.id, its.name, its.currency).where(its.payer_id.is_(None))
            )
        }
        return self._of_door([literal(found[each], BigInteger) for each in named])


def _pick(number: ColumnElement[int], values: Sequence[Any]) -> ColumnElement[Any]:
    """The value that stands there."""
    *some, last = values
    return case(*((number == place, value) for place, value in enumerate(some)), else_=last) if some else last


def _into(tx: Tx, table: Table, rows: Select[Any], values: Mapping[str, Any]) -> None:
    tx.connection.execute(insert(table).from_select(list(values), rows.add_columns(*values.values())))
