"""A process that loads a statement or forms invoices, and kills itself (SIGKILL) at so many calls of a step.

`python -m tests.commands.dying_papers STEP TIMES statement FILE` or `… form`; the step "none" spares it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from bot.app.kassir import open_kassir
from bot.config import load_settings
from bot.services import billing, statements
from bot.services.bank import BankService
from bot.services.billing import BillingService
from bot.services.bills import BillPost
from bot.services.statements import StatementService

STATEMENT_STEPS: dict[str, tuple[type, str]] = {
    "file known, no line kept": (StatementService, "_begin"),
    "some lines kept": (StatementService, "_keep"),
    "all lines kept, none matched": (StatementService, "_loaded"),
    "some lines matched": (StatementService, "_judge"),
    "line booked, not committed": (BankService, "book_to_invoice"),
    "some lines booked": (StatementService, "_settle_line"),
    "all booked, nobody told": (StatementService, "_show"),
}
FORMING_STEPS: dict[str, tuple[type, str]] = {
    "month begun": (BillingService, "_begin"),
    "some connectors counted": (BillingService, "_note"),
    "some charges carried": (BillingService, "_leave"),
    "step done, next not begun": (BillingService, "_move"),
    "invoice written, not committed": (BillPost, "send"),
    "some invoices formed": (BillingService, "_post_bills"),
    "month formed": (BillingService, "_end"),
}


def lay_axe(step: str, times: int) -> None:
    """After its call number `times` has done its work, and before anybody hears of that."""
    if step == "none":
        return
    owner, name = (STATEMENT_STEPS | FORMING_STEPS)[step]
    setattr(owner, name, _dying(getattr(owner, name), times))


def _dying(original: Callable[..., Any], times: int) -> Callable[..., Any]:
    left = [times]

    def die_in_time() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        if hasattr(result, "__await__"):
            return _then(result, die_in_time)
        die_in_time()
        return result

    return call


async def _then(work: Any, die_in_time: Callable[[], None]) -> Any:
    result = await work
    die_in_time()
    return result


async def work(task: str, *words: str) -> None:
    async with open_kassir(load_settings()) as kassir:
        if task == "statement":
            file = Path(words[0])
            await kassir.house.statements.load(file, file.name)
        else:
            while await kassir.house.billing.form_due():
                pass


if __name__ == "__main__":
    statements.PART = statements.AT_ONCE = 2
    billing.CONNECTORS = billing.CHARGES = billing.PAYERS = 1
    lay_axe(sys.argv[1], int(sys.argv[2]))
    asyncio.run(work(*sys.argv[3:]))
