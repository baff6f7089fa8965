"""Links to papers: whoever has one reads it while it lives, and nobody makes one up."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.documents import Enclosure
from bot.domain.errors import NotYours
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import documents
from tests.services.conftest import ANNA, BOB

PAPER = Enclosure("receipt", {"payment_id": 1})


async def given(house: House, database: Database, customer: int = ANNA) -> str:
    """The token of a new link."""
    address = await database.write(lambda tx: house.document_links.give(tx, customer, PAPER, "be"))
    return address.rpartition("/")[2].removesuffix(".pdf")


async def test_each_link_is_its_own_and_the_books_keep_none(house: House, database: Database) -> None:
    tokens = {await given(house, database), await given(house, database), await given(house, database, BOB)}
    assert len(tokens) == 3
    rows = await database.read(lambda tx: str(tx.connection.execute(select(documents)).all()))
    assert not [token for token in tokens if token in rows]


@pytest.mark.parametrize(
    "change", [str.upper, lambda token: token[:-1], lambda token: token[::-1], lambda _: ""]
)
async def test_a_changed_token_opens_nothing(house: House, database: Database, change: object) -> None:
    token = await given(house, database)
    assert callable(change)
    with pytest.raises(NotYours):
        await house.document_links.open(change(token))
