"""A process killed at each step between tap and notice: the books are exact, and the notice is sent."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sandbox.driver import NotSeenError, Person, Telegram
from sandbox.runner import Sandbox, running_sandbox
from sandbox.seller.driver import Cabinet
from sandbox.street import EVERY_BUTTON
from sandbox.terminal.driver import Terminals
from sandbox.yookassa.driver import Bank
from tests.e2e.dying_bot import AT_THE_TERMINAL, DIE_AT, IN_THE_CHAT, STEPS

DYING = (sys.executable, "-m", "tests.e2e.dying_bot")
BOB, BOBS = 1002, "wa-7101"
DEATH_WITHIN = 20
TOLD_WITHIN = 30


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path / "street", program=DYING) as street:
        yield street


@pytest.mark.timeout(400)
async def test_killed_at_each_step_it_books_once_and_tells(street: Sandbox) -> None:
    async with Telegram(street.at.page) as telegram, Bank(street.at.bank) as bank:
        bob = telegram.person(BOB)
        await give_an_address(bob)
        for rounds, step in enumerate(STEPS, start=1):
            await die_at(street, step, bob, bank)
            await street.bot.start()
            if await paid(bank) < rounds:
                await pay(bob, bank)
            await told_of(bob, rounds)
            assert await street.books() == (0, f"The books are clean: {2 * rounds} transfers.\n"), step
            assert extensions(street) == rounds, step
        async with Cabinet(street.at.seller) as cabinet:
            await cabinet.sees_line(BOBS, sequence=len(STEPS))


@pytest.mark.timeout(300)
async def test_killed_while_terminals_and_telegram_bring_money(tmp_path: Path) -> None:
    running = running_sandbox(tmp_path / "street", program=DYING, settings=EVERY_BUTTON)
    async with running as street, Telegram(street.at.page) as telegram:
        bob = telegram.person(BOB)
        async with Terminals(street.at.terminal) as terminals:
            doors = [(step, partial(at_the_terminal, bob, terminals)) for step in AT_THE_TERMINAL]
            doors += [(step, partial(in_the_chat, bob)) for step in IN_THE_CHAT]
            for rounds, (step, pay_there) in enumerate(doors, start=1):
                await die_while(street, step, pay_there)
                await told_of(bob, rounds)
                assert await street.books() == (0, f"The books are clean: {2 * rounds} transfers.\n"), step
                assert extensions(street) == rounds, step


async def at_the_terminal(bob: Person, terminals: Terminals) -> None:
    """Notes go in once; the network repeats itself until it is answered."""
    await choose(bob, "Terminal or wallet")
    await bob.taps("Show the payment code")
    code = str((await bob.taps("Copy the code"))["copied"])
    assert (await terminals.pays("gorod", code, "990"))["stage"] == "paid"


async def in_the_chat(bob: Person) -> None:
    await choose(bob, "Card inside Telegram")
    await bob.sees_button("Send the invoice again")
    await bob.pays()


async def choose(bob: Person, method: str) -> None:
    await bob.says("/pay")
    await bob.taps("1 month")
    await bob.taps(method)


async def die_while(street: Sandbox, step: str, pay_there: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """The bot is killed on the way and started again; the money does not notice."""
    axe = street.folder / DIE_AT
    axe.write_text(step)
    paying = asyncio.create_task(pay_there())
    await asyncio.wait_for(street.bot.wait(), DEATH_WITHIN)
    axe.unlink()
    await street.bot.start()
    await asyncio.wait_for(paying, TOLD_WITHIN)


async def give_an_address(bob: Person) -> None:
    await bob.says("/start")
    await bob.taps("Settings")
    await bob.taps("Change e-mail")
    await bob.says("bob@example.org")
    await bob.sees("bob@example.org")


async def pay(bob: Person, bank: Bank) -> None:
    """As a person would who gets no answer: begin again with /pay, and pay what the link leads to."""
    while not await linked(bob):
        await asyncio.sleep(0.2)
    await bank.pays(await bank.newest())


async def linked(bob: Person) -> bool:
    try:
        await bob.says("/pay")
        await bob.taps("1 month", within=10)
        await bob.taps("Card or SBP", within=10)
        await bob.sees_button("Pay 990", within=2)
    except NotSeenError:
        return False
    return True


async def paid(bank: Bank) -> int:
    """How many payments the bank has taken money for."""
    return sum(payment["status"] == "succeeded" for payment in await bank.payments())


async def die_at(street: Sandbox, step: str, bob: Person, bank: Bank) -> None:
    """Bob pays, and on the way the bot is killed."""
    axe = street.folder / DIE_AT
    axe.write_text(step)
    paying = asyncio.create_task(pay(bob, bank))
    try:
        await asyncio.wait_for(street.bot.wait(), DEATH_WITHIN)
    finally:
        paying.cancel()
        await asyncio.gather(paying, return_exceptions=True)
        axe.unlink()


async def told_of(bob: Person, payments: int) -> None:
    """At least once of each payment, each by its own number."""
    async with asyncio.timeout(TOLD_WITHIN):
        while len(await told_numbers(bob)) < payments:
            await asyncio.sleep(0.2)


async def told_numbers(bob: Person) -> set[str]:
    told = [text for text in await bob.texts() if "Paid: 990" in text]
    return {line for text in told for line in text.splitlines() if "paid until" in line}


def extensions(street: Sandbox) -> int:
    """How often an order moved a date."""
    with sqlite3.connect(f"file:{street.folder / 'kassir.db'}?mode=ro", uri=True) as books:
        (count,) = books.execute("select count(*) from extensions where cause = 'order'").fetchone()
    return int(count)
