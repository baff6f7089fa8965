"""Instalments: the seller's system tells of them, customers see what is left and when the next one is due."""

from __future__ import annotations

from typing import Any

from bot.domain.billing import Instalment
from bot.domain.seller import Fault, SellerAnswer, SellerRefused
from bot.services.connector_fields import is_id
from bot.services.paging import Page, page_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx
from bot.storage.usage import Scope


class InstalmentService:
    """The last told of an instalment counts; nothing of it moves money."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def of_customer(
        self,
        tx: Tx,
        customer_id: int,
        subscriber: str | None = None,
        page: int = 0,
        *,
        payer_id: int | None = None,
    ) -> Page[Instalment]:
        """A page of them, the next due on top."""
        scope = Scope(customer_id, subscriber, payer_id)
        return page_of(
            lambda limit, offset: tx.instalments.of(scope, limit=limit, offset=offset),
            tx.instalments.count(scope),
            page,
        )

    @transaction
    def put(self, tx: Tx, instalment: Instalment) -> SellerAnswer:
        """Write what the seller says of it now; SellerRefused where it can't be so."""
        _refuse_nonsense(tx, instalment)
        known = tx.instalments.get(instalment.id)
        if known != instalment:
            tx.instalments.put(instalment)
        return SellerAnswer(200 if known else 201, _body(instalment))

    @transaction
    def remove(self, tx: Tx, instalment_id: str) -> None:
        """Forget it; SellerRefused where there is none."""
        if not (is_id(instalment_id) and tx.instalments.remove(instalment_id)):
            raise SellerRefused("not-found", f"there is no instalment {instalment_id[:40]!r}")


def _refuse_nonsense(tx: Tx, instalment: Instalment) -> None:
    faults = []
    if not is_id(instalment.id):
        faults.append(Fault("/id", "use 1 to 40 letters (a-z), digits and . _ - / + @ #"))
    if tx.connectors.get(instalment.connector_id) is None:
        faults.append(Fault("/connector", "there is no such connector"))
    if instalment.paid > instalment.total:
        faults.append(Fault("/paid", "is more than the total"))
    if instalment.next_amount is not None and instalment.next_on is None:
        faults.append(Fault("/next_on", "is missing: on which day is next_amount due?"))
    if faults:
        raise SellerRefused("invalid", faults=faults)


def _body(instalment: Instalment) -> dict[str, Any]:
    return {
        "id": instalment.id,
        "connector": instalment.connector_id,
        "title": instalment.title,
        "currency": instalment.total.currency,
        "total": instalment.total.decimal(),
        "paid": instalment.paid.decimal(),
        "left": instalment.left.decimal(),
        "next_on": instalment.next_on.isoformat() if instalment.next_on else None,
        "next_amount": instalment.next_amount.decimal() if instalment.next_amount else None,
    }
