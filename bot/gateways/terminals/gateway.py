"""The button "terminal or wallet". There is nobody to call: the payer takes his code there, they call us."""

from __future__ import annotations

from collections.abc import Mapping

from bot.gateways.base import Health
from bot.gateways.terminals.settings import METHOD, TerminalSettings, offered
from bot.gateways.told_only import ToldOnly


class Terminals(ToldOnly):
    """All networks together, who give the button; or the one by whose name its money is booked.

    They call /terminal, and the daily register says what came (services/registers.py). A wrong payment is
    settled by letters; receipts are the network's, who is the seller's paying agent.
    """

    returned = "by_contract"

    def __init__(self, blocks: Mapping[str, TerminalSettings], name: str = METHOD) -> None:
        self.name = name
        self.methods = offered(blocks) if name == METHOD else ()
        self._blocks = blocks

    async def check(self) -> Health:
        networks = ", ".join(f"{name} ({block.currency})" for name, block in self._blocks.items())
        return Health(well=True, test=False, remark=f"waiting for {networks}")
