"""Everything below the doors: books, providers and services, built and joined."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app.books import open_books, open_vault
from bot.app.endpoints import endpoints
from bot.config import Settings
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.gateways.base import Gateway, OnCall
from bot.gateways.courier import Courier
from bot.gateways.mail import SmtpMail, open_mail
from bot.gateways.registry import open_gateways, open_networks, statement_reader
from bot.services.charge_imports import ChargeImportService
from bot.services.house import House, build_house
from bot.services.imports import ImportService
from bot.services.surroundings import Surroundings
from bot.services.webhooks import WebhookService
from bot.storage.database import Database, OnUnit


@dataclass(frozen=True, slots=True)
class Kassir:
    """The whole house with what it stands on, open for work."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    gateways: dict[str, Gateway]
    house: House
    webhooks: WebhookService
    mail: SmtpMail | None


@asynccontextmanager
async def open_kassir(
    settings: Settings, on_call: OnCall = lambda *_: None, on_unit: OnUnit = lambda *_: None
) -> AsyncIterator[Kassir]:
    """Open it all; whatever happens, it is closed again."""
    catalogue = read_catalogue(settings.catalog_path)
    gateways = open_gateways(settings, on_call, bot=settings.bot_access, transfers=catalogue.transfers)
    courier = Courier(endpoints(settings), on_call)
    mail = open_mail(settings.smtp, on_call) if settings.smtp else None
    try:
        async with open_books(settings, on_unit=on_unit) as database:
            await ImportService(database, catalogue, settings.default_locale).finish()
            await ChargeImportService(database, catalogue, settings.timezone).finish()
            around = _surroundings(settings, catalogue, gateways)
            house = build_house(database, around)
            webhooks = WebhookService(database, courier, around.vault)
            yield Kassir(settings, catalogue, database, gateways, house, webhooks, mail)
    finally:
        await courier.close()
        if mail is not None:
            await mail.close()
        for gateway in gateways.values():
            await gateway.close()


def _surroundings(settings: Settings, catalogue: Catalogue, gateways: dict[str, Gateway]) -> Surroundings:
    return Surroundings(
        catalogue=catalogue,
        gateways=gateways,
        vault=open_vault(settings),
        zone=settings.timezone,
        public_url=settings.base_url,
        operators=settings.operators.roles,
        operators_chat=settings.operators_chat_id,
        networks=open_networks(settings),
        statement_reader=statement_reader(),
        language=settings.default_locale,
    )
