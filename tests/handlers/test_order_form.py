"""Ordering by a form in the chat: every kind of question, back and forth, albums, junk, going on later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.order_forms import FormState, OrderForm
from bot.domain.states import OrderState
from bot.services.house import House
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person

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
    assert "Вопрос 1 из 9" in anna.screen.text
    assert "Адрес вашего сайта" in anna.screen.text
    await fill_in(anna)
    for words in (
        "Мобильное приложение под ключ, 12 месяцев",
        "Цена: 590\N{NO-BREAK SPACE}Br",
        "https://example.org",
        "Android и iOS",
        "14 декабря 2030",
        "+375 29 123-45-67",
        "Логотип и картинки: —",
        "Принятый заказ не возвращается",
        "Сейчас платить ничего не нужно",
    ):
        assert words in anna.screen.text, words
    await anna.taps("Отправить заявку")
    assert "Заявка отправлена. Ответим до" in anna.screen.text
    form = await form_of(house)
    assert form.state is FormState.REVIEW
    assert form.order_id is not None
    assert (await house.orders.get(ANNA, form.order_id)).state is OrderState.REVIEW
