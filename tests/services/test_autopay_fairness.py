"""Who waits for whom when much is due: no provider for another, no first charge for old failures."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.domain import periods
from bot.domain.autopays import Autopay, AutopayStep
from bot.domain.catalogue import Catalogue
from bot.services.autopay.charging import AutopayCharging
from bot.services.autopay.pace import AutopayPace
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.steps import AutopaySteps
from bot.storage.database import Database
from bot.storage.tables import autopays, saved_cards
from bot.storage.tx import Tx
from tests.autopays import connect
from tests.services.conftest import ANNA


class Charges:
    """Notes who is charged; the calls of a slow provider end when `go_on` is set."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.made: list[tuple[int, AutopayStep]] = []
        self.slow: set[int] = set()
        self.go_on = asyncio.Event()

    def rate(self, provider: str) -> float:
        return 1000.0

    async def make(self, autopay_id: int, step: AutopayStep) -> None:
        self.made.append((autopay_id, step))
        if autopay_id in self.slow:
            await self.go_on.wait()
        done = update(autopays).where(autopays.c.id == autopay_id).values(due_at=None)
        await self.database.write(lambda tx: tx.connection.execute(done))


@pytest.fixture
def charges(sqlite_database: Database) -> Charges:
    return Charges(sqlite_database)


@pytest.fixture
def charging(sqlite_database: Database, charges: Any) -> AutopayCharging:
    return AutopayCharging(sqlite_database, charges, AutopayPace(sqlite_database))


def _due(count: int, *, step: AutopayStep, provider: str = "fake", longest: int = 60) -> Any:
    """So many autopays that wait at a step, each for a minute less than the one before it."""

    def write(tx: Tx) -> list[int]:
        tx.customers.add(ANNA, name="Anna", language="en")
        ids = []
        for place in range(count):
            token = f"{provider}-{step.value}-{place}"
            at = periods.now() - timedelta(minutes=longest - place / 10)
            made = connect(tx, ANNA, token=token, step=step.value, due_at=at, state="revoked")
            owner = update(saved_cards).where(saved_cards.c.id == made.card_id).values(provider=provider)
            tx.connection.execute(owner)
            ids.append(made.autopay_id)
        return ids

    return write


async def test_a_provider_that_does_not_answer_keeps_no_other_waiting(
    sqlite_database: Database, charges: Charges, charging: AutopayCharging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.autopay.charging.UNDER_WAY", 3)
    slow = _due(20, step=AutopayStep.CHARGE, provider="slow", longest=600)
    charges.slow = set(await sqlite_database.write(slow))
    quick = await sqlite_database.write(_due(20, step=AutopayStep.CHARGE, provider="quick"))
    async with asyncio.timeout(20):
        while not set(quick) <= {autopay_id for autopay_id, _step in charges.made}:
            await charging.charge_due(10)
    assert len([each for each, _step in charges.made if each in charges.slow]) == 3
    charges.go_on.set()
    async with asyncio.timeout(20):
        while await charging.charge_due(10):
            pass
    assert Counter(each for each, _step in charges.made) == Counter([*charges.slow, *quick])


async def test_old_failures_take_a_quarter_while_first_charges_wait(
    sqlite_database: Database, charges: Charges, charging: AutopayCharging
) -> None:
    await sqlite_database.write(_due(100, step=AutopayStep.RETRY, longest=5_000))
    await sqlite_database.write(_due(100, step=AutopayStep.CHARGE))
    await charging.charge_due(40)
    assert Counter(step for _id, step in charges.made) == {AutopayStep.CHARGE: 30, AutopayStep.RETRY: 10}
    while await charging.charge_due(40):
        pass
    assert len(charges.made) == 200


async def test_one_step_that_fails_holds_up_no_other(
    sqlite_database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = AutopayPlan(catalogue, ZoneInfo("Europe/Moscow"))
    first, *others = await sqlite_database.write(_due(9, step=AutopayStep.PLAN))
    done: list[int] = []

    def fail_at_first(tx: Tx, autopay: Autopay) -> None:
        if autopay.id == first:
            raise ZeroDivisionError
        done.append(autopay.id)
        tx.autopays.change(autopay.id, due_at=None)

    monkeypatch.setattr(plan, "plan", fail_at_first)
    steps = AutopaySteps(sqlite_database, plan)
    with pytest.raises(ZeroDivisionError):
        await steps.do_due()
    assert sorted(done) == others
