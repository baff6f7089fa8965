"""What waits for operators: by duty, and told by itself every morning and evening."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from bot.domain.errors import CustomerError
from bot.domain.states import EventFate
from bot.domain.talk import Said
from bot.domain.to_do import DUTY_OF, Duty, duty_of
from bot.i18n.to_do_words import undelivered_words
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import day_differences, operator_cards, outbox
from bot.storage.tx import Tx
from tests.services.conftest import ANNA, BOB, OWNER, STRANGER, VIEWER
from tests.services.money import notices
from tests.services.test_desk import refused_with

MOSCOW = ZoneInfo("Europe/Moscow")
MORNING = datetime(2026, 11, 22, 9, 1, tzinfo=MOSCOW)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


async def ask(house: House, customer: int = ANNA) -> None:
    await house.talk.ask(customer, Said(1, "?"))


async def test_nothing_waits_at_first(house: House) -> None:
    assert await house.to_do.waiting(VIEWER) == []


async def test_cards_are_counted_by_duty_and_hang_up_again(house: House, database: Database) -> None:
    await ask(house)
    await ask(house, BOB)
    await house.connectors.find(ANNA, "my line")
    await database.write(lambda tx: tx.cards.add("money_review", "event:1", {}))
    ids = select(operator_cards.c.id).order_by(operator_cards.c.id)
    first, second, third, _money = await database.read(lambda tx: tx.connection.scalars(ids).all())
    late = update(operator_cards).values(due_at=MORNING - timedelta(minutes=1))
    await database.write(lambda tx: tx.connection.execute(late.where(operator_cards.c.id == second)))
    talk, money = await house.to_do.waiting(VIEWER)
    assert (talk.duty, talk.count, talk.overdue) == (Duty.TALK, 3, 1)
    assert (money.duty, money.count) == (Duty.MONEY, 1)
    cards = await house.to_do.cards(VIEWER, Duty.TALK)
    assert [card.id for card in cards] == [second, first, third], "what is late comes first"


async def test_what_could_not_be_sent_waits_as_well(house: House, database: Database) -> None:
    await database.write(lambda tx: tx.outbox.to_customer(ANNA, "answer", text="…"))
    died = update(outbox).values(state="dead", last_error="400: can't parse <anna@example.org>")
    await database.write(lambda tx: tx.connection.execute(died))
    (letters,) = await house.to_do.waiting(VIEWER)
    assert (letters.duty, letters.count) == (Duty.LETTERS, 1)
    (lost,) = await house.to_do.undelivered(VIEWER)
    assert (lost.customer_id, lost.name, lost.email, lost.at) == (ANNA, "Anna", "", MORNING)
    assert "anna@example.org" not in undelivered_words(lost)
    await database.write(lambda tx: tx.customers.set_reachable(ANNA, False))
    assert await house.to_do.waiting(VIEWER) == [], "she has shut the chat: nothing is to be mended"
    assert await house.to_do.undelivered(VIEWER) == []
    await refused_with("not_allowed", house.to_do.undelivered(STRANGER))


async def test_a_day_that_differs_waits_until_somebody_says_why(house: House, database: Database) -> None:
    def differ(tx: Tx) -> None:
        seen = {"found_at": MORNING, "currency": "RUB", "theirs_minor": 99_000, "says": "missing_here"}
        for number, day in enumerate((date(2026, 11, 21), date(2026, 11, 20))):
            of = {"day": day, "provider": "fake", "kind": "paid", "movement": f"m-{number}"}
            tx.connection.execute(day_differences.insert(), seen | of)

    await database.write(differ)
    (days,) = await house.to_do.waiting(VIEWER)
    assert (days.duty, days.count, days.day) == (Duty.DAYS, 2, date(2026, 11, 20))
    settled = update(day_differences).values(settled_at=MORNING, how="explained")
    await database.write(lambda tx: tx.connection.execute(settled))
    assert await house.to_do.waiting(VIEWER) == []


async def test_strangers_are_told_nothing(house: House) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.to_do.waiting(STRANGER)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.to_do.cards(STRANGER, Duty.TALK)


async def test_the_summary_is_told_once_a_morning_and_once_an_evening(
    house: House, database: Database, clock: time_machine.Traveller
) -> None:
    await ask(house)
    told = await asyncio.gather(*(house.to_do.tell_due() for _time in range(3)))
    assert sum(told) == 1
    assert (await notices(database)).count("summary") == 1
    clock.move_to(MORNING.replace(hour=13))
    assert await house.to_do.tell_due() == 0, "too late for the morning's"
    clock.move_to(MORNING.replace(hour=20))
    assert await house.to_do.tell_due() == 1


async def test_a_quiet_day_needs_no_summary(house: House, database: Database) -> None:
    assert await house.to_do.tell_due() == 1
    assert "summary" not in await notices(database)


async def test_an_owner_sees_all_that_a_viewer_sees(house: House) -> None:
    await ask(house)
    assert await house.to_do.waiting(OWNER) == await house.to_do.waiting(VIEWER)


def test_every_kind_of_card_has_its_duty() -> None:
    added = set(added_kinds())
    assert {"review", "order_work", "money_second", "money_suspense", "refund_asked"} <= added
    assert {kind for kind in added if kind not in DUTY_OF and not kind.startswith("refund")} == set()
    assert set(DUTY_OF) <= added, "nothing waits under a kind that nobody hangs up"
    assert duty_of("refund_failed") is Duty.REFUNDS


def added_kinds() -> Iterator[str]:
    """What services hang up, as they call it where they do."""
    for path in Path("bot/services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "tx.cards.add":
                yield from _kinds_of(node.args[0], ".".join(path.with_suffix("").parts))


def _kinds_of(kind: ast.expr, module: str) -> list[str]:
    if isinstance(kind, ast.JoinedStr):
        return [f"money_{fate.value}" for fate in (EventFate.SUSPENSE, EventFate.REVIEW)]
    return [eval(ast.unparse(kind), vars(import_module(module)))]
