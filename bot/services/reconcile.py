"""Putting back what a restore lost: every movement that providers know is booked once more, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from bot.gateways.base import Gateway
from bot.services.settlement import Outcome, SettlementService
from bot.storage.database import Database


class ReconcileService:
    """Movements carry their identity, so asking for too long a time does no harm."""

    def __init__(
        self, database: Database, gateways: Mapping[str, Gateway], settlement: SettlementService
    ) -> None:
        self.database = database
        self._gateways = gateways
        self._settlement = settlement

    async def since(self, moment: datetime) -> dict[str, Counter[Outcome]]:
        """Take every movement from that moment on; by provider, how many ended which way.

        Money whose payment the books no longer have bears our mark but finds no row: it waits in suspense.
        """
        return {name: await self._take_all(gateway, moment) for name, gateway in self._gateways.items()}

    async def _take_all(self, gateway: Gateway, moment: datetime) -> Counter[Outcome]:
        found: Counter[Outcome] = Counter()
        async for movement in gateway.movements_since(moment):
            found[await self._settlement.take(movement)] += 1
        return found
