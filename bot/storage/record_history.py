"""What happened to a thing, from wherever it was written down: the newest of each first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Select, select, union

from bot.domain.money import Money
from bot.domain.records import Happening
from bot.storage.payloads import from_json
from bot.storage.tables import (
    accounts,
    attempts,
    audit,
    events,
    extensions,
    operator_cards,
    order_steps,
    payers,
    transfers,
)


class RecordHistory:
    """Every list is short: whoever wants more looks into a nearer thing, or exports the audit log."""

    def __init__(self, connection: Connection, most: int = 120) -> None:
        self._connection = connection
        self._most = most

    def deeds(self, subjects: Collection[str]) -> list[Happening]:
        """What people did to these, by the audit log."""
        query = select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.id.desc())
        return [
            Happening(row.at, f"deed:{row.action}", row.who, from_json(row.details))
            for row in self._rows(query)
        ]

    def moved_for_payment(self, payment_id: int) -> list[Happening]:
        return self._moved(transfers.c.payment_id == payment_id)

    def moved_for_order(self, order_id: int) -> list[Happening]:
        return self._moved(transfers.c.order_id == order_id)

    def moved_of_payers(self, payer_ids: Iterable[int]) -> list[Happening]:
        """What came onto their balances and what left them."""
        own = select(accounts.c.id).where(accounts.c.payer_id.in_(list(payer_ids)))
        sides = (transfers.c.from_account.in_(own), transfers.c.to_account.in_(own))
        ids = union(
            *(
                select(
                    select(transfers.c.id)
                    .where(side)
                    .order_by(transfers.c.id.desc())
                    .limit(self._most)
                    .subquery()
                    .c.id
                )
                for side in sides
            )
        )
        return self._moved(transfers.c.id.in_(select(ids.subquery().c.id)))

    def told_of_payment(self, payment_id: int) -> list[Happening]:
        """What its provider told of it."""
        query = select(events).where(events.c.payment_id == payment_id).order_by(events.c.id.desc())
        return [
            Happening(
                row.seen_at,
                f"event:{row.kind}",
                facts={"amount": Money(row.minor, row.currency), "provider": row.provider, "fate": row.fate},
            )
            for row in self._rows(query)
        ]

    def tried_with_payment(self, payment_id: int) -> list[Happening]:
        """Refunds, charges and receipts that we asked for."""
        query = select(attempts).where(attempts.c.payment_id == payment_id).order_by(attempts.c.id.desc())
        return [
            Happening(
                row.created_at,
                f"attempt:{row.kind}",
                facts={
                    "amount": Money(row.minor, row.currency),
                    "state": row.state,
                    "outcome": row.outcome,
                    "reason": row.reason,
                },
            )
            for row in self._rows(query)
        ]

    def extended(self, connector_id: str) -> list[Happening]:
        query = select(extensions).where(extensions.c.connector_id == connector_id)
        return [
            Happening(
                row.created_at,
                f"extension:{row.cause}",
                facts={"to": row.to_date, "order_id": row.order_id, "note": row.note},
            )
            for row in self._rows(query.order_by(extensions.c.id.desc()))
        ]

    def worked_on(self, order_id: int) -> list[Happening]:
        query = select(order_steps).where(order_steps.c.order_id == order_id)
        return [
            Happening(row.at, "step", row.who, {"stage": row.stage, "due_on": row.due_on})
            for row in self._rows(query.order_by(order_steps.c.id.desc()))
        ]

    def cards_of(self, customer_id: int) -> list[Happening]:
        """What needed a person, and who looked after it."""
        query = select(operator_cards).where(operator_cards.c.customer_id == customer_id)
        return [
            Happening(
                row.created_at,
                f"card:{row.kind}",
                row.closed_by,
                {"card": row.id, "closed_at": row.closed_at, "answer": row.answer},
            )
            for row in self._rows(query.order_by(operator_cards.c.id.desc()))
        ]

    def payer_ids(self, customer_id: int) -> list[int]:
        query = select(payers.c.id).where(payers.c.customer_id == customer_id).order_by(payers.c.id)
        return list(self._connection.scalars(query.limit(self._most)))

    def _moved(self, which: Any) -> list[Happening]:
        query = (
            select(transfers, accounts.c.currency, accounts.c.payer_id)
            .join(accounts, accounts.c.id == transfers.c.to_account)
            .where(which)
            .order_by(transfers.c.id.desc())
        )
        return [
            Happening(
                row.created_at,
                f"transfer:{row.reason}",
                facts={
                    "amount": Money(row.minor, row.currency),
                    "payment_id": row.payment_id,
                    "order_id": row.order_id,
                },
            )
            for row in self._rows(query)
        ]

    def _rows(self, query: Select[Any]) -> list[Any]:
        return list(self._connection.execute(query.limit(self._most)))
