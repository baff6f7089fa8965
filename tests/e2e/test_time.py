"""The time of the street: the bot lives through what is skipped, and what falls due on the way happens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.clock_driver import StreetTime
from sandbox.driver import Person
from sandbox.runner import Sandbox, running_sandbox
from sandbox.screen import shown_text
from sandbox.yookassa.driver import Bank
from tests.e2e.customers import clean_books

LINE = "WhatsApp"
"""Paid for another five days, so that its autopay charges in four."""

HOUR = 3600
LATE = HOUR
"""Time goes by hours: what is due may be done so much later."""


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path / "street", settings={"YOOKASSA__RECURRING": "true"}) as street:
        yield street


@pytest.fixture
async def time(street: Sandbox) -> AsyncIterator[StreetTime]:
    async with StreetTime(street.at.page) as time:
        yield time


async def save_a_card(anna: Person, bank: Bank) -> None:
    await anna.says("/pay")
    await anna.taps("Telegram")
    await anna.taps("1 месяц")
    await anna.taps("Карта или СБП")
    await anna.taps("☐ Запомнить карту")
    await anna.sees_button("☑ Запомнить карту")
    await bank.pays(await bank.newest())
    await anna.sees("Карта сохранена")


async def moments_of(anna: Person, *words: str) -> list[int]:
    """When the first message with each of these words came, by Telegram's clock."""
    messages = (await anna.screen())["messages"]
    return [next(m["body"]["date"] for m in messages if each in shown_text(m)) for each in words]


async def test_skipped_days_bring_the_notices_and_then_the_charge(
    street: Sandbox, anna: Person, bank: Bank, time: StreetTime
) -> None:
    await save_a_card(anna, bank)
    await anna.says("/autopay")
    await anna.taps(f"Подключить: {LINE}")
    await anna.taps("Подключить: 990")
    await anna.sees("Автоплатёж подключён")

    before = await time.now()
    assert timedelta(days=5) <= await time.skip(days=5) - before < timedelta(days=5, minutes=2)
    await anna.sees("✅ Оплачено", since=0)
    connected, announced, reminded, charged = await moments_of(
        anna, "✅ Автоплатёж подключён", "📅", "⏰", "✅ Оплачено: 990"
    )
    assert connected < announced < reminded < charged
    assert charged - announced >= 72 * HOUR
    assert charged - reminded >= 24 * HOUR - LATE

    await time.skip(days=-1)
    await time.skip(days=2)
    paid = [payment["amount"]["value"] for payment in await bank.payments() if payment["paid"]]
    assert paid == ["990.00", "690.00"], "a clock set back charges nothing twice"
    texts = await anna.texts()
    for once in ("✅ Автоплатёж подключён", "📅", "⏰", "✅ Оплачено: 990"):
        assert sum(once in text for text in texts) == 1, once
    await clean_books(street)
