"""Who did what, as a person asks on the server."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.base import read_settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.audit import AuditSearch, Deed

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("words", nargs=-1)
@click.option("--since", type=DAY, help="The first day, such as 2026-12-14.")
@click.option("--until", type=DAY, help="The last day.")
@click.option("--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a table there.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 50_000))
def audit(
    words: tuple[str, ...], since: datetime | None, until: datetime | None, file: Path | None, limit: int
) -> None:
    """Show who did what, the newest first: every one of the WORDS is an id, a part of a deed or of a thing.

    May be run beside the bot.
    """
    settings = read_settings()
    from bot.i18n import choose_default, speaking

    choose_default(settings.default_locale)
    with speaking(settings.default_locale):
        deeds = asyncio.run(_deeds(settings, " ".join(words), (since, until), limit))
        if file is not None:
            _write(file, deeds, settings)
            return
        from bot.i18n.deed_words import deed_words

        for deed in deeds:
            moment = deed.at.astimezone(settings.timezone).strftime("%Y-%m-%d %H:%M:%S")
            click.echo(f"{moment}  {deed.who}  {deed.subject}  {deed_words(deed.action)}")


async def _deeds(
    settings: Settings, words: str, days: tuple[datetime | None, datetime | None], limit: int
) -> list[Deed]:
    from bot.app.books import open_books

    search = _search(settings, words, days)
    async with open_books(settings, read_only=True) as database:
        return await database.read(lambda tx: tx.audit_log.newest(search, limit))


def _search(settings: Settings, words: str, days: tuple[datetime | None, datetime | None]) -> AuditSearch:
    from bot.i18n.deed_words import all_deed_words
    from bot.services.audit import search_for

    first, last = (day.date() if day else None for day in days)
    return search_for(words, first, last, zone=settings.timezone, deeds=all_deed_words())


def _write(file: Path, deeds: list[Deed], settings: Settings) -> None:
    from bot.documents.audit_table import audit_table

    file.write_bytes(audit_table(file.name, deeds, {}, settings.timezone).content)
    click.echo(f"{len(deeds)} lines")
