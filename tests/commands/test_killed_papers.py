"""SIGKILL while a statement is loaded or invoices are formed: each line and each charge counts once."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app.kassir import open_kassir
from bot.config import load_settings
from bot.domain.billing import month_of, moved
from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.seller import Charge
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.commands.dying_papers import FORMING_STEPS, STATEMENT_STEPS
from tests.commands.test_commands import seller, typed
from tests.payers import ROMASHKA
from tests.statements import Transfer, one_c

__all__ = ["seller"]  # the folder that the commands work in

ANNA = 1001
LINES = tuple(f"wa-{place}" for place in range(5))
SIPS = tuple(f"sip-{place}" for place in range(3))


def prepared(fill: Callable[[House, Database], Coroutine[Any, Any, None]]) -> None:
    async def prepare() -> None:
        async with open_kassir(load_settings()) as kassir:
            await kassir.house.customers.greet(ANNA, name="Anna", language="en")
            await fill(kassir.house, kassir.database)

    asyncio.run(prepare())


def dies(step: str, times: int, *words: str) -> bool:
    """Whether the axe fell; nothing else ends the process."""
    code = subprocess.run(
        [sys.executable, "-m", "tests.commands.dying_papers", step, str(times), *words],
        check=False,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        timeout=60,
    ).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def counted(question: str) -> int:
    with sqlite3.connect(f"file:{Path('var/kassir.db')}?mode=ro", uri=True) as books:
        return int(books.execute(f"select count(*) from {question}").fetchone()[0])


async def invoices_of_anna(house: House, database: Database) -> None:
    """One for each line, and the statement that pays them all."""

    def lines(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        for each in LINES:
            tx.connectors.add(Connector(each, "whatsapp", each, "whatsapp", payer, None, None))

    await database.write(lines)
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    transfers = []
    for place, each in enumerate(LINES):
        order = await house.orders.place(ANNA, [each], 1, payer_id=firm.id)
        invoice = await house.invoices.issue(ANNA, order.id, "RUB")
        transfers.append(Transfer(invoice.total.decimal(), invoice.purpose, number=str(place)))
    Path("kl_to_1c.txt").write_bytes(one_c(*transfers))


@pytest.mark.parametrize("step", STATEMENT_STEPS)
def test_killed_while_a_statement_is_loaded(step: str) -> None:
    prepared(invoices_of_anna)
    assert dies(step, 1, "statement", "kl_to_1c.txt")
    assert not dies("none", 1, "statement", "kl_to_1c.txt")
    assert counted("statement_lines where state = 'booked'") == len(LINES)
    assert counted("invoices where state = 'paid'") == len(LINES)
    assert counted("extensions where cause = 'order'") == len(LINES)
    assert counted("outbox where kind = 'paid'") == len(LINES)
    assert typed("books").output == f"The books are clean: {2 * len(LINES)} transfers.\n"


async def charges_of_last_month(house: House, database: Database) -> None:
    """Two connectors of Anna's, and one of nobody's."""

    def lines(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        for each in SIPS:
            owner = payer if each != SIPS[-1] else None
            tx.connectors.add(Connector(each, "line", each, "sip", owner, None, None))

    await database.write(lines)
    month = moved(month_of(now(), load_settings().timezone), -1)
    at = datetime.fromisoformat(f"{month}-15T12:00:00").replace(tzinfo=UTC)
    money = Money(100, "RUB")
    told = [Charge(f"{each}-{turn}", each, at, money) for each in SIPS for turn in range(2)]
    await house.seller.add_charges(told, None)


@pytest.mark.parametrize("step", FORMING_STEPS)
def test_killed_while_invoices_are_formed(step: str) -> None:
    prepared(charges_of_last_month)
    assert dies(step, 1, "form")
    assert not dies("none", 1, "form")
    assert counted("invoices where kind = 'regular' and minor = 400") == counted("invoices") == 1
    assert counted("outbox where kind = 'billing_formed'") == 1
    assert counted("billing_runs where state = 'formed' and carried = 2") == 1
    assert typed("books").exit_code == 0
