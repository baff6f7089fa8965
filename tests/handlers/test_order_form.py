"""Ordering by a form in the chat: every kind of question, back and forth, albums, junk, going on later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.domain.catalogue import Catalogue
from bot.domain.form_terms import Question
from bot.domain.order_forms import FormState, OrderForm
from bot.domain.states import OrderState
from bot.domain.texts import Text
from bot.keyboards.order_forms import FillIn
from bot.services.house import House
from bot.services.made_to_order.forms import OrderFormService
from bot.storage.database import Database
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Chat, Person
from tests.payers import ROMASHKA

Does = Callable[[Person], Awaitable[object]]

ANSWERS: tuple[tuple[str, Does], ...] = (
    ("site", lambda anna: anna.says("example.org")),
    ("about", lambda anna: anna.says("Меню и цены")),
    ("systems", lambda anna: anna.taps("Android и iOS")),
    ("languages", lambda anna: anna.says("2")),
    ("logo", lambda anna: anna.taps("Пропустить")),
    ("texts", lambda anna: anna.taps("Пропустить")),
    ("wanted_by", lambda anna: anna.says("14.12.2030")),
    ("email", lambda anna: anna.says("anna@example.org")),
    ("phone", lambda anna: anna.says("+375 29 123-45-67")),
)


def plain(anna: Person) -> str:
    """The screen with ordinary blanks."""
    return anna.screen.text.replace("\N{NO-BREAK SPACE}", " ")


async def form_of(house: House) -> OrderForm:
    (view,) = (await house.order_forms.page(ANNA)).items
    assert view.form is not None
    return view.form


async def sends_picture(anna: Person, number: int, *, album: str = "", size: int = 1000) -> None:
    photo = [
        {"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9, "file_size": size}
    ]
    await anna.sends(photo=photo, **({"media_group_id": album} if album else {}))


async def sends_file(anna: Person, name: str, size: int, **more: str) -> None:
    await anna.sends(
        document={"file_id": name, "file_unique_id": name, "file_name": name, "file_size": size}, **more
    )


async def sends_sticker(anna: Person) -> None:
    sticker = {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 9,
        "height": 9,
        "is_animated": False,
        "is_video": False,
    }
    await anna.sends(sticker=sticker)


async def to_question(anna: Person, name: str) -> None:
    """Answer all that comes before it."""
    await anna.says("/order")
    for question, answer in ANSWERS:
        if question == name:
            return
        await answer(anna)


async def fill_in(anna: Person) -> None:
    await to_question(anna, "summary")


async def test_a_form_is_filled_in_and_sent(anna: Person, house: House) -> None:
    await anna.says("/menu")
    await anna.taps("Заказать услугу")
    for words in ("Мобильное приложение под ключ", "Цена: 590 Br", "Вопрос 1 из 9", "Адрес вашего сайта"):
        assert words in plain(anna), words
    await fill_in(anna)
    for words in (
        "Мобильное приложение под ключ, 12 месяцев",
        "Цена: 590 Br",
        "https://example.org",
        "Android и iOS",
        "14 декабря 2030",
        "+375 29 123-45-67",
        "Что должно быть в приложении? Меню и цены",
        "Логотип и картинки: —",
        "Принятый заказ не возвращается",
        "Сейчас платить ничего не нужно",
    ):
        assert words in plain(anna), words
    await anna.taps("Отправить заявку")
    assert "Заявка отправлена. Ответим до" in anna.screen.text
    form = await form_of(house)
    assert form.state is FormState.REVIEW
    assert form.order_id is not None
    assert (await house.orders.get(ANNA, form.order_id)).state is OrderState.REVIEW


@pytest.mark.parametrize(
    ("question", "typed", "words"),
    [
        ("site", "нет сайта", "Это не похоже на ссылку"),
        ("site", "ftp://example.org", "Это не похоже на ссылку"),
        ("about", "я" * 2001, "не больше 2000 знаков"),
        ("systems", "Windows", "один из ответов ниже"),
        ("languages", "5,5", "Это не похоже на число"),
        ("languages", "0", "не меньше 1"),
        ("languages", "6", "не больше 5"),
        ("logo", "потом", "пришлите, пожалуйста, картинку"),
        ("texts", "потом", "пришлите, пожалуйста, файл"),
        ("wanted_by", "31.02", "Это не похоже на дату"),
        ("wanted_by", "скоро", "Это не похоже на дату"),
        ("email", "anna@", "не похоже на адрес"),
        ("phone", "29 123-45-67", "не похоже на номер"),
    ],
)
async def test_a_wrong_answer_is_told_and_asked_again(
    anna: Person, question: str, typed: str, words: str
) -> None:
    await to_question(anna, question)
    asked = anna.screen.text
    await anna.says(typed)
    assert words.lower() in plain(anna).lower()
    assert anna.screen.text.endswith(asked)


async def test_a_sticker_for_a_date_is_told_what_to_send(anna: Person, house: House) -> None:
    await to_question(anna, "wanted_by")
    await sends_sticker(anna)
    assert "Это не похоже на дату. Пришлите так: 14.12" in anna.screen.text
    assert "Вопрос 7 из 9" in anna.screen.text
    await sends_picture(anna, 1)
    assert "Это не похоже на дату" in anna.screen.text
    assert "wanted_by" not in (await form_of(house)).answers


async def test_an_album_is_answered_by_one_screen(anna: Person, house: House) -> None:
    await to_question(anna, "logo")
    before = len(anna.messages)
    for number in range(3):
        await sends_picture(anna, number, album="album")
    assert len(anna.messages) == before + 1
    assert "Прислано 3 файла:" in anna.screen.text
    await anna.taps("✖️ 2")
    await sends_picture(anna, 7)
    assert "Прислано 3 файла:" in anna.screen.text
    await anna.taps("Готово")
    assert "Вопрос 6 из 9" in anna.screen.text
    files = (await form_of(house)).answers["logo"].files
    assert [file.file_id for file in files] == ["p0", "p2", "p7"]


async def test_a_late_picture_of_an_album_stays_with_its_question(anna: Person, house: House) -> None:
    await to_question(anna, "logo")
    await sends_picture(anna, 0, album="album")
    await anna.taps("Готово")
    before = len(anna.messages)
    await sends_picture(anna, 1, album="album")
    assert "Вопрос 6 из 9" in anna.screen.text
    assert len(anna.messages) == before, "the question that stands there goes on waiting"
    form = await form_of(house)
    assert [file.file_id for file in form.answers["logo"].files] == ["p0", "p1"]
    assert "texts" not in form.answers


async def test_fifty_pictures_leave_ten_and_one_word_about_it(anna: Person, house: House) -> None:
    await to_question(anna, "logo")
    before = len(anna.messages)
    for number in range(50):
        await sends_picture(anna, number, album=f"album-{number // 10}")
    assert len((await form_of(house)).answers["logo"].files) == 10
    assert len(anna.messages) == before + 5, "a screen for each album, none for each picture"
    assert "не больше 10 файлов" in anna.screen.text
    assert "Прислано 10 файлов:" in anna.screen.text


async def test_a_file_of_two_gigabytes_is_refused(anna: Person, house: House) -> None:
    await to_question(anna, "texts")
    await sends_file(anna, "film.zip", 2_000_000_000)
    assert "слишком большой" in anna.screen.text
    await sends_file(anna, "text.docx", 1_250_000)
    assert "1. text.docx, 1,2 МБ" in plain(anna)
    assert len((await form_of(house)).answers["texts"].files) == 1


async def test_a_picture_may_come_as_a_file_and_nothing_else_may(anna: Person, house: House) -> None:
    await to_question(anna, "logo")
    await sends_file(anna, "song.mp3", 1000)
    assert "картинку" in anna.screen.text
    await sends_file(anna, "logo.PNG", 1000)
    assert [file.name for file in (await form_of(house)).answers["logo"].files] == ["logo.PNG"]


async def test_back_shows_the_answer_and_leaves_it(anna: Person, house: House) -> None:
    await to_question(anna, "languages")
    await anna.taps("Назад")
    assert "Вопрос 3 из 9" in anna.screen.text
    assert "Сейчас ваш ответ: Android и iOS" in anna.screen.text
    await anna.taps("Назад")
    await anna.says("Только меню")
    assert "Вопрос 4 из 9" in anna.screen.text
    assert (await form_of(house)).answers["about"].value == "Только меню"


async def test_one_answer_is_changed_from_the_summary(anna: Person, house: House) -> None:
    await fill_in(anna)
    await anna.taps("Изменить ответ")
    await anna.taps("Для каких телефонов?")
    await anna.taps("Назад")
    assert "Android и iOS" in anna.screen.text
    await anna.taps("Изменить ответ")
    await anna.taps("Для каких телефонов?")
    await anna.taps("iOS")
    assert "Для каких телефонов? iOS" in anna.screen.text
    await anna.taps("Назад")
    assert "Вопрос 9 из 9" in anna.screen.text
    await anna.taps("Оставить так")
    await anna.taps("Отправить заявку")
    assert (await form_of(house)).answers["systems"].value == "ios"


async def test_a_form_goes_on_after_a_restart_of_everything(anna: Person, chat: Chat) -> None:
    await to_question(anna, "languages")
    await anna.taps("Сохранить и продолжить позже")
    assert "Ответы сохранены" in anna.screen.text
    chat.restart()
    await anna.says("/orders")
    await anna.taps("✏️ Мобильное приложение под ключ")
    assert "Заявка ещё не отправлена" in anna.screen.text
    await anna.taps("Продолжить")
    assert "Вопрос 4 из 9" in anna.screen.text
    await anna.says("/menu")
    await anna.says("/order")
    assert "Вопрос 4 из 9" in anna.screen.text


async def test_what_we_know_is_one_tap(anna: Person, house: House) -> None:
    await house.customers.set_email(ANNA, "known@example.org")
    await to_question(anna, "email")
    await anna.taps("known@example.org")
    contact = {"phone_number": "375291234567", "first_name": "Anna", "user_id": ANNA}
    await anna.sends(contact=contact)
    form = await form_of(house)
    assert form.answers["email"].value == "known@example.org"
    assert form.answers["phone"].value == "+375291234567"


async def test_a_card_number_is_deleted_and_asked_again(anna: Person, house: House, chat: Chat) -> None:
    await to_question(anna, "about")
    message = await anna.sends(text="карта 4111 1111 1111 1111")
    deleted = [call.fields["message_id"] for call in chat.telegram.sent("deleteMessage")]
    assert deleted == [message]
    assert "Вопрос 2 из 9" in anna.screen.text
    assert "about" not in (await form_of(house)).answers


async def test_a_form_is_withdrawn_after_a_second_tap(anna: Person, house: House) -> None:
    await fill_in(anna)
    await anna.taps("Отправить заявку")
    await anna.taps("Отменить заявку")
    assert (await form_of(house)).state is FormState.REVIEW
    await anna.taps("Да, отменить")
    assert "Вы отменили эту заявку" in anna.screen.text
    assert (await form_of(house)).state is FormState.WITHDRAWN


async def test_a_stale_button_sends_nothing_in_twice(anna: Person, house: House) -> None:
    await fill_in(anna)
    summary = anna.screen
    await anna.taps("Отправить заявку")
    await anna.taps_data("order:sendin", on=summary)
    assert (await house.order_forms.page(ANNA)).total == 1


async def test_the_reviewers_question_is_answered_with_an_album(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    await fill_in(anna)
    await anna.taps("Отправить заявку")
    form = await form_of(house)
    await sqlite_database.write(
        lambda tx: tx.order_forms.change(form.id, question="Какой цвет?", review_until=None)
    )
    await anna.says("/orders")
    await anna.taps("❓ Мобильное приложение")
    assert "У нас вопрос: Какой цвет?" in anna.screen.text
    await anna.taps("Ответить")
    await sends_sticker(anna)
    video = {"file_id": "v", "file_unique_id": "v", "width": 9, "height": 9, "duration": 1}
    await anna.sends(video=video, caption="Смотрите")
    assert "Смотрите" not in anna.screen.text
    assert "Отправить ответ" not in anna.screen.buttons
    await anna.says("Зелёный")
    for number in range(3):
        await sends_picture(anna, number, album="album")
    assert "Зелёный" in anna.screen.text
    await anna.taps("Отправить ответ")
    assert "Спасибо, ваш ответ у нас" in anna.screen.text
    replied = (await form_of(house)).answers["reply-1"]
    assert replied.value == "Зелёный"
    assert len(replied.files) == 3


async def test_who_is_blocked_is_told_kindly(anna: Person, sqlite_database: Database) -> None:
    await sqlite_database.write(lambda tx: tx.customers.block(ANNA, "rude"))
    await anna.says("/order")
    assert "/support" in anna.screen.text


async def test_a_reminder_leads_back_into_the_form(anna: Person, house: House) -> None:
    await to_question(anna, "languages")
    form = await form_of(house)
    await anna.says("/menu")
    await anna.taps_data(FillIn(form=form.id, anew=True).pack())
    assert "Вопрос 4 из 9" in anna.screen.text


async def test_a_form_abandoned_for_a_month_is_all_there(anna: Person, house: House, chat: Chat) -> None:
    """The dialog is forgotten by then, the answers are not."""
    with time_machine.travel(datetime(2026, 10, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        await to_question(anna, "languages")
        clock.shift(timedelta(days=31))
        chat._storage.storage.clear()
        chat.restart()
        await house.waiting_forms.forget_abandoned()
        await anna.says("/orders")
        await anna.taps("✏️ Мобильное приложение под ключ")
        assert "Для каких телефонов? Android и iOS" in anna.screen.text
        await anna.taps("Продолжить")
    assert "Вопрос 4 из 9" in anna.screen.text


async def test_the_catalogue_asks_otherwise_after_a_restart(
    anna: Person, house: House, chat: Chat, catalogue: Catalogue, sqlite_database: Database
) -> None:
    await to_question(anna, "wanted_by")
    app = catalogue.tariffs["app"]
    assert app.made_to_order is not None
    form = tuple(each for each in app.made_to_order.form if each.name not in ("site", "wanted_by"))
    colour = Question("colour", Text({"ru": "Какой цвет?"}))
    changed = replace(app, made_to_order=replace(app.made_to_order, form=(colour, *form)))
    other = replace(catalogue, tariffs={**catalogue.tariffs, "app": changed})
    service = OrderFormService(sqlite_database, other, ZoneInfo("Europe/Moscow"))
    chat._house, chat._catalogue = replace(house, order_forms=service), other
    chat.restart()
    await anna.says("14.12.2030")
    assert "Этот вопрос больше не задаётся" in anna.screen.text
    assert "Вопрос 1 из 8" in anna.screen.text
    assert "Какой цвет?" in anna.screen.text
    await anna.says("Зелёный")
    assert "E-mail для счёта" in anna.screen.text
    await anna.says("anna@example.org")
    await anna.says("+375291234567")
    assert "Какой цвет? Зелёный" in anna.screen.text
    assert "example.org\n" not in anna.screen.text.split("E-mail")[0]
    await anna.taps("Отправить заявку")
    assert "Заявка отправлена" in anna.screen.text


async def test_one_of_several_payers_is_chosen_on_the_summary(anna: Person, house: House) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    await house.customers.greet(ANNA, name="Anna", language="ru")
    await fill_in(anna)
    assert "Плательщик" not in anna.screen.text
    await anna.taps("Кто платит?")
    await anna.taps("Ромашка")
    assert "Плательщик: ООО «Ромашка»" in anna.screen.text
    await anna.taps("Отправить заявку")
    assert (await form_of(house)).payer_id == firm.id


async def test_an_album_for_a_question_in_words_is_refused_once(anna: Person) -> None:
    await to_question(anna, "about")
    before = len(anna.messages)
    for number in range(5):
        await sends_picture(anna, number, album="album")
    assert len(anna.messages) == before + 1
    assert "словами" in anna.screen.text


async def test_the_sellers_site_leads_straight_to_the_form(anna: Person) -> None:
    await anna.says("/start order_app")
    assert "Вопрос 1 из 9" in anna.screen.text
    await anna.says("/start order_yacht")
    assert "Заказать услугу" in anna.screen.buttons


async def test_what_is_sold_no_more_is_still_shown(
    anna: Person, house: House, chat: Chat, catalogue: Catalogue, sqlite_database: Database
) -> None:
    await to_question(anna, "languages")
    other = replace(catalogue, tariffs={"line": catalogue.tariffs["line"]})
    service = OrderFormService(sqlite_database, other, ZoneInfo("Europe/Moscow"))
    chat._house, chat._catalogue = replace(house, order_forms=service), other
    chat.restart()
    await anna.says("2")
    assert "больше нельзя заказать" in anna.screen.text
    assert "Заказать услугу" not in anna.screen.buttons
    await anna.says("/orders")
    assert "Новый заказ" not in anna.screen.buttons
    await anna.taps("✏️ app")
    await anna.taps("Продолжить")
    assert "больше нельзя заказать" in anna.screen.text
    await anna.taps("Отменить заявку")
    await anna.taps("Да, отменить")
    assert "Вы отменили эту заявку" in anna.screen.text
