"""The whole street with the real bot in it, and the people who walk there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox, running_sandbox
from sandbox.yookassa.driver import Bank
from tests.browser import browser, pictures  # noqa: F401 (fixtures of this folder)

ANNA, BOB, AIGUL, ALES = 1001, 1002, 1003, 1004
OWNER, CASHIER, OPERATOR = 2001, 2002, 2004


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path / "street") as street:
        yield street


@pytest.fixture
async def telegram(street: Sandbox) -> AsyncIterator[Telegram]:
    async with Telegram(street.at.page) as telegram:
        yield telegram


@pytest.fixture
async def bank(street: Sandbox) -> AsyncIterator[Bank]:
    async with Bank(street.at.bank) as bank:
        yield bank


@pytest.fixture
async def anna(telegram: Telegram) -> Person:
    """Reads Russian; the bot knows where her receipts go."""
    anna = telegram.person(ANNA)
    await anna.says("/start")
    await anna.taps("Настройки")
    await anna.taps("Изменить почту")
    await anna.says("anna@example.org")
    await anna.sees("anna@example.org")
    return anna


@pytest.fixture
def bob(telegram: Telegram) -> Person:
    """Reads English, has one connector and a line that waits for his contact."""
    return telegram.person(BOB)


@pytest.fixture
def owner(telegram: Telegram) -> Person:
    return telegram.person(OWNER, chat="group")
