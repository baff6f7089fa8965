"""The card of an order in work: one tap a stage, and what goes to the customer with it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import OPERATOR, PHOTO, Group, Operator
from tests.handlers.rig import Seen
from tests.made_to_order import pay, send_in


@pytest.fixture
async def card(group: Group, house: House, sqlite_database: Database, catalogue: Catalogue) -> Seen:
    """Of an order that is paid, as it hangs in the group."""
    sent_in = await sqlite_database.write(lambda tx: send_in(tx, catalogue, ANNA))
    await house.reviews.approve(OPERATOR, sent_in.card_id)
    await pay(house, sent_in)
    hung = await group.hang_up_news()
    return next(each for each in hung if each.button("В работе"))


async def test_one_tap_a_stage_until_it_is_done(group: Group, oleg: Operator, card: Seen) -> None:
    await oleg.taps("В работе", card)
    assert "▶️ В работе, до" in card.text
    await oleg.taps("На согласовании", card)
    await oleg.taps("Готово", card)
    assert "Готово: Oleg" in card.text
    assert card.buttons == ["↩️ Шаг назад"]
    await oleg.taps("Шаг назад", card)
    assert card.button("Готово") is not None


async def test_words_a_day_and_a_picture_go_with_the_next_stage(
    group: Group, oleg: Operator, sqlite_database: Database, card: Seen
) -> None:
    await oleg.taps("Со словами", card)
    await oleg.replies(group.newest, "Начинаем завтра")
    await oleg.taps("Срок", card)
    await oleg.replies(group.newest, "вчера")
    assert "14.12" in group.newest.text
    await oleg.taps("Файл или ссылка", card)
    asked = group.newest
    await oleg.sends(photo=[PHOTO], reply_to_message=_reply_to(asked))
    assert "│ Начинаем завтра" in card.text and "файл" in card.text
    await oleg.taps("В работе", card)
    query = select(outbox.c.payload).where(outbox.c.kind == "order_stage")
    (told,) = await sqlite_database.read(lambda tx: tx.connection.scalars(query).all())
    assert told["words"] == "Начинаем завтра"
    assert told["file"] == {"file_id": "file-1", "kind": "photo"}


async def test_the_second_who_taps_is_told_who_was_first(
    group: Group, oleg: Operator, clara: Operator, card: Seen
) -> None:
    button = card.button("В работе")
    assert button is not None
    await oleg.taps_data(button["callback_data"], card)
    await clara.taps_data(button["callback_data"], card)
    assert "Oleg" in group.toast


def _reply_to(asked: Seen) -> dict[str, object]:
    return {
        "message_id": asked.id,
        "date": 1,
        "chat": {"id": asked.chat_id, "type": "supergroup", "title": "Operators"},
        "from": {"id": 42, "is_bot": True, "first_name": "Kassir"},
        "text": asked.text,
    }
