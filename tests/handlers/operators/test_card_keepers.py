"""«Беру»: a card says who looks after it, and others are asked once more."""

from __future__ import annotations

import asyncio

from bot.domain.errors import CustomerError
from bot.domain.talk import Said
from bot.services.house import House
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import CASHIER, OPERATOR, VIEWER, Group, Operator
from tests.handlers.rig import Seen


async def asked(house: House, group: Group) -> Seen:
    await house.talk.ask(ANNA, Said(1, "Где линия?"))
    return (await group.hang_up_news())[-1]


async def test_a_card_shows_who_took_it_until_he_lets_it_go(
    house: House, group: Group, oleg: Operator
) -> None:
    card = await asked(house, group)
    assert "Ответ обещан до" in card.text and "Отпускаю" not in card.buttons
    await oleg.taps("Беру", card)
    assert "Этим занимается Oleg" in card.text
    await oleg.taps("Отпускаю", card)
    assert "Этим занимается" not in card.text and "Отпускаю" not in card.buttons


async def test_others_are_asked_once_more_and_may_all_the_same(
    house: House, group: Group, oleg: Operator, clara: Operator
) -> None:
    card = await asked(house, group)
    await oleg.taps("Беру", card)
    await clara.taps("Ответить", card)
    assert "Этим занимается Oleg. Всё равно?" in group.toast
    assert not group.telegram.sent("sendMessage")[1:], "nothing was asked of her yet"
    await clara.taps("Ответить", card)
    await clara.replies(group.newest, "Здесь.")
    assert [told.payload["text"] for told in await group.told_to_customers()] == ["Здесь."]
    assert "Этим занимается" not in card.text and "Clara" in card.text, "it is done"


async def test_who_took_it_is_asked_nothing(house: House, group: Group, oleg: Operator) -> None:
    card = await asked(house, group)
    await oleg.taps("Беру", card)
    await oleg.taps("Закрыть", card)
    assert "Да, закрыть" in card.buttons


async def test_a_viewer_takes_nothing(house: House, group: Group) -> None:
    card = await asked(house, group)
    await group.person(VIEWER).taps("Беру", card)
    assert "оператор" in group.toast
    assert "Этим занимается" not in card.text


async def test_two_who_take_at_once_are_one(house: House, group: Group) -> None:
    await asked(house, group)
    takes = [house.card_keepers.take(who, 1, f"who {who}") for who in (OPERATOR, CASHIER)]
    ends = await asyncio.gather(*takes, return_exceptions=True)
    card = await house.desk.card(1)
    assert card.payload["taken_name"] == f"who {card.taken_by}"
    for end in ends:
        assert not isinstance(end, Exception) or isinstance(end, CustomerError)
