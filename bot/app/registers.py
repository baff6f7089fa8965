"""Comparing a network's register from the command line, beside a running bot: nothing is written."""

from __future__ import annotations

from bot.app.books import open_books
from bot.config import Settings
from bot.domain.catalogue_file import read_catalogue
from bot.domain.errors import SettingsError
from bot.domain.registers import RegisterReport
from bot.gateways.registry import open_networks
from bot.services.arrivals import Arrivals
from bot.services.autopay.outcomes import AutopayOutcomes
from bot.services.autopay.plan import AutopayPlan
from bot.services.desk import DeskService
from bot.services.fulfilment import Fulfilment
from bot.services.registers import RegisterService
from bot.services.settlement import SettlementService


async def look_at_register(settings: Settings, network: str, content: bytes) -> RegisterReport:
    """SettingsError for a network that there is not."""
    networks = open_networks(settings)
    if network not in networks:
        raise SettingsError(f"there is no network {network}; there are: {', '.join(networks) or 'none'}")
    async with open_books(settings, read_only=True) as database:
        catalogue = read_catalogue(settings.catalog_path)
        plan = AutopayPlan(catalogue, settings.timezone)
        arrivals = Arrivals(Fulfilment(catalogue, settings.timezone), AutopayOutcomes(plan))
        settlement = SettlementService(database, arrivals)
        desk = DeskService(database, settlement, settings.operators.roles)
        registers = RegisterService(database, networks, settlement, desk)
        return await registers.look(network, content)
