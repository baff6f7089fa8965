"""While an autopay takes money for a connector nobody else shall pay for it: that would be paid twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bot.domain.errors import CustomerError
from bot.domain.periods import now
from bot.storage.tx import Tx

WAITED_FOR = timedelta(minutes=15)
"""A provider that is silent for longer does not keep anybody from paying; what comes twice is given back."""


def refuse_while_charged(tx: Tx, connector_ids: Collection[str]) -> None:
    """A CustomerError where a charge for one of these connectors was sent just now and has not ended."""
    if tx.autopays.are_charged(connector_ids, since=now() - WAITED_FOR):
        raise CustomerError("autopay_under_way")
