"""A link to a connector for who asks on the command line, also while the bot runs on the same books."""

from __future__ import annotations

from urllib.parse import quote

from bot.app.books import open_books, open_vault
from bot.app.running import ask_running_bot
from bot.config import Settings
from bot.domain.catalogue_file import read_catalogue
from bot.domain.errors import BooksBusy, KassirError, NoBooks, NotYours
from bot.gateways.botapi import BotApi
from bot.services.connector_links import ConnectorLinkService


class NoLink(KassirError):
    """Why there is none, and what to do instead."""


async def make_link(settings: Settings, connector_id: str, *, attach: bool) -> str:
    """The address that opens the chat at this connector: to pay for it, or to take it over once."""
    try:
        if attach:
            start = f"a_{await _to_attach(settings, connector_id)}"
        else:
            start = f"c_{await _to_pay(settings, connector_id)}"
    except NotYours:
        raise NoLink(f"there is no connector {connector_id!r}") from None
    except BooksBusy as busy:
        return await _from_the_running_bot(settings, connector_id, busy, attach=attach)
    return f"{settings.telegram_link_base}/{await _username(settings)}?start={start}"


async def _to_attach(settings: Settings, connector_id: str) -> str:
    async with open_books(settings) as database:
        catalogue = read_catalogue(settings.catalog_path)
        return await ConnectorLinkService(database, catalogue, open_vault(settings)).to_attach(connector_id)


async def _to_pay(settings: Settings, connector_id: str) -> str:
    """A link that was made before is only read, which goes beside the running bot as well."""
    catalogue, vault = read_catalogue(settings.catalog_path), open_vault(settings)
    try:
        async with open_books(settings, read_only=True) as database:
            known = await ConnectorLinkService(database, catalogue, vault).known_to_pay(connector_id)
    except NoBooks:
        known = None
    if known is not None:
        return known
    async with open_books(settings) as database:
        return await ConnectorLinkService(database, catalogue, vault).to_pay(connector_id)


async def _from_the_running_bot(
    settings: Settings, connector_id: str, busy: BooksBusy, *, attach: bool
) -> str:
    """Its API hands out links to pay; what gives a connector to a chat there is PUT with telegram_id."""
    if attach:
        way = f"PUT /api/v1/connectors/{connector_id} with telegram_id gives it to a chat"
        raise NoLink(f"{busy}\nThrough the running bot: {way} (docs/seller-api.md)")
    path = f"/connectors/{quote(connector_id, safe='')}"
    told = await ask_running_bot(settings, busy, "GET", path)
    if link := told.get("pay_link"):
        return str(link)
    raise NoLink(str(told.get("detail") or "it is not sold, so there is no link to pay for it"))


async def _username(settings: Settings) -> str:
    api = BotApi(settings.bot_token.get_secret_value(), settings.telegram_api_url)
    try:
        return str((await api.call("getMe"))["username"])
    finally:
        await api.close()
