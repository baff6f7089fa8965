"""The card of a form in the group: hung up with its album, and brought up to date from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from bot.domain.catalogue import Catalogue
from bot.domain.order_forms import Answer
from bot.domain.periods import now
from bot.services.house import House
from bot.services.made_to_order import reviews
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import Group, Operator
from tests.made_to_order import PICTURES, SentIn, form_of, send_in


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


async def test_approving_takes_one_more_tap(group: Group, oleg: Operator, sent_in: SentIn) -> None:
    card, *_ = await group.hang_up_news()
    await oleg.taps("Одобрить", card)
    await oleg.taps("Да, 590", card)
    assert card.buttons == [] and "Одобрено: Oleg" in card.text
    told = {notice.kind: notice for notice in await group.told_to_customers()}
    assert told["form_approved"].address == ANNA


async def test_the_second_person_is_told_who_was_first(
    group: Group, oleg: Operator, clara: Operator, sent_in: SentIn
) -> None:
    card, *_ = await group.hang_up_news()
    await oleg.taps("Одобрить", card)
    sure = card.button("Да, 590")
    assert sure is not None
    await oleg.taps_data(sure["callback_data"], card)
    await clara.taps_data(sure["callback_data"], card)
    assert "Oleg" in group.toast


async def test_a_question_comes_back_with_the_customers_answer(
    group: Group, oleg: Operator, house: House, sent_in: SentIn
) -> None:
    card, *_ = await group.hang_up_news()
    await oleg.taps("Задать вопрос", card)
    await oleg.replies(group.newest, "Какие цвета?")
    assert "Какие цвета?" in card.text and "срок ответа ждёт" in card.text
    await house.order_forms.reply(ANNA, sent_in.form_id, Answer("Красный", files=PICTURES))
    word, _album = await group.hang_up_news()
    assert "│ Красный" in word.text
    (_first, second) = group.telegram.sent("sendMediaGroup")
    assert second.fields["reply_parameters"]["message_id"] == card.id
    assert "│ Красный" in card.text and "срок ответа ждёт" not in card.text


async def test_a_reason_is_asked_for_before_it_is_rejected(
    group: Group, oleg: Operator, sent_in: SentIn
) -> None:
    card, *_ = await group.hang_up_news()
    await oleg.taps("Отклонить", card)
    await oleg.replies(group.newest, "Нет картинок")
    assert "Отклонено: Oleg" in card.text and "Нет картинок" in card.text


async def test_cards_hangs_it_anew_and_a_button_shows_the_pictures(
    group: Group, oleg: Operator, sent_in: SentIn
) -> None:
    await group.hang_up_news()
    await oleg.says("/cards")
    anew = group.newest
    assert len(group.telegram.sent("sendMediaGroup")) == 1
    await oleg.taps("Картинки и файлы", anew)
    assert len(group.telegram.sent("sendMediaGroup")) == 2
    assert group.telegram.sent("sendDocument")[-1].fields["reply_parameters"]["message_id"] == anew.id


async def test_an_overdue_card_rises_and_the_old_one_loses_its_buttons(
    group: Group, house: House, sent_in: SentIn
) -> None:
    card, *_ = await group.hang_up_news()
    with time_machine.travel(now() + timedelta(days=5)):
        await house.reviews.raise_overdue()
        (anew,) = await group.hang_up_news()
    assert "Ждёт с" in anew.text and "Одобрить" in anew.buttons[0]
    assert card.buttons == []
