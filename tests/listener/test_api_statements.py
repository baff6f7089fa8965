"""The running bot takes a statement from the command line beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.catalogue import Catalogue
from bot.gateways.registry import statement_reader
from bot.listener.api import statement_files
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import statement_lines
from tests.listener.api_door import SellerSystem, opened
from tests.services.conftest import Count, surroundings
from tests.services.conftest import count as count  # noqa: PLC0414 (a fixture)
from tests.statements import Transfer, one_c

FILE = one_c(Transfer("990.00", "за связь"), Transfer("5.00", "?"))


@pytest.fixture
def house(database: Database, catalogue: Catalogue) -> House:
    return build_house(database, replace(surroundings(catalogue), statement_reader=statement_reader()))


@pytest.fixture
async def system(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


async def test_file_is_loaded_and_told(system: SellerSystem, count: Count) -> None:
    told = await system.ask("POST", "/statements?name=kl.txt", data=FILE)
    assert told.status == 200
    assert told.body["report"][-1] == "✅ The sums are the bank's."
    assert await count(statement_lines) == 2


async def test_what_is_no_statement_is_refused_with_the_reason(system: SellerSystem) -> None:
    told = await system.ask("POST", "/statements?name=kl.txt", data=FILE[:300])
    assert (told.status, told.problem) == (422, "invalid")
    assert "ends in the middle" in told.body["detail"]


async def test_endless_file_is_not_read_to_its_end(
    system: SellerSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_files, "LARGEST", 100)
    assert (await system.ask("POST", "/statements", data=FILE)).status == 413


async def test_strangers_bring_nothing(system: SellerSystem, count: Count) -> None:
    told = await system.ask("POST", "/statements", data=FILE, headers={"Authorization": "Bearer x"})
    assert told.status == 401
    assert await count(statement_lines) == 0
