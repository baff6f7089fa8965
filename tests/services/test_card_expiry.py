"""A saved card that expires soon: told by day, once, and only where somebody would miss it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import select

from bot.domain.saved_cards import CardOnFile, UnlinkedBecause
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.payloads import from_json
from bot.storage.tables import outbox
from tests.services.conftest import ANNA

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
END_OF_YEAR = date(2026, 12, 31)


async def save(database: Database, token: str, expires_on: date | None, *, remembered: bool = True) -> int:
    card = CardOnFile(token, masked="•••• 7173", expires_on=expires_on)
    return await database.write(
        lambda tx: tx.saved_cards.add(
            ANNA, card, provider="fake", method="fake_card", remembered=remembered, payment_id=None
        )
    )


async def tell(house: House, at: datetime = NOON) -> None:
    with time_machine.travel(at, tick=False):
        while await house.card_expiry.tell_due():
            pass


async def told(database: Database) -> list[dict[str, Any]]:
    query = select(outbox.c.payload).where(outbox.c.kind == "card_expires").order_by(outbox.c.id)
    return [
        from_json(payload) for payload in await database.read(lambda tx: tx.connection.scalars(query).all())
    ]


async def test_a_card_that_expires_within_a_month_is_told_of_once(house: House, database: Database) -> None:
    card_id = await save(database, "soon", END_OF_YEAR)
    await tell(house, NOON.replace(month=11, day=30))
    assert await told(database) == [], "31 days are time enough"
    await tell(house)
    await tell(house)
    (notice,) = await told(database)
    assert (notice["card_id"], notice["card"], notice["expires_on"]) == (card_id, "•••• 7173", END_OF_YEAR)
    assert notice["autopays"] == []


async def test_cards_that_nobody_would_miss_are_quiet(house: House, database: Database) -> None:
    await save(database, "later", date(2027, 5, 31))
    await save(database, "unknown", None)
    await save(database, "no use", END_OF_YEAR, remembered=False)
    gone = await save(database, "gone", END_OF_YEAR)
    await database.write(lambda tx: tx.saved_cards.unlink(gone, UnlinkedBecause.CUSTOMER))
    await tell(house)
    assert await told(database) == []


async def test_nights_are_quiet(house: House, database: Database) -> None:
    await save(database, "soon", END_OF_YEAR)
    await tell(house, NOON.replace(hour=3))
    assert await told(database) == []
