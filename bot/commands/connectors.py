"""Connectors and their charges: taking over the seller's own, and links that lead to one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.base import FILE, read_settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.imports import DateDifference
    from bot.services.charge_imports import ChargeReport
    from bot.services.imports import ImportReport

ROWS_BETWEEN_NEWS = 50_000


@click.group("import")
def import_() -> None:
    """Take over what the seller's own system knows."""


@import_.command()
@click.argument("file", type=FILE)
@click.option("--set-dates", is_flag=True, help="Also change the dates of connectors that exist.")
def connectors(file: Path, set_dates: bool) -> None:
    """Import connectors by their id from a CSV FILE: all of them, or none.

    Its header: id,kind,title,tariff,paid_until,telegram_id,phone,email

    Beside a bot that runs on SQLite this is refused: PUT /api/v1/connectors/{id} goes through the bot itself.
    """
    report = asyncio.run(_import(read_settings(), file, set_dates))
    click.echo(f"{report.added} added, {report.updated} updated.")
    if report.differing:
        click.echo(
            f"{report.differing} dates changed."
            if report.dates_set
            else f"{report.differing} dates differ and were left as they are; --set-dates changes them."
        )


@import_.command()
@click.argument("file", type=FILE)
def charges(file: Path) -> None:
    """Import charges of metered connectors from a CSV FILE: all or none, and those known before only once.

    Its header: connector,started_at,number,duration_s,amount,description

    A column reference makes a charge known by your own id of it. A column currency names that of its amount,
    which is that of the first of the seller's accounts otherwise. Moments without a zone are in TIMEZONE.

    Beside a bot that runs on SQLite this is refused: POST /api/v1/charges goes through the bot itself.
    """
    report = asyncio.run(_import_charges(read_settings(), file))
    click.echo(f"{report.added} added, {report.repeated} were known.")


@click.command()
@click.argument("connector")
@click.option("--attach", is_flag=True, help="Make it the connector of whoever opens the link first.")
def link(connector: str, attach: bool) -> None:
    """Print a link that opens the chat at CONNECTOR: anybody may pay for it there, and sees it masked."""
    from bot.app.seller_links import make_link

    click.echo(asyncio.run(make_link(read_settings(), connector, attach=attach)))


async def _import_charges(settings: Settings, file: Path) -> ChargeReport:
    from bot.app.books import open_books
    from bot.domain.catalogue_file import read_catalogue
    from bot.services.charge_imports import ChargeImportService

    def tell(done: str, count: int) -> None:
        if count % ROWS_BETWEEN_NEWS == 0:
            click.echo(f"{count} {done}", err=True)

    catalogue = read_catalogue(settings.catalog_path)
    async with open_books(settings) as database:
        return await ChargeImportService(database, catalogue, settings.timezone).take(file, tell)


async def _import(settings: Settings, file: Path, set_dates: bool) -> ImportReport:
    from bot.app.books import open_books
    from bot.domain.catalogue_file import read_catalogue
    from bot.services.imports import ImportService

    def tell(found: DateDifference) -> None:
        click.echo(f"line {found.line}: {found.connector_id}: {found.here or 'no date'} → {found.in_file}")

    catalogue = read_catalogue(settings.catalog_path)
    async with open_books(settings) as database:
        imports = ImportService(database, catalogue, settings.default_locale)
        return await imports.connectors(file, set_dates=set_dates, tell=tell)
