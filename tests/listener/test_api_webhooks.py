"""Sending webhooks again over the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.catalogue import Catalogue
from bot.domain.webhooks import News
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import webhooks
from tests.listener.api_door import SellerSystem, opened


@pytest.fixture
async def system(house: House, database: Database, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    """Two webhooks about two connectors, both heard."""
    database.listeners.add("seller")
    for connector in ("wa-1", "wa-2"):
        news = News("connector.changed", {}, connector, 1)
        await database.write(lambda tx, news=news: tx.webhooks.tell(news))  # type: ignore[misc]  # a default in a lambda
    heard = update(webhooks).values(state="sent")
    await database.write(lambda tx: tx.connection.execute(heard) and None)
    async with opened(house, catalogue) as system:
        yield system


async def test_those_of_one_connector_are_sent_again_once(system: SellerSystem) -> None:
    again = await system.ask("POST", "/webhooks/replay", json={"connector": "wa-1"})
    assert (again.status, again.body) == (200, {"replayed": 1})
    assert (await system.ask("POST", "/webhooks/replay", json={"connector": "wa-1"})).body == {"replayed": 0}
    since = await system.ask("POST", "/webhooks/replay", json={"since": "2020-01-01T00:00:00+03:00"})
    assert since.body == {"replayed": 1}


@pytest.mark.parametrize("said", [{}, {"connector": ""}, {"since": "yesterday"}, {"all": True}])
async def test_everything_at_once_must_be_meant(system: SellerSystem, said: dict[str, Any]) -> None:
    assert (await system.ask("POST", "/webhooks/replay", json=said)).status == 422
