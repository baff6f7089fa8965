"""The button "invoice". There is nobody to call: a payer's bank sends a transfer, a statement tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.invoicing import BANK
from bot.gateways.bank.method import offered
from bot.gateways.base import Health
from bot.gateways.told_only import ToldOnly


class Bank(ToldOnly):
    """Statements say what came (services/statements.py); transfers between firms owe no cash receipt (54-FZ).

    A transfer goes back by a payment order, to the account it came from and to no other.
    """

    name = BANK
    returned = "by_transfer"

    def __init__(self, currencies: Sequence[str]) -> None:
        self.methods = offered(currencies)

    async def check(self) -> Health:
        return Health(well=True, test=False, remark="told by statements")
