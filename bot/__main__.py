"""The command line. Each command imports what it needs, so that a short one is quick."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import CatalogueError, KassirError, SettingsError

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.imports import DateDifference
    from bot.domain.webhooks import Listed, Wanted
    from bot.services.books import Proof
    from bot.services.checkup import Finding
    from bot.services.imports import ImportReport
    from bot.services.settlement import Outcome

    _Which = tuple[datetime | None, str, str, str | None]
    """Since when, which connector, which webhook, in which state."""

REFUSED, WRONG_SETTINGS = 1, 2
FILE = click.Path(dir_okay=False, path_type=Path)


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


@main.command()
def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C: the chat, the callbacks and the clock."""
    from bot.config import load_settings

    settings = load_settings()
    from bot.app.logs import set_up_logs

    set_up_logs(settings.log_level)
    from bot.app.run import run as run_doors

    with asyncio.Runner(loop_factory=_quickest_loop()) as runner:
        runner.run(run_doors(settings))


@main.command()
def check() -> None:
    """Look whether everything is in place; say what is wrong and how to mend it."""
    settings = _settings()
    click.echo(f"{'ok':<5}  settings: all readable")
    sys.exit(REFUSED if asyncio.run(_print_findings(settings)) else 0)


@main.command()
def books() -> None:
    """Prove the books; end with 1 and the rows that disagree. May be run beside the bot."""
    _give_way()
    proof = asyncio.run(_prove(_settings()))
    for line in proof.disagreements:
        click.echo(line)
    if not proof.clean:
        click.echo(f"{len(proof.disagreements)} rows disagree with the transfers", err=True)
        sys.exit(REFUSED)
    click.echo(f"The books are clean: {proof.transfers} transfers.")


@main.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Copy the books to FILE as they are at one moment. May be run beside the bot."""
    _give_way()
    settings = _settings()
    from bot.storage import backup as storage

    storage.backup(settings.database_url, file)
    click.echo(f"The books are copied to {file}.")


@main.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put the books from FILE in place of the present ones, which are kept under another name."""
    settings = _settings()
    from bot.storage import backup as storage

    former = storage.restore(settings.database_url, file)
    click.echo(f"The books are restored from {file}." + (f" The former ones: {former}" if former else ""))
    click.echo("Money that came since then: python -m bot reconcile --since DATE")


@main.command()
def migrate() -> None:
    """Bring the books to the layout of this version (a start does it as well)."""
    asyncio.run(_open_once(_settings()))
    click.echo("The books are up to date.")


@main.command()
@click.argument("network")
@click.argument("file", type=FILE)
def register(network: str, file: Path) -> None:
    """Compare a NETWORK's daily register with the books; end with 1 if they disagree. Changes nothing."""
    _give_way()
    settings = _settings()
    from bot.app.registers import lines_of, look_at_register

    report = asyncio.run(look_at_register(settings, network, file.read_bytes()))
    for line in lines_of(report):
        click.echo(line)
    sys.exit(0 if report.clean else REFUSED)


@main.group("import")
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
    report = asyncio.run(_import_connectors(_settings(), file, set_dates))
    click.echo(f"{report.added} added, {report.updated} updated.")
    if report.differing:
        click.echo(
            f"{report.differing} dates changed."
            if report.dates_set
            else f"{report.differing} dates differ and were left as they are; --set-dates changes them."
        )


@main.command()
@click.argument("connector")
@click.option("--attach", is_flag=True, help="Make it the connector of whoever opens the link first.")
def link(connector: str, attach: bool) -> None:
    """Print a link that opens the chat at CONNECTOR: anybody may pay for it there, and sees it masked."""
    from bot.app.seller_links import make_link

    click.echo(asyncio.run(make_link(_settings(), connector, attach=attach)))


@main.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day, such as 2026-12-14.")
def reconcile(since: datetime) -> None:
    """Ask every provider what moved since a day, and book what the books do not know."""
    found = asyncio.run(_reconcile(_settings(), since))
    for provider, outcomes in found.items():
        told = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(outcomes.items()))
        click.echo(f"{provider}: {told or 'nothing moved'}")


@main.group()
def webhooks() -> None:
    """What the seller's own systems were told."""


def _wanted(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which webhooks are meant."""
    for option in (
        click.option("--id", "reference", default="", help="The webhook-id."),
        click.option("--connector", default="", help="A connector's id."),
        click.option(
            "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="2026-12-14, or with T09:30."
        ),
    ):
        command = option(command)
    return command


@webhooks.command("list")
@click.option("--state", type=click.Choice(["due", "sent", "dead"]), help="Only those.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@_wanted
def list_webhooks(
    since: datetime | None, connector: str, reference: str, state: str | None, limit: int
) -> None:
    """Show the newest webhooks with what became of them. May be run beside the bot."""
    settings = _settings()
    for told in asyncio.run(_list_webhooks(settings, (since, connector, reference, state), limit)):
        moment = told.created_at.astimezone(settings.timezone).strftime("%Y-%m-%d %H:%M:%S")
        about = " ".join(filter(None, (told.kind, told.address, told.connector_id)))
        click.echo(f"{moment}  {told.state.value:<4}  {told.reference}  {about}  {told.error}".rstrip())


@webhooks.command()
@_wanted
def replay(since: datetime | None, connector: str, reference: str) -> None:
    """Let the bot send webhooks again, under the same ids, that were sent or given up."""
    if not (since or connector or reference):
        raise click.UsageError("Say which: --since, --connector or --id.")
    count = asyncio.run(_replay(_settings(), (since, connector, reference, None)))
    click.echo(f"{count} will be sent again.")


def _quickest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where the extra `speed` is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _give_way() -> None:
    """Leave the processor to the bot that runs on the same machine: nobody's payment waits for this."""
    if hasattr(os, "nice"):
        os.nice(19)


def _settings() -> Settings:
    """Read the settings; what a command has to say it says itself, so the log keeps to what went wrong."""
    import structlog

    from bot.config import load_settings

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return load_settings()


async def _open_once(settings: Settings) -> None:
    from bot.app.books import open_books

    async with open_books(settings):
        pass


async def _prove(settings: Settings) -> Proof:
    from bot.app.books import open_books
    from bot.services.books import BooksService

    async with open_books(settings, read_only=True) as database:
        return await BooksService(database).prove()


async def _import_connectors(settings: Settings, file: Path, set_dates: bool) -> ImportReport:
    from bot.app.books import open_books
    from bot.domain.catalogue_file import read_catalogue
    from bot.services.imports import ImportService

    def tell(found: DateDifference) -> None:
        click.echo(f"line {found.line}: {found.connector_id}: {found.here or 'no date'} → {found.in_file}")

    catalogue = read_catalogue(settings.catalog_path)
    async with open_books(settings) as database:
        imports = ImportService(database, catalogue, settings.default_locale)
        return await imports.connectors(file, set_dates=set_dates, tell=tell)


async def _reconcile(settings: Settings, day: datetime) -> dict[str, Counter[Outcome]]:
    from bot.app.kassir import open_kassir

    async with open_kassir(settings) as kassir:
        return await kassir.house.reconcile.since(day.replace(tzinfo=settings.timezone))


async def _list_webhooks(settings: Settings, which: _Which, limit: int) -> list[Listed]:
    from bot.app.books import open_books
    from bot.services.webhook_history import WebhookHistoryService

    async with open_books(settings, read_only=True) as database:
        return await WebhookHistoryService(database).list(_to_wanted(settings, which), limit)


async def _replay(settings: Settings, which: _Which) -> int:
    from bot.app.books import open_books
    from bot.services.webhook_history import WebhookHistoryService

    async with open_books(settings) as database:
        return await WebhookHistoryService(database).replay(_to_wanted(settings, which))


def _to_wanted(settings: Settings, which: _Which) -> Wanted:
    from bot.domain.states import WebhookState
    from bot.domain.webhooks import Wanted

    since, connector, reference, state = which
    return Wanted(
        since=since.replace(tzinfo=settings.timezone) if since else None,
        connector_id=connector,
        reference=reference,
        states=(WebhookState(state),) if state else tuple(WebhookState),
    )


async def _print_findings(settings: Settings) -> int:
    """How many things are wrong; each is printed as soon as it is known."""
    from bot.services.checkup import Verdict

    count = 0
    async for finding in _findings(settings):
        click.echo(str(finding))
        count += finding.verdict is Verdict.WRONG
    return count


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    from bot.domain.catalogue_file import read_catalogue
    from bot.gateways.botapi import BotApi
    from bot.gateways.registry import offered_methods, open_gateways
    from bot.services import checkup
    from bot.storage.database import Database

    try:
        catalogue = read_catalogue(settings.catalog_path)
    except CatalogueError as error:
        yield checkup.wrong("catalogue", str(error))
    else:
        for finding in checkup.look_at_catalogue(catalogue, offered_methods(settings)):
            yield finding
    yield await checkup.look_at_books(Database.connect(settings.database_url, read_only=True))
    api = BotApi(settings.bot_token.get_secret_value(), settings.telegram_api_url)
    try:
        has_operators = bool(settings.operators.roles)
        async for finding in checkup.look_at_telegram(
            api, settings.operators_chat_id, has_operators=has_operators
        ):
            yield finding
    finally:
        await api.close()
    for name, gateway in open_gateways(settings, bot=settings.bot_access).items():
        try:
            yield await checkup.look_at_provider(name, gateway)
        finally:
            await gateway.close()
    yield await checkup.look_at_public_url(settings.public_url)


if __name__ == "__main__":
    main()
