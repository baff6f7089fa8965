"""Telling operators when a provider stops answering, and when it is well again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import periods
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

FAILURES_TO_TELL = 5
"""One failure is weather; so many in a row are news."""

_FAILED = {"unavailable", "unknown"}


@dataclass(slots=True)
class _Pulse:
    failures: int = 0
    since: datetime | None = None
    told: bool = False


class ProviderHealthService:
    """Listens to every call of the gateways; the clock writes down what is news."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._pulses: dict[str, _Pulse] = {}

    def heard(self, provider: str, outcome: str, seconds: float) -> None:  # noqa: ARG002 (the shape of OnCall)
        """Note how a call ended; a refusal is an answer, so it counts as well."""
        pulse = self._pulses.setdefault(provider, _Pulse())
        if outcome not in _FAILED:
            pulse.failures, pulse.since = 0, None
            return
        pulse.failures += 1
        pulse.since = pulse.since or periods.now()

    async def tell_news(self) -> None:
        """Tell operators of every provider that fell silent or came back since it was last told."""
        for provider, pulse in self._pulses.items():
            unwell = pulse.failures >= FAILURES_TO_TELL
            if unwell and not pulse.told:
                await self._tell("provider_unwell", provider, pulse.since)
                pulse.told = True
            elif pulse.told and pulse.failures == 0:
                await self._tell("provider_well", provider, None)
                pulse.told = False

    @transaction
    def _tell(self, tx: Tx, kind: str, provider: str, since: datetime | None) -> None:
        tx.outbox.to_operators(kind, provider=provider, since=since)
