"""Regular invoices: how far a month has come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.commands.base import read_settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.billing import Run


@click.command()
def billing() -> None:
    """Show the newest months that were billed, and how far the present one is. May be run beside the bot."""
    runs = asyncio.run(_runs(read_settings()))
    if not runs:
        click.echo("No month was billed yet.")
    for run in runs:
        click.echo(f"{run.month}  {_how_far(run)}")


def _how_far(run: Run) -> str:
    from bot.domain.billing import RunState

    match run.state:
        case RunState.COUNTING:
            return f"counting: {run.counted} connectors so far"
        case RunState.CARRYING:
            return f"counted: {run.counted} connectors; {run.carried} charges wait for the next month"
        case RunState.ISSUING:
            return f"issuing: {run.formed} of {run.total} invoices"
    carried = f", {run.carried} charges wait for the next month" if run.carried else ""
    return f"formed: {run.formed} invoices of {run.counted} connectors{carried}"


async def _runs(settings: Settings) -> list[Run]:
    from bot.app.books import open_books
    from bot.services.billing_runs import BillingRuns

    async with open_books(settings, read_only=True) as database:
        return await BillingRuns(database).runs()
