"""Words where nobody asked for them, cards' numbers, settings, help, and trouble."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import StorageUnavailable
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import operator_cards
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Chat, Person
from tests.handlers.test_pay import choose_whatsapp
from tests.telegram import refusal, too_many


async def questions(database: Database) -> list[Any]:
    query = select(operator_cards.c.payload).where(operator_cards.c.kind == "question")
    return await database.read(lambda tx: list(tx.connection.execute(query).scalars()))


async def test_free_text_is_offered_to_an_operator(anna: Person, sqlite_database: Database) -> None:
    await anna.says("Почему не работает?")
    assert await questions(sqlite_database) == [], "not before the customer said so"
    await anna.taps("Отправить оператору")
    assert (await questions(sqlite_database))[0]["text"] == "Почему не работает?"
    assert "Передали оператору" in anna.screen.text


async def test_a_photo_goes_along_with_its_words(anna: Person, sqlite_database: Database) -> None:
    await anna.says("/help")
    await anna.taps("Написать нам")
    await anna.sends_photo("вот чек")
    assert (await questions(sqlite_database))[0] | {"name": ""} == {
        "customer_id": ANNA,
        "name": "",
        "text": "вот чек",
        "photo": "photo-1",
    }


async def test_text_where_a_button_is_expected_gets_the_screen_again(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.says("на месяц")
    assert "нажмите кнопку" in anna.screen.text
    assert "На какой срок" in anna.screen.text
    assert len([seen for seen in anna.messages if seen.rows]) == 1, "the old screen lost its buttons"


async def test_other_things_than_words_are_declined_kindly(anna: Person) -> None:
    await anna.sends(dice={"emoji": "🎲", "value": 3})
    assert "это — нет" in anna.screen.text


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "вот карта: 2200000000000004"])
async def test_a_cards_number_is_deleted_with_a_warning(anna: Person, chat: Chat, text: str) -> None:
    await anna.says("/pay")
    await anna.says(text)
    assert len(chat.telegram.sent("deleteMessage")) == 1
    assert "Сообщение удалено" in anna.screen.text
    assert "Что оплачиваем?" in anna.screen.text
    assert not any(text in seen.text for seen in anna.messages)


async def test_a_card_number_that_cannot_be_deleted_is_asked_to_be(anna: Person, chat: Chat) -> None:
    chat.telegram.fail("deleteMessage", refusal(400, "Bad Request: message can't be deleted"))
    await anna.says("4111111111111111")
    assert "удалите последнее сообщение" in anna.screen.text


async def test_language_changes_at_once_and_stays(anna: Person, chat: Chat) -> None:
    await anna.says("/settings")
    await anna.taps("Язык: Русский")
    await anna.taps("English")
    assert "Settings" in anna.screen.text
    chat.restart()
    await anna.says("/start")
    assert "Pay" in anna.screen.buttons


async def test_contacts_are_checked_and_kept(anna: Person, house: House) -> None:
    await anna.says("/settings")
    await anna.taps("Изменить почту")
    await anna.says("не почта")
    assert "Не похоже на адрес" in anna.screen.text
    await anna.says(" Anna@Example.org ")
    assert "Anna@example.org" in anna.screen.text
    await anna.taps("Изменить телефон")
    await anna.says("8 999 123-45-67")
    assert "+7 999 123-45-67" in anna.screen.text


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "help@example.org"),
        ("/support", "а не Telegram"),
        ("/paysupport", "а не Telegram"),
        ("/terms", "2026-11-01"),
        ("/privacy", "Данные карты"),
        ("/history", "Платежей"),
        ("/cancel", "касса"),
        ("/pay@kassir_test_bot", "Что оплачиваем"),
    ],
)
async def test_every_command_opens_its_screen(anna: Person, command: str, words: str) -> None:
    await anna.says(command)
    assert words in anna.screen.text
    assert "Меню" in anna.screen.buttons or command == "/cancel"


async def test_cards_page_says_who_takes_the_data_and_how_it_is_kept_safe(anna: Person) -> None:
    await anna.says("/help")
    await anna.taps("Об оплате картой")
    for word in ("ЮKassa", "TLS", "3-D Secure", "Мир", "Возврат"):
        assert word in anna.screen.text


async def test_a_message_that_is_gone_is_sent_anew(anna: Person, chat: Chat) -> None:
    await anna.says("/start")
    chat.telegram.fail("editMessageText", refusal(400, "Bad Request: message to edit not found"))
    await anna.taps("Помощь")
    assert "Рады помочь" in anna.screen.text
    assert len(anna.messages) == 2


async def test_a_screen_that_did_not_change_is_no_trouble(anna: Person, chat: Chat) -> None:
    await anna.says("/start")
    same = "Bad Request: message is not modified: specified new message content and reply markup are the same"
    chat.telegram.fail("editMessageText", refusal(400, same))
    await anna.taps("Помощь")
    assert len(anna.messages) == 1


async def test_a_tap_too_old_to_answer_still_shows_its_screen(anna: Person, chat: Chat) -> None:
    await anna.says("/start")
    chat.telegram.fail("answerCallbackQuery", refusal(400, "Bad Request: query is too old"))
    await anna.taps("Помощь")
    assert "Рады помочь" in anna.screen.text


async def test_every_tap_is_answered(anna: Person, chat: Chat) -> None:
    await anna.says("/start")
    for words in ("Помощь", "Об оплате картой", "‹ Назад", "Меню", "Баланс и история", "Меню", "Оплатить"):
        await anna.taps(words)
    await anna.taps_data("nonsense")
    assert len(chat.telegram.answers) == 8


async def test_below_a_notice_the_screen_is_sent_anew(anna: Person, chat: Chat) -> None:
    await anna.says("/start")
    menu = anna.screen
    await chat.bot.send_message(ANNA, "✅")
    await anna.taps("Помощь", on=menu)
    assert anna.messages[-1].text.startswith("Рады помочь")
    assert menu.rows == [], "the old screen lost its buttons"


async def test_buttons_of_a_notice_leave_it_as_it_is(anna: Person, chat: Chat) -> None:
    await chat.bot.send_message(ANNA, "✅ Оплачено: 990 ₽")
    notice = anna.messages[-1]
    await anna.taps_data("go:menu:1", on=notice)
    assert notice.text == "✅ Оплачено: 990 ₽"
    assert "касса" in anna.messages[-1].text


async def test_trouble_of_ours_is_excused_and_noted(
    anna: Person, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anna.says("/balance")

    async def fails(*_: object, **__: object) -> None:
        raise StorageUnavailable("disk full: /var/lib/kassir.db")

    monkeypatch.setattr(type(chat._house.payments), "history", fails)
    await anna.taps("История")
    assert "У нас что-то сломалось" in anna.screen.text
    assert "disk" not in anna.screen.text
    await anna.says("/history")
    assert "У нас что-то сломалось" in anna.screen.text
    monkeypatch.setattr(type(chat._house.payments), "details", fails)
    await anna.taps_data("payment:1")
    assert "У нас что-то сломалось" in anna.toast


async def test_a_telegram_that_is_down_breaks_no_dialog(anna: Person, chat: Chat) -> None:
    await anna.says("/pay")
    chat.telegram.down = True
    await anna.taps("WhatsApp")
    chat.telegram.down = False
    await anna.taps_data("nonsense")
    assert "На какой срок" in anna.screen.text, "the choice was kept, only its screen was not shown"


async def test_a_storm_of_429_is_waited_out_or_let_go(anna: Person, chat: Chat) -> None:
    await anna.says("/start")
    chat.telegram.fail("editMessageText", too_many(1), too_many(1))
    await anna.taps("Помощь")
    await anna.taps("Помощь")
    await anna.taps("Помощь")
    assert "Рады помочь" in anna.screen.text


async def test_words_below_a_link_are_a_question(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.says("А чек будет?")
    assert "Отправить оператору" in anna.screen.buttons


async def test_a_command_nobody_knows_shows_the_present_screen(anna: Person) -> None:
    await anna.says("/pay")
    await anna.says("/nonsense")
    assert "Такой команды не знаю" in anna.screen.text
    assert "Что оплачиваем" in anna.screen.text
