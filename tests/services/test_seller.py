"""What the seller's own systems are told, and when; nothing is written where nobody listens."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.webhooks import SELLER
from bot.services.house import House
from bot.services.imports import ImportService
from bot.storage.database import Database
from bot.storage.tables import webhooks
from tests.services.conftest import ANNA, BOB, LINE, OPERATOR, WHATSAPP, Count

FILE = """id,kind,title,tariff,paid_until,telegram_id,phone,email
wa-1,whatsapp,WhatsApp +7 999,whatsapp,2026-12-14,1001,,
line-1,line,Line 5,line,,1001,,
wa-9,whatsapp,WhatsApp +7 111,whatsapp,2026-12-20,,,
"""


@pytest.fixture
def listening(database: Database, house: House) -> Database:
    database.listeners.add(SELLER)
    return database


async def told(database: Database) -> list[tuple[str, dict[str, Any]]]:
    query = select(webhooks.c.kind, webhooks.c.payload).order_by(webhooks.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload) for row in rows]


async def test_silence_where_nobody_listens(house: House, count: Count) -> None:
    await house.connector_links.detach(ANNA, WHATSAPP)
    assert await count(webhooks) == 0


async def test_unlinked_and_taken_over_again(house: House, listening: Database) -> None:
    await house.connector_links.detach(ANNA, WHATSAPP)
    token = await house.connector_links.to_attach(WHATSAPP)
    await house.connector_links.attach(BOB, token)
    (gone, before), (taken, after) = await told(listening)
    assert (gone, before["owned"], before["sequence"]) == ("connector.detached", False, 1)
    assert (taken, after["owned"], after["sequence"]) == ("connector.attached", True, 2)
    assert after["id"] == WHATSAPP


async def test_found_by_an_operator(house: House, listening: Database) -> None:
    await house.connector_links.detach(ANNA, LINE)
    await house.connectors.find(BOB, "Line 5")
    (card,) = await house.desk.open_cards(OPERATOR)
    await house.desk.attach(OPERATOR, card.id, LINE)
    assert [kind for kind, _ in await told(listening)] == ["connector.detached", "connector.attached"]


async def test_import_tells_of_the_dates_it_moves(
    house: House, listening: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(FILE)
    imports = ImportService(listening, catalogue, "ru")
    await imports.connectors(file, set_dates=True)
    ((kind, moved),) = await told(listening)
    assert kind == "connector.extended"
    assert {name: moved[name] for name in ("id", "from", "paid_until", "cause", "order")} == {
        "id": WHATSAPP,
        "from": None,
        "paid_until": date(2026, 12, 14).isoformat(),
        "cause": "import",
        "order": None,
    }
    await imports.connectors(file, set_dates=True)
    assert len(await told(listening)) == 1, "what did not move is no news"
