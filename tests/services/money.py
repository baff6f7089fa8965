"""Short words for tests about money: begin a payment, look at a balance, read the notices."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.domain.money import Money
from bot.domain.orders import Order
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import billed, charges, outbox
from bot.storage.tx import Tx
from tests.services.conftest import ANNA


async def begun(house: House, database: Database, order: Order, method: str = "fake") -> str:
    """Start a payment; its reference."""
    link = await house.payments.start(ANNA, order.id, method)
    payment = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    return payment.reference


async def paid_until(database: Database, connector: str) -> date | None:
    found = await database.read(lambda tx: tx.connectors.get(connector))
    assert found is not None
    return found.paid_until


async def balance(database: Database, currency: str = "RUB", customer: int = ANNA) -> Money:
    return await database.read(lambda tx: tx.ledger.balance(tx.customers.person(customer), currency))


async def notices(database: Database) -> list[str]:
    """The kinds of everything in the outbox, in the order it was written."""
    query = select(outbox.c.kind).order_by(outbox.c.id)
    return await database.read(lambda tx: list(tx.connection.execute(query).scalars()))


def price_of(order: Order, currency: str = "RUB") -> Money:
    price = order.price(currency)
    assert price is not None
    return price


async def reference_of(database: Database, payment_id: int) -> str:
    payment = await database.read(lambda tx: tx.payments.get(payment_id))
    assert payment is not None
    return payment.reference


def used(tx: Tx, connector_id: str, payer_id: int, month: str, amount: Money) -> None:
    """Count one charge of a connector for a month, as forming its bills would."""
    year, number = (int(part) for part in month.split("-"))
    row = {"connector_id": connector_id, "month": month, "currency": amount.currency, "minor": amount.minor}
    tx.connection.execute(billed.insert(), row | {"payer_id": payer_id, "records": 1, "seconds": 60})
    at = datetime(year, number, 1, tzinfo=UTC)
    charge = {"reference": f"{connector_id}-{month}", "started_at": at, "duration_s": 60, "created_at": at}
    tx.connection.execute(charges.insert(), row | charge)
