"""The command line. Each command imports what it needs, so that a short one is quick."""

from __future__ import annotations

import sys
from typing import Any

import click

from bot.commands.audit import audit
from bot.commands.base import REFUSED, WRONG_SETTINGS
from bot.commands.billing import billing
from bot.commands.books import backup, books, migrate, reconcile, restore
from bot.commands.check import check
from bot.commands.connectors import import_, link
from bot.commands.register import register
from bot.commands.run import run
from bot.commands.statement import statement
from bot.commands.webhooks import webhooks
from bot.domain.errors import CatalogueError, KassirError, SettingsError

COMMANDS = (
    run,
    check,
    books,
    backup,
    restore,
    migrate,
    reconcile,
    register,
    statement,
    import_,
    link,
    webhooks,
    billing,
    audit,
)


class Commands(click.Group):
    """Says what this product raises on purpose in plain lines, without a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (SettingsError, CatalogueError) as error:
            sys.exit(_said(error, WRONG_SETTINGS))
        except KassirError as error:
            sys.exit(_said(error, REFUSED))


def _said(error: KassirError, code: int) -> int:
    click.echo(str(error), err=True)
    return code


@click.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """A Telegram cashier for companies that sell services by the month. Without a command it runs."""
    if context.invoked_subcommand is None:
        context.invoke(run)


for command in COMMANDS:
    main.add_command(command)
