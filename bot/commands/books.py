"""The books: proved, copied, put back, brought up to date, and filled up with what a copy does not know."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.base import FILE, REFUSED, give_way, read_settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.services.books import Proof
    from bot.services.settlement import Outcome


@click.command()
def books() -> None:
    """Prove the books; end with 1 and the rows that disagree. May be run beside the bot."""
    give_way()
    proof = asyncio.run(_prove(read_settings()))
    for line in proof.disagreements:
        click.echo(line)
    if not proof.clean:
        click.echo(f"{len(proof.disagreements)} rows disagree with the transfers", err=True)
        sys.exit(REFUSED)
    click.echo(f"The books are clean: {proof.transfers} transfers.")


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Copy the books to FILE as they are at one moment. May be run beside the bot."""
    give_way()
    settings = read_settings()
    from bot.storage import backup as storage

    storage.backup(settings.database_url, file)
    click.echo(f"The books are copied to {file}.")


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put the books from FILE in place of the present ones, which are kept under another name."""
    settings = read_settings()
    from bot.storage import backup as storage

    former = storage.restore(settings.database_url, file)
    click.echo(f"The books are restored from {file}." + (f" The former ones: {former}" if former else ""))
    click.echo("Money that came since then: python -m bot reconcile --since DATE")


@click.command()
def migrate() -> None:
    """Bring the books to the layout of this version (a start does it as well)."""
    asyncio.run(_open_once(read_settings()))
    click.echo("The books are up to date.")


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day, such as 2026-12-14.")
def reconcile(since: datetime) -> None:
    """Ask every provider what moved since a day, and book what the books do not know."""
    found = asyncio.run(_reconcile(read_settings(), since))
    for provider, outcomes in found.items():
        told = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(outcomes.items()))
        click.echo(f"{provider}: {told or 'nothing moved'}")


async def _prove(settings: Settings) -> Proof:
    from bot.app.books import open_books
    from bot.services.books import BooksService

    async with open_books(settings, read_only=True) as database:
        return await BooksService(database).prove()


async def _open_once(settings: Settings) -> None:
    from bot.app.books import open_books

    async with open_books(settings):
        pass


async def _reconcile(settings: Settings, day: datetime) -> dict[str, Counter[Outcome]]:
    from bot.app.kassir import open_kassir

    async with open_kassir(settings) as kassir:
        return await kassir.house.reconcile.since(day.replace(tzinfo=settings.timezone))
