"""The card of a form in the group: hung up with its album, and brought up to date from elsewhere."""

from __future__ import annotations

import pytest

from bot.domain.catalogue import Catalogue
from bot.services import reviews
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import Group
from tests.made_to_order import SentIn, form_of, send_in


@pytest.fixture
async def sent_in(house: House, sqlite_database: Database, catalogue: Catalogue) -> SentIn:
    return await sqlite_database.write(lambda tx: send_in(tx, catalogue, ANNA))


async def test_the_card_comes_first_and_its_album_answers_it(group: Group, sent_in: SentIn) -> None:
    card, *_ = await group.hang_up_news()
    assert "Menu, prices" in card.text and "Android" in card.text
    assert card.buttons[:2] == ["✔️ Одобрить", "✖️ Отклонить"]
    (album,) = group.telegram.sent("sendMediaGroup")
    assert [each["media"] for each in album.fields["media"]] == ["pic-1", "pic-2"]
    (document,) = group.telegram.sent("sendDocument")
    for call in (album, document):
        assert call.fields["reply_parameters"]["message_id"] == card.id


async def test_a_withdrawn_form_closes_its_card_by_itself(
    group: Group, sqlite_database: Database, sent_in: SentIn
) -> None:
    card, *_ = await group.hang_up_news()
    await sqlite_database.write(lambda tx: reviews.withdrawn(tx, form_of(tx, sent_in)))
    (word,) = await group.hang_up_news()
    assert "отозвал" in word.text
    assert group.telegram.messages[card.id].buttons == []
    assert "отозвал" in group.telegram.messages[card.id].text
