"""Comparing a network's register from the command line, beside a running bot: nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from bot.app.books import open_books
from bot.config import Settings
from bot.domain.errors import SettingsError
from bot.domain.registers import RegisterReport
from bot.gateways.registry import open_networks
from bot.services.arrivals import Arrivals
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
        settlement = SettlementService(database, Arrivals(Fulfilment(settings.timezone)))
        desk = DeskService(database, settlement, settings.operators.roles)
        registers = RegisterService(database, networks, settlement, desk)
        return await registers.look(network, content)


def lines_of(report: RegisterReport) -> Iterator[str]:
    """What to print: a line for each difference, then whether there was any."""
    for line in report.only_register:
        yield f"only in the register: {line.txn_id} {line.account} {line.amount}"
    for ours in report.only_ours:
        yield f"only in the books: {ours.txn_id} {ours.account} {ours.amount}"
    for each in report.differ:
        booked = f"{each.booked_account} {each.booked}" if each.booked else "cancelled"
        yield f"differs: {each.line.txn_id} {each.line.account} {each.line.amount}, in the books: {booked}"
    for number in report.register.unread:
        yield f"cannot be read: line {number}"
    for txn_id in report.register.twice:
        yield f"more than once: {txn_id}"
    if not report.register.adds_up:
        yield "the last line, the total, is missing or disagrees with the others"
    yield f"{report.matched} payments agree."
