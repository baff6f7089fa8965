"""What the seller's own system asks over the API: connectors, charges, and the money that arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.seller import (
    ArrivedPayment,
    Charge,
    ConnectorWords,
    Expected,
    Fault,
    Once,
    Place,
    SellerAnswer,
    SellerRefused,
)
from bot.services.connector_fields import is_id
from bot.services.seller_connectors import ConnectorDesk
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

ANSWERS_KEPT = timedelta(days=7)
MOST_CHARGES = 500
"""In one request: few enough that nobody waits behind it for 50 ms."""
MOST_PAYMENTS = 200


class SellerService:
    """Each request is one unit: its effect, and the answer its key stands for, are written together."""

    def __init__(self, database: Database, catalogue: Catalogue, language: str, zone: ZoneInfo) -> None:
        self.database = database
        self._zone = zone
        self._desk = ConnectorDesk(catalogue, language)

    @reading
    def connector(self, tx: Tx, connector_id: str) -> SellerAnswer:
        """A connector as it stands; SellerRefused where there is none."""
        connector = tx.connectors.get(connector_id) if is_id(connector_id) else None
        if connector is None:
            raise SellerRefused("not-found", f"there is no connector {connector_id[:40]!r}")
        return self._desk.answer(connector)

    @transaction
    def put_connector(
        self, tx: Tx, connector_id: str, words: ConnectorWords, expected: Expected, once: Once | None
    ) -> SellerAnswer:
        """Make or change a connector; what is not said of it stays as it is."""
        return _once(tx, once, lambda: self._desk.put(tx, connector_id, words, expected))

    @transaction
    def add_charges(self, tx: Tx, charges: Sequence[Charge], once: Once | None) -> SellerAnswer:
        """Take all of them or none; those that were taken before are counted and change nothing."""
        return _once(tx, once, lambda: _add_charges(tx, charges, self._zone))

    @reading
    def payments(self, tx: Tx, since: Place | None, limit: int) -> list[ArrivedPayment]:
        """Money that arrived after that place, the oldest first."""
        return tx.seller_feed.after(since, limit=min(limit, MOST_PAYMENTS))

    @transaction
    def forget_answers(self, tx: Tx) -> int:
        """Purge kept answers after their time, some at a time."""
        return tx.api_answers.forget(periods.now() - ANSWERS_KEPT)


def _once(tx: Tx, once: Once | None, act: Callable[[], SellerAnswer]) -> SellerAnswer:
    """Act, unless a request with this key did: then its answer. What is refused leaves the key free."""
    if once is None:
        return act()
    if not tx.api_answers.claim(once):
        fingerprint, answer = tx.api_answers.find(once.key)
        if fingerprint != once.fingerprint:
            raise SellerRefused("key-reused")
        return answer
    answer = act()
    tx.api_answers.answer(once, answer)
    return answer


def _add_charges(tx: Tx, charges: Sequence[Charge], zone: ZoneInfo) -> SellerAnswer:
    _refuse(charges, _twice(charges), "invalid", "reference", "stands in this request twice")
    unknown = tx.charges.unknown_connectors(charge.connector_id for charge in charges)
    strange = {charge.reference for charge in charges if charge.connector_id in unknown}
    _refuse(charges, strange, "invalid", "connector", "there is no such connector")
    added = tx.charges.add(charges, zone)
    before = {charge.reference: charge for charge in charges if charge.reference not in added}
    known = tx.charges.by_reference(before) if before else {}
    other = {reference for reference, charge in before.items() if known[reference] != charge}
    _refuse(charges, other, "charge-differs", "reference", "was taken before, and said something else")
    body: dict[str, Any] = {"added": len(added), "repeated": len(before)}
    return SellerAnswer(201 if added else 200, body)


def _twice(charges: Sequence[Charge]) -> set[str]:
    counted = Counter(charge.reference for charge in charges)
    return {reference for reference, count in counted.items() if count > 1}


def _refuse(charges: Sequence[Charge], wrong: set[str], problem: str, name: str, detail: str) -> None:
    """Name every charge that is wrong by its place in the request."""
    if wrong:
        faults = [
            Fault(f"/charges/{place}/{name}", detail)
            for place, charge in enumerate(charges)
            if charge.reference in wrong
        ]
        raise SellerRefused(problem, faults=faults)
