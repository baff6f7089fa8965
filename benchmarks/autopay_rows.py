"""Autopays in any number, each with its customer, connector, card and consent, by one statement a table."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Table,
    case,
    cast,
    insert,
    literal,
    select,
    true,
)

from bot.domain.autopays import AutopayState, AutopayStep
from bot.domain.catalogue_file import read_catalogue
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.states import LANE_RANKS, Lane, NoticeState
from bot.storage.columns import Moment
from bot.storage.database import Database
from bot.storage.tables import (
    autopay_consents,
    autopays,
    connectors,
    customers,
    extensions,
    outbox,
    payers,
    saved_cards,
)
from bot.storage.tx import Tx

FIRST_CUSTOMER = 20_000_000
TARIFF, CURRENCY, PROVIDER = "line", "RUB", "yookassa"
NOON = 12
SPREAD_DAYS = 30
AT_ONCE = 100_000
"""What a server of the books does within the time that it is given for one statement."""


async def fill(database: Database, count: int, *, due: int) -> None:
    """Write so many: as many as are `due` may be charged now, the others wait for one of the next days."""
    for first in range(0, count, AT_ONCE):
        numbers = range(first + 1, min(first + AT_ONCE, count) + 1)
        await database.write(lambda tx, numbers=numbers: _fill(tx, numbers, due))  # type: ignore[misc]  # defaults in a lambda


def _fill(tx: Tx, numbers: range, due: int) -> None:
    moment = now()
    zone = _where_it_is_noon(moment)
    today, before = moment.astimezone(zone).date(), moment - timedelta(days=5)
    _people(tx, numbers, zone, moment)
    _connectors(tx, numbers, today + timedelta(days=1), moment)
    _cards(tx, numbers, moment)
    _autopays(tx, numbers, today, moment, announced=_notice(tx, before), due=due)
    _consents(tx, numbers, before)


def _within(who: ColumnElement[int], numbers: range) -> ColumnElement[bool]:
    return who.between(FIRST_CUSTOMER + numbers[0], FIRST_CUSTOMER + numbers[-1])


def _people(tx: Tx, numbers: range, zone: ZoneInfo, moment: datetime) -> None:
    number = select(literal(numbers[0]).label("i")).cte("numbers", recursive=True)
    number = number.union_all(select(number.c.i + 1).where(number.c.i < numbers[-1]))
    who = FIRST_CUSTOMER + number.c.i
    _into(
        tx,
        customers,
        select().select_from(number),
        id=who,
        name=literal("Anna Petrova"),
        language=literal("ru"),
        email=_name(who) + "@example.org",
        zone=literal(zone.key),
        created_at=literal(moment, Moment),
    )
    of_each = select().where(_within(customers.c.id, numbers))
    _into(tx, payers, of_each, customer_id=customers.c.id, created_at=literal(moment, Moment))


def _connectors(tx: Tx, numbers: range, paid_until: date, moment: datetime) -> None:
    of_each, name = select().where(_within(payers.c.customer_id, numbers)), _name(payers.c.customer_id)
    created = {"created_at": literal(moment, Moment)}
    of_kind = {"kind": literal("line"), "title": literal("+7 999"), "tariff": literal(TARIFF)}
    until = literal(paid_until, Date)
    _into(tx, connectors, of_each, id=name, payer_id=payers.c.id, paid_until=until, **of_kind, **created)
    cause = literal("import")
    _into(tx, extensions, of_each, connector_id=name, to_date=until, cause=cause, **created)


def _cards(tx: Tx, numbers: range, moment: datetime) -> None:
    _into(
        tx,
        saved_cards,
        select().where(_within(payers.c.customer_id, numbers)),
        customer_id=payers.c.customer_id,
        provider=literal(PROVIDER),
        method=literal(PROVIDER),
        token=_name(payers.c.customer_id),
        masked=literal("•••• 4444"),
        remembered=true(),
        created_at=literal(moment, Moment),
    )


def _notice(tx: Tx, sent_at: datetime) -> int:
    """One that was delivered, by which all of them were announced."""
    row = {
        "address": FIRST_CUSTOMER + 1,
        "kind": "autopay_announced",
        "lane": LANE_RANKS[Lane.REMINDERS],
        "payload": {},
        "informs": False,
        "state": NoticeState.SENT.value,
        **dict.fromkeys(("due_at", "created_at", "sent_at"), sent_at),
    }
    return int(tx.connection.execute(insert(outbox).returning(outbox.c.id), row).scalar_one())


def _autopays(tx: Tx, numbers: range, today: date, moment: datetime, *, announced: int, due: int) -> None:
    price, who, at = _price(), payers.c.customer_id, literal(moment, Moment)
    later = [literal(moment + timedelta(days=day), Moment) for day in range(1, SPREAD_DAYS + 1)]
    some_day = case(*((who % SPREAD_DAYS == n, each) for n, each in enumerate(later)), else_=at)
    is_due = who <= FIRST_CUSTOMER + due
    _into(
        tx,
        autopays,
        select()
        .join_from(payers, saved_cards, saved_cards.c.customer_id == who)
        .where(_within(payers.c.customer_id, numbers)),
        reference=_name(who),
        customer_id=who,
        payer_id=payers.c.id,
        connector_id=_name(who),
        currency=literal(CURRENCY),
        minor=literal(price.minor, BigInteger),
        months=literal(1, Integer),
        card_id=saved_cards.c.id,
        state=literal(AutopayState.ACTIVE.value),
        cycle=literal((today + timedelta(days=1)).isoformat()),
        charge_on=literal(today, Date),
        step=case((is_due, literal(AutopayStep.CHARGE.value)), else_=literal(AutopayStep.ANNOUNCE.value)),
        due_at=case((is_due, at), else_=some_day),
        announced=literal(announced, BigInteger),
        announced_minor=literal(price.minor, BigInteger),
        created_at=at,
        changed_at=at,
    )


def _consents(tx: Tx, numbers: range, given_at: datetime) -> None:
    its = autopays.c
    _into(
        tx,
        autopay_consents,
        select().where(_within(its.customer_id, numbers)),
        autopay_id=its.id,
        customer_id=its.customer_id,
        text=literal("Согласен на списание раз в месяц."),
        version=literal("1"),
        language=literal("ru"),
        currency=its.currency,
        minor=its.minor,
        months=its.months,
        days=its.days,
        first_on=its.charge_on,
        card=literal("•••• 4444"),
        given_at=literal(given_at, Moment),
    )


def _into(tx: Tx, table: Table, rows: Select[Any], **values: Any) -> None:
    tx.connection.execute(insert(table).from_select(list(values), rows.add_columns(*values.values())))


def _name(who: ColumnElement[int]) -> ColumnElement[str]:
    return literal("autopay-") + cast(who, String)


def _price() -> Money:
    tariff = read_catalogue(Path("catalog.example.toml")).tariff(TARIFF)
    period = tariff.period(1) if tariff else None
    price = period.price(CURRENCY) if period else None
    assert price is not None, f"{TARIFF} is sold by the month"
    return price


def _where_it_is_noon(moment: datetime) -> ZoneInfo:
    """Nobody is charged by night, and this is measured at any hour."""
    behind = moment.hour - NOON
    return ZoneInfo(f"Etc/GMT{behind:+d}" if behind else "Etc/GMT")
