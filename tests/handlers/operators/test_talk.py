"""Operators write to customers from cards, talk and records; files go along, and answers come back."""

from __future__ import annotations

from bot.domain.talk import Said
from bot.keyboards.operator_talk import WriteTo
from bot.services.house import House
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import PHOTO, STRANGER, Group, Operator
from tests.handlers.rig import Seen

VOICE = {"file_id": "voice-1", "file_unique_id": "u", "duration": 3}


async def asked(house: House, group: Group) -> Seen:
    await house.talk.ask(ANNA, Said(1, "Где линия?"))
    return (await group.hang_up_news())[-1]


async def test_a_voice_message_is_passed_on(house: House, group: Group, oleg: Operator) -> None:
    card = await asked(house, group)
    await oleg.taps("Ответить", card)
    await oleg.replies(group.newest, "", voice=VOICE)
    (told,) = await group.told_to_customers()
    assert told.payload["attached"] == {"kind": "voice", "file_id": "voice-1"}
    assert "Oleg ответил(а)" in card.text or "Oleg" in card.text


async def test_more_of_a_talk_has_a_button_to_answer_it(house: House, group: Group, oleg: Operator) -> None:
    await asked(house, group)
    await house.talk.ask(ANNA, Said(2, "Та, что красная"))
    (more,) = await group.hang_up_news()
    assert more.text == "💬 Anna <b>:\n│ Та, что красная"
    await oleg.taps("Ответить", more)
    await oleg.replies(group.newest, "", caption="Вот она", photo=[PHOTO])
    (told,) = await group.told_to_customers()
    assert (told.payload["text"], told.payload["photo"]) == ("Вот она", "file-1")
    assert "Oleg" in group.telegram.messages[1].text, "the question is answered"


async def test_from_a_record_anybody_can_be_written_to(house: House, group: Group, oleg: Operator) -> None:
    card = await asked(house, group)
    await oleg.taps_data(WriteTo(customer=ANNA).pack(), card)
    await oleg.replies(group.newest, "Ваша линия готова")
    assert "Отправляем" in group.newest.text
    (told,) = await group.told_to_customers()
    assert told.payload["text"] == "Ваша линия готова"


async def test_a_stranger_writes_to_nobody(house: House, group: Group) -> None:
    card = await asked(house, group)
    stranger = group.person(STRANGER)
    await stranger.taps_data(WriteTo(customer=ANNA).pack(), card)
    assert str(STRANGER) in group.toast
    assert await group.told_to_customers() == []
