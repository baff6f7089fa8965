"""What the seller's own systems were told, and telling it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.commands.base import read_settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.webhooks import Listed, Wanted

    _Which = tuple[datetime | None, str, str, str | None]
    """Since when, which connector, which webhook, in which state."""


@click.group()
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
    settings = read_settings()
    for told in asyncio.run(_list(settings, (since, connector, reference, state), limit)):
        moment = told.created_at.astimezone(settings.timezone).strftime("%Y-%m-%d %H:%M:%S")
        about = " ".join(filter(None, (told.kind, told.address, told.connector_id)))
        click.echo(f"{moment}  {told.state.value:<4}  {told.reference}  {about}  {told.error}".rstrip())


@webhooks.command()
@_wanted
def replay(since: datetime | None, connector: str, reference: str) -> None:
    """Let the bot send webhooks again, under the same ids, that were sent or given up."""
    if not (since or connector or reference):
        raise click.UsageError("Say which: --since, --connector or --id.")
    from bot.app.webhook_replay import replay as send_again

    settings = read_settings()
    count = asyncio.run(send_again(settings, _to_wanted(settings, (since, connector, reference, None))))
    click.echo(f"{count} will be sent again.")


async def _list(settings: Settings, which: _Which, limit: int) -> list[Listed]:
    from bot.app.books import open_books
    from bot.services.webhook_history import WebhookHistoryService

    async with open_books(settings, read_only=True) as database:
        return await WebhookHistoryService(database).list(_to_wanted(settings, which), limit)


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
