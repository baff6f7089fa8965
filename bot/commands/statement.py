"""A bank statement from a file: the way for what is too large for Telegram."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.commands.base import give_way, read_settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def statement(file: Path) -> None:
    """Load a bank statement (1CClientBankExchange or camt.053): book what is sure, hang up what is not.

    Beside a bot that runs on SQLite it is handed to that bot, which needs API_TOKEN.
    """
    give_way()
    settings = read_settings()
    from bot.app.statements import load_statement

    for line in asyncio.run(load_statement(settings, file)):
        click.echo(line)
