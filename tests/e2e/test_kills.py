"""SIGKILL at each step between the tap and the notice: books stay exact, and everybody is told in the end."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox
from sandbox.yookassa.driver import Bank
from tests.e2e.customers import ask_for_link, clean_books

Step = Callable[[Person, Telegram, Bank], Awaitable[None]]


async def while_the_link_is_made(anna: Person, telegram: Telegram, bank: Bank) -> None:
    await bank.faults(api="hang")
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    tap = asyncio.create_task(anna.taps("Карта или СБП"))  # its answer would come after the bank's
    await bank.is_asked("POST", "/v3/payments")
    tap.cancel()


async def before_the_money(anna: Person, telegram: Telegram, bank: Bank) -> None:
    await ask_for_link(anna)


async def while_the_bank_is_asked_back(anna: Person, telegram: Telegram, bank: Bank) -> None:
    await ask_for_link(anna)
    await bank.faults(api="hang")
    await bank.pays(await bank.newest())
    await bank.is_asked("GET", "/v3/payments/")


async def when_booked_but_not_told(anna: Person, telegram: Telegram, bank: Bank) -> None:
    await ask_for_link(anna)
    await telegram.faults(connection="reset")
    await bank.pays(await bank.newest())
    await bank.is_heard()


async def while_it_is_told(anna: Person, telegram: Telegram, bank: Bank) -> None:
    await ask_for_link(anna)
    await telegram.faults(answers="after 2000 ms")
    await bank.pays(await bank.newest())
    await bank.is_heard()


@pytest.mark.parametrize(
    "step",
    [
        while_the_link_is_made,
        before_the_money,
        while_the_bank_is_asked_back,
        when_booked_but_not_told,
        while_it_is_told,
    ],
)
async def test_killed_bot_finishes_its_work_when_it_is_back(
    step: Step, street: Sandbox, telegram: Telegram, bank: Bank, anna: Person, owner: Person
) -> None:
    await step(anna, telegram, bank)
    await street.bot.kill()
    await bank.faults(api="ok")
    await telegram.faults(connection="works", answers="at once")
    await street.bot.start()
    if not await bank.payments():
        await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("✅ Оплачено", within=30, since=0)
    await owner.sees("990", within=30, since=0)
    assert "2 transfers" in await clean_books(street)
