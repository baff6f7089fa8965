"""Every button and every command of the group: who may not, hears a polite no, and nothing changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, get_args

import pytest
from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter
from sqlalchemy import Select, select

from bot.domain.notices import OPERATORS
from bot.domain.refunds import Destination
from bot.domain.states import Role
from bot.domain.talk import Said
from bot.handlers import operators, operators_router
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import metadata, operator_cards, outbox
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import STRANGER, VIEWER, Group, Operator
from tests.handlers.rig import Seen

DAY = "2026-11-01"
WORDS = {"currency": "RUB", "first": DAY, "last": DAY, "day": DAY, "to": next(iter(Destination)).value}
"""What buttons bear that is no number."""

ANONYMOUS_ID = 1087968824
FOR_EVERYBODY = {"id"}
MOVES = ("audit", "transfers", "payments", "orders", "connectors", "customers", "autopays", "talk_messages")
"""Tables that a forbidden press could have changed."""


def routers(router: Router) -> Iterator[Router]:
    yield router
    for below in router.sub_routers:
        yield from routers(below)


def _root() -> Router:
    for part in vars(operators).values():
        if isinstance(found := getattr(part, "router", None), Router):
            found._parent_router = None
    return operators_router()


def buttons() -> list[type[CallbackData]]:
    """Every kind of button that some handler of the group answers."""
    found = {
        each.callback.callback_data
        for router in routers(_root())
        for handler in router.callback_query.handlers
        for each in handler.filters or ()
        if isinstance(each.callback, CallbackQueryFilter)
    }
    return sorted(found, key=lambda kind: kind.__name__)


def commands() -> list[str]:
    found = {
        str(name)
        for router in routers(_root())
        for handler in router.message.handlers
        for each in handler.filters or ()
        if isinstance(each.callback, Command)
        for name in each.callback.commands
    }
    return sorted(found - FOR_EVERYBODY)


def pressed(kind: type[CallbackData]) -> str:
    """Such a button, of the first thing there is, pressed for the last time: the one that acts."""
    return kind(**{name: _sample(name, field.annotation) for name, field in kind.model_fields.items()}).pack()


def _sample(name: str, wanted: Any) -> Any:
    options = [each for each in get_args(wanted) if each is not type(None)]
    kind = options[0] if options else wanted
    if kind is bool:
        return name == "sure"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if kind is date:
        return date(2026, 11, 1)
    return WORDS.get(name, "1") if kind is str else 1


async def contents(database: Database) -> dict[str, list[Any]]:
    """What counts: where a card hangs, and what the group was told, any viewer may change."""
    queries: dict[str, Select[Any]] = {name: select(metadata.tables[name]) for name in MOVES}
    columns = operator_cards.c
    queries["cards"] = select(columns.id, columns.state, columns.closed_by, columns.taken_by, columns.answer)
    queries["told"] = select(outbox.c.id).where(outbox.c.address != OPERATORS)
    return await database.read(
        lambda tx: {name: list(tx.connection.execute(query)) for name, query in queries.items()}
    )


@pytest.fixture
async def card(house: House, group: Group) -> Seen:
    await house.orders.place(ANNA, ["wa-1"], 1)
    await house.talk.ask(ANNA, Said(1, "Где линия?"))
    return (await group.hang_up_news())[-1]


def _anonymous(group: Group) -> Operator:
    person = Operator.__new__(Operator)
    person.group, person.id = group, ANONYMOUS_ID
    person.user = {"id": ANONYMOUS_ID, "is_bot": True, "first_name": "Group"}
    return person


def test_there_are_buttons_and_commands_to_walk_over() -> None:
    assert {"Give", "Dismiss", "Take", "WriteTo", "AuditFile"} <= {kind.__name__ for kind in buttons()}
    assert {"cards", "close", "paid", "audit"} <= set(commands())


@pytest.mark.parametrize("who", ["stranger", "anonymous", "viewer"])
async def test_no_button_does_anything_for_who_may_not(
    house: House, group: Group, sqlite_database: Database, card: Seen, who: str
) -> None:
    people = {"stranger": group.person(STRANGER), "viewer": group.person(VIEWER)}
    person = people.get(who) or _anonymous(group)
    before, wrong = await contents(sqlite_database), []
    for kind in buttons():
        told = len(group.telegram.answers)
        await person.taps_data(pressed(kind), card)
        answer = group.telegram.answers[told:]
        said = " ".join(each.text for each in answer)
        polite = {"stranger": str(STRANGER), "anonymous": "аноним", "viewer": ""}[who]
        if not answer or polite.casefold() not in said.casefold() or "сломалось" in said:
            wrong.append(f"{kind.__name__}: {said!r}")
    assert wrong == []
    assert await contents(sqlite_database) == before


async def test_no_command_does_anything_for_strangers(
    house: House, group: Group, sqlite_database: Database, card: Seen
) -> None:
    stranger, before = group.person(STRANGER), await contents(sqlite_database)
    for name, rest in itertools.product(commands(), ("", " 1 1")):
        await stranger.says(f"/{name}{rest}")
        assert str(STRANGER) in group.newest.text, f"/{name}{rest}: {group.newest.text}"
    assert await contents(sqlite_database) == before


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    order = [Role.VIEWER, Role.OPERATOR, Role.CASHIER, Role.OWNER]
    for lower, higher in itertools.combinations(order, 2):
        assert higher.includes(lower) and not lower.includes(higher)
