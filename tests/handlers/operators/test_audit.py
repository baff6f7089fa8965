"""/audit in the group: pages, days and words; a table; and a polite no for everybody but owners."""

from __future__ import annotations

from bot.domain.talk import Said
from bot.services.house import House
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import OPERATOR, OWNER, Group, Operator


async def answered(house: House, times: int) -> None:
    for number in range(1, times + 1):
        await house.talk.ask(ANNA, Said(number, "Где?"))
        await house.talk.add(OPERATOR, 1, Said(500 + number, "Здесь"))


async def test_an_owner_searches_turns_pages_and_takes_the_table(house: House, group: Group) -> None:
    await answered(house, 9)
    olga = group.person(OWNER)
    await olga.says("/audit oleg")
    page = group.newest
    assert "Кто что сделал: oleg" in page.text and "Oleg" in page.text and "customer:1001" in page.text
    assert "Стр. 1 из 2" in page.text
    await olga.taps("›", page)
    assert "Стр. 2 из 2" in page.text
    await olga.taps("Таблица (CSV)", page)
    assert group.telegram.sent("sendDocument")


async def test_days_and_words_that_find_nothing(house: House, group: Group) -> None:
    await answered(house, 1)
    olga = group.person(OWNER)
    for words in ("1.1.2020", "% \N{OGHAM SPACE MARK}' or 1=1 🙂", "zzz " * 200):
        await olga.says(f"/audit {words}")
        assert "Ничего не нашлось" in group.newest.text


async def test_others_hear_who_may(house: House, group: Group, oleg: Operator, clara: Operator) -> None:
    await answered(house, 1)
    for person in (oleg, clara):
        await person.says("/audit")
        assert "владелец" in group.newest.text
