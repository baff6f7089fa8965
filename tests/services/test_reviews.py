"""A form that was sent in: what hangs in the group, and what operators decide about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.order_forms import Answer
from bot.domain.periods import now
from bot.services import reviews
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.made_to_order import ANSWERS, PICTURES, SentIn, form_of, send_in
from tests.services.conftest import ANNA


@pytest.fixture
async def sent_in(house: House, database: Database, catalogue: Catalogue) -> SentIn:
    return await database.write(lambda tx: send_in(tx, catalogue, ANNA))


async def card_of(house: House, sent_in: SentIn) -> Card:
    return await house.desk.card(sent_in.card_id)


async def told(database: Database, kind: str) -> list[dict[str, object]]:
    query = select(outbox.c.payload).where(outbox.c.kind == kind).order_by(outbox.c.id)
    return list(await database.read(lambda tx: tx.connection.scalars(query).all()))


async def test_a_form_hangs_in_the_group_with_its_promise(
    house: House, database: Database, sent_in: SentIn
) -> None:
    card = await card_of(house, sent_in)
    form = await database.read(lambda tx: form_of(tx, sent_in))
    assert card.customer_id == ANNA and card.due_at == form.review_until
    assert form.review_until is not None
    assert timedelta(hours=23) < form.review_until - now() <= timedelta(hours=24)
    assert [answer["value"] for answer in card.payload["answers"]][:2] == [
        "https://bakery.example",
        ANSWERS["about"].value,
    ]
    albums = [row["album"] for row in await told(database, "review_files")]
    assert albums == [
        [{"file_id": each.file_id, "kind": "photo", "caption": each.caption} for each in PICTURES],
        [{"file_id": "texts-1", "kind": "document", "caption": ""}],
    ]


async def test_long_answers_come_whole_as_a_file(
    house: House, database: Database, catalogue: Catalogue
) -> None:
    answers = ANSWERS | {"about": Answer("A bakery. " * 400)}
    await database.write(lambda tx: send_in(tx, catalogue, ANNA, answers))
    (payload,) = await told(database, "review_text")
    assert payload["long"]


async def test_an_answer_that_nobody_asked_for_is_refused(database: Database, sent_in: SentIn) -> None:
    with pytest.raises(CustomerError, match="nothing_asked"):
        await database.write(lambda tx: reviews.replied(tx, form_of(tx, sent_in), Answer("Yes")))


async def test_what_is_withdrawn_needs_nobody(house: House, database: Database, sent_in: SentIn) -> None:
    await database.write(lambda tx: reviews.withdrawn(tx, form_of(tx, sent_in)))
    card = await card_of(house, sent_in)
    assert (card.closed_by, card.answer) == (0, "withdrawn")
    assert len(await told(database, "review_withdrawn")) == 1
