"""Whether everything is in place: the checkup's findings, each printed as soon as it is known."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from itertools import chain
from typing import TYPE_CHECKING

import click

from bot.commands.base import REFUSED, read_settings
from bot.domain.errors import CatalogueError

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.catalogue import Catalogue
    from bot.gateways.mail_settings import MailSettings
    from bot.services.checkup import Finding


@click.command()
def check() -> None:
    """Look whether everything is in place; say what is wrong and how to mend it."""
    settings = read_settings()
    click.echo(f"{'ok':<5}  settings: all readable")
    sys.exit(REFUSED if asyncio.run(_print_findings(settings)) else 0)


async def _print_findings(settings: Settings) -> int:
    """How many things are wrong."""
    from bot.services.checkup import Verdict

    count = 0
    async for finding in _findings(settings):
        click.echo(str(finding))
        count += finding.verdict is Verdict.WRONG
    return count


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    from bot.domain.catalogue_file import read_catalogue
    from bot.gateways.registry import offered_methods
    from bot.services import checkup
    from bot.storage.database import Database

    for finding in checkup.look_at_clock(settings.clock_url):
        yield finding
    try:
        catalogue = read_catalogue(settings.catalog_path)
    except CatalogueError as error:
        yield checkup.wrong("catalogue", str(error))
    else:
        offered = offered_methods(settings, catalogue.transfers)
        found = (
            checkup.look_at_catalogue(catalogue, offered),
            checkup.look_at_autopay(catalogue, offered),
            checkup.look_at_invoices(catalogue, mail_is_on=settings.smtp is not None),
            _templates(settings, catalogue),
        )
        for finding in chain.from_iterable(found):
            yield finding
    yield await checkup.look_at_books(Database.connect(settings.database_url, read_only=True))
    async for finding in _telegram(settings):
        yield finding
    async for finding in _providers(settings):
        yield finding
    if settings.smtp is not None:
        yield await _mail(settings.smtp)
    yield await checkup.look_at_public_url(settings.public_url)


def _templates(settings: Settings, catalogue: Catalogue) -> Iterable[Finding]:
    if settings.templates_path is None:
        return ()
    from bot.documents.checkup import look_at_templates

    return look_at_templates(settings.templates_path, catalogue)


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    from bot.gateways.botapi import BotApi
    from bot.services import checkup

    api = BotApi(settings.bot_token.get_secret_value(), settings.telegram_api_url)
    group, has_operators = settings.operators_chat_id, bool(settings.operators.roles)
    try:
        async for finding in checkup.look_at_telegram(api, group, has_operators=has_operators):
            yield finding
    finally:
        await api.close()


async def _mail(smtp: MailSettings) -> Finding:
    from bot.gateways.mail import open_mail
    from bot.services import checkup

    mail = open_mail(smtp)
    try:
        return await checkup.look_at_mail(mail)
    finally:
        await mail.close()


async def _providers(settings: Settings) -> AsyncIterator[Finding]:
    from bot.gateways.registry import open_gateways
    from bot.services import checkup

    for name, gateway in open_gateways(settings, bot=settings.bot_access).items():
        try:
            yield await checkup.look_at_provider(name, gateway)
        finally:
            await gateway.close()
