"""Who is known, for how long, and which message is the living one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram.types import User

from bot.domain.customers import Customer
from bot.middlewares import visits
from bot.middlewares.living import LivingMessages
from bot.middlewares.visits import Guests


@dataclass
class Customers:
    """Counts how often the books are asked."""

    greeted: list[int] = field(default_factory=list)
    language: str = "ru"

    async def greet(self, customer_id: int, *, name: str, language: str, username: str) -> Customer:
        self.greeted.append(customer_id)
        return Customer(customer_id, name, self.language, username=username)


def user(id_: int = 1, name: str = "Anna", language: str = "en", username: str | None = None) -> User:
    return User(id=id_, is_bot=False, first_name=name, language_code=language, username=username)


async def language(guests: Guests, who: User, customers: Any) -> str:
    return await guests.language(who, customers)


async def test_somebody_known_costs_no_look_into_the_books() -> None:
    guests, customers = Guests(), Customers()
    for _ in range(3):
        assert await language(guests, user(), customers) == "ru", "what he chose, not what Telegram says"
    assert customers.greeted == [1]


async def test_a_new_name_and_a_change_are_noticed() -> None:
    guests, customers = Guests(), Customers()
    await language(guests, user(), customers)
    await language(guests, user(name="Anne"), customers)
    guests.forget(1)
    await language(guests, user(name="Anne"), customers)
    await language(guests, user(name="Anne", username="anne"), customers)
    await language(guests, user(name="Anne", username="anne"), customers)
    assert len(customers.greeted) == 4


async def test_what_was_chosen_through_another_replica_is_noticed_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = [0.0]
    monkeypatch.setattr(visits, "monotonic", lambda: moment[0])
    guests, customers = Guests(), Customers()
    await language(guests, user(), customers)
    customers.language, moment[0] = "ky", visits.KNOWN_FOR + 1
    assert await language(guests, user(), customers) == "ky"


async def test_memory_of_people_and_chats_is_bounded() -> None:
    guests, customers = Guests(known=10), Customers()
    living = LivingMessages(remembered=10)
    for number in range(1, 50):
        await language(guests, user(number), customers)
        living.saw(number, 5)
    assert len(guests._guests) == 10
    assert len(living._newest) == 10
