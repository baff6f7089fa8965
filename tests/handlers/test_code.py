"""Payment codes in the chat: one's own, and whose a code is."""

from __future__ import annotations

from bot.domain.payment_codes import new_code
from bot.i18n.code_words import spaced_code
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.conftest import ANNA, BOB
from tests.handlers.rig import Person


async def code_of(house: House, database: Database, customer_id: int) -> str:
    payer = await database.write(lambda tx: tx.customers.person(customer_id))
    return await house.codes.code(customer_id, payer)


async def test_without_a_code_the_way_to_one_is_told(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Код оплаты")
    assert "кода оплаты пока нет" in anna.screen.text
    await anna.taps("Оплатить")
    assert "Что оплачиваем" in anna.screen.text


async def test_own_code_stands_in_groups_and_is_copied_bare(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    code = await code_of(house, sqlite_database, ANNA)
    await anna.says("/code")
    assert spaced_code(code) in anna.screen.text
    button = anna.screen.button("Скопировать код")
    assert button is not None
    assert button["copy_text"] == {"text": code}


async def test_own_code_is_known_with_lost_zeros_and_spaces(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    code = await code_of(house, sqlite_database, ANNA)
    await anna.says("/code")
    await anna.taps("Проверить код")
    await anna.says(f"{code[2:6]} {code[6:]}")
    assert "это ваш код" in anna.screen.text
    await anna.taps("Проверить другой код")
    assert "Пришлите код" in anna.screen.text


async def test_somebody_elses_code_shows_a_mask_and_nothing_more(
    anna: Person, bob: Person, house: House, sqlite_database: Database
) -> None:
    await bob.says("/start")
    code = await code_of(house, sqlite_database, BOB)
    await anna.says("/code")
    await anna.taps("Проверить код")
    await anna.says(code)
    assert "B***" in anna.screen.text
    assert "Bob" not in anna.screen.text


async def test_wrong_codes_are_told_kindly_and_the_next_try_follows(anna: Person) -> None:
    await anna.says("/code")
    await anna.taps("Проверить код")
    for text, said in (("сто", "цифр"), ("1234", "цифр"), (new_code(), "ни у кого нет")):
        await anna.says(text)
        assert said in anna.messages[-1].text
    await anna.taps("‹ Назад")
    assert "кода оплаты пока нет" in anna.screen.text


async def test_guessing_ends_soon(anna: Person) -> None:
    await anna.says("/code")
    await anna.taps("Проверить код")
    for _ in range(6):
        await anna.says(new_code())
    assert "через час" in anna.messages[-1].text
