"""What must hold after a year in which everything goes wrong by chance; KASSIR_YEAR is how many people."""

from __future__ import annotations

import os
import random
import secrets
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from bot.domain import periods
from bot.domain.autopay_times import NOTICE, is_day
from bot.domain.autopays import Autopay
from bot.domain.catalogue import Catalogue
from bot.domain.events import Paid
from bot.domain.states import AttemptKind, PaymentState
from bot.services.autopay import agreements
from bot.services.zones import zone_of
from bot.storage.database import Database
from bot.storage.payloads import from_json
from bot.storage.tables import attempts, autopays, events, outbox, payments
from bot.storage.tx import Tx
from tests.services.autopay_year import BEGINS, Year

PEOPLE = int(os.environ.get("KASSIR_YEAR", "4"))
STEP = timedelta(hours=1 if PEOPLE > 100 else 4)
SECONDS = 120 + 30 * PEOPLE
SEED = int(os.environ.get("KASSIR_SEED", "7"))
MOST_TRIES = 4
_TOLD_BEFORE = ("autopay_announced", "autopay_reminded")
SELLERS = ZoneInfo("Europe/Moscow")


async def a_year(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, *, days: int = 365
) -> Year:
    names = random.Random(SEED)
    monkeypatch.setattr(agreements, "new_reference", lambda: f"autopay-{names.getrandbits(60)}")
    monkeypatch.setattr(secrets, "randbits", random.Random(SEED).getrandbits)
    with time_machine.travel(BEGINS, tick=False) as traveller:
        year = Year(database, catalogue, traveller, SEED, PEOPLE, STEP)
        await year.run(days)
        await _check(year, database)
    return year


@pytest.mark.timeout(SECONDS)
async def test_a_year_of_faults_charges_each_cycle_once_or_accounts_for_it(
    database: Database,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    year = await a_year(database, catalogue, monkeypatch)
    told = f"{PEOPLE} people, seed {SEED}: {len(year.bank.charges)} charges; {year.counts}"
    record_property("year", told)
    sys.stderr.write(told + "\n")
    assert len(year.bank.charges) > 2 * PEOPLE


async def test_the_same_seed_is_the_same_year(
    sqlite_database: Database,
    postgres_database: Database,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = await a_year(sqlite_database, catalogue, monkeypatch, days=60)
    other = await a_year(postgres_database, catalogue, monkeypatch, days=60)
    assert _story(one) == _story(other)


def _story(year: Year) -> list[tuple[str, str]]:
    return [(charge.token, str(charge.amount)) for charge in year.bank.charges]


async def _check(year: Year, database: Database) -> None:
    """All that is wrong, not the first thing alone: a year is long."""
    proof = await year.house.books.prove()
    wrong = list(proof.disagreements)
    for rule in _RULES:
        try:
            await database.read(partial(rule, year=year))
        except AssertionError as broken:
            wrong.append(f"{rule.__name__}: {str(broken)[:500]}")
    assert wrong == []


def _ledger_is_the_banks(tx: Tx, year: Year) -> None:
    """To the kopeck: what the bank says that it took, we booked, each movement once."""
    taken = {
        sale.told.movement: sale.told.amount
        for sale in year.bank.sales.values()
        if isinstance(sale.told, Paid)
    }
    rows = tx.connection.execute(select(events).where(events.c.kind == "paid"))
    booked = {row.movement: (row.minor, row.currency) for row in rows if row.fate == "booked"}
    assert booked == {movement: (amount.minor, amount.currency) for movement, amount in taken.items()}


def _no_cycle_is_charged_twice(tx: Tx, year: Year) -> None:
    query = (
        select(attempts.c.autopay_id, attempts.c.cycle, payments.c.id)
        .join(payments, payments.c.id == attempts.c.payment_id)
        .where(attempts.c.kind == AttemptKind.CHARGE.value, payments.c.state == PaymentState.SUCCEEDED.value)
        .distinct()
    )
    paid = Counter((row.autopay_id, row.cycle) for row in tx.connection.execute(query))
    assert [cycle for cycle, times in paid.items() if times > 1] == []


def _each_charge_was_announced(tx: Tx, year: Year) -> None:
    """By day, 72 hours after it was told and a day after the reminder, and never more than was told."""
    told: dict[tuple[str, int], list[tuple[datetime, int]]] = defaultdict(list)
    for row in tx.connection.execute(select(outbox).where(outbox.c.kind.in_(_TOLD_BEFORE))):
        if row.kind == "autopay_announced" and row.sent_at is None:
            continue  # it reached nobody
        payload = from_json(row.payload)
        told_at = row.sent_at if row.kind == "autopay_announced" else row.created_at
        told[row.kind, payload["autopay_id"]].append((told_at, payload["amount"].minor))
    query = select(attempts).where(attempts.c.kind == AttemptKind.CHARGE.value)
    for call in tx.connection.execute(query.order_by(attempts.c.id)):
        autopay = tx.autopays.get(call.autopay_id)
        assert autopay is not None
        customer = tx.customers.get(autopay.customer_id)
        assert customer is not None
        assert is_day(call.sent_at, zone_of(customer, SELLERS))
        announced = [
            each for each in told["autopay_announced", autopay.id] if each[0] <= call.sent_at - NOTICE
        ]
        assert announced, f"attempt {call.id} was not announced in time"
        reminded = [each for each in told["autopay_reminded", autopay.id] if each[0] <= call.sent_at]
        assert reminded, f"attempt {call.id}: nobody was reminded"
        assert call.minor <= max(
            amount for at, amount in announced if at >= call.sent_at - timedelta(days=60)
        )


def _tries_stay_within_limits(tx: Tx, year: Year) -> None:
    """Four declines in a cycle at most, and none after a final one."""
    query = select(attempts).where(attempts.c.kind == AttemptKind.CHARGE.value).order_by(attempts.c.id)
    declined: dict[tuple[int, str, int], list[Any]] = defaultdict(list)
    for call in tx.connection.execute(query):
        payment = tx.payments.get(call.payment_id)
        assert payment is not None
        if payment.state is PaymentState.REFUSED and payment.refusal not in ("link_expired", "cancelled"):
            declined[call.autopay_id, call.cycle, payment.card_id or 0].append(payment)
    for tries in declined.values():
        assert (
            len({payment.id for payment in tries}) <= 2 * MOST_TRIES
        )  # a tap may begin the cycle anew, once


def _nothing_is_forgotten(tx: Tx, year: Year) -> None:
    """Whatever is to be charged has its moment; what is under way is asked after."""
    for row in tx.connection.execute(
        select(autopays.c.id).where(autopays.c.state.in_(["active", "retrying"]))
    ):
        autopay = tx.autopays.get(row.id)
        assert autopay is not None
        if autopay.due_at is None:
            assert _is_asked_after(tx, autopay), f"autopay {autopay.id} waits for nothing"
        else:
            assert autopay.due_at > periods.now() - timedelta(days=1), f"autopay {autopay.id} is overdue"


def _is_asked_after(tx: Tx, autopay: Autopay) -> bool:
    calls = tx.attempts.charges_in(autopay.id, autopay.cycle)
    found = [tx.payments.get(call.payment_id) for call in calls]
    return any(payment is not None and payment.next_ask_at is not None for payment in found)


def _each_thing_is_told_once(tx: Tx, year: Year) -> None:
    kinds = ("autopay_announced", "autopay_reminded")
    told: Counter[tuple[str, int, str]] = Counter()
    for row in tx.connection.execute(select(outbox).where(outbox.c.kind.in_(kinds), outbox.c.email == "")):
        payload = from_json(row.payload)
        told[row.kind, payload["autopay_id"], str(payload["charge_on"])] += 1
    assert [what for what, times in told.items() if times > 1] == []


_RULES: tuple[Callable[..., None], ...] = (
    _ledger_is_the_banks,
    _no_cycle_is_charged_twice,
    _each_charge_was_announced,
    _tries_stay_within_limits,
    _nothing_is_forgotten,
    _each_thing_is_told_once,
)
