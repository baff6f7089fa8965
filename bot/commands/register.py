"""A network's daily register, compared with the books."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.base import FILE, REFUSED, give_way, read_settings

if TYPE_CHECKING:
    from bot.domain.registers import RegisterReport


@click.command()
@click.argument("network")
@click.argument("file", type=FILE)
def register(network: str, file: Path) -> None:
    """Compare a NETWORK's daily register with the books; end with 1 if they disagree. Changes nothing."""
    give_way()
    settings = read_settings()
    from bot.app.registers import look_at_register

    report = asyncio.run(look_at_register(settings, network, file.read_bytes()))
    for line in lines_of(report):
        click.echo(line)
    sys.exit(0 if report.clean else REFUSED)


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
