"""The operators' desk from an order with pictures to the closed day, in the browser: two people decide."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.keyboards.reviews import ApproveForm
from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox, running_sandbox
from sandbox.screen import Json
from tests.browser import DESKTOP, PHONE
from tests.e2e.chat import Chat
from tests.e2e.conftest import ANNA, CASHIER, OPERATOR, OWNER
from tests.e2e.customers import clean_books

HERS = "anna@example.org"
PICTURES = (Path("docs/images/chat.png"), Path("docs/images/invoice.png"), Path("docs/images/autopay.png"))
SELLERS_CLOCK = ZoneInfo("Europe/Moscow")
HURRIED = (sys.executable, "-m", "tests.e2e.hurried_bot")


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """Where the group takes more than twenty messages a minute."""
    async with running_sandbox(tmp_path / "street", program=HURRIED) as street:
        async with Telegram(street.at.page) as telegram:
            await telegram.faults(limits="off")
        yield street


class Desk:
    """The operators' pane of the chat page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pane = page.get_by_role("region", name="Operators' group")

    def card(self, words: str) -> Locator:
        """The newest message that says so by itself, not as a quote."""
        said = self._page.locator(".bubble > .text").filter(has_text=words)
        return self.pane.get_by_role("article").filter(has=said).last

    async def sees(self, words: str) -> None:
        await expect(self.card(words)).to_be_visible()

    async def taps(self, card: str, *buttons: str) -> None:
        for button in buttons:
            await self.card(card).get_by_role("button", name=button).click()


async def test_an_order_goes_over_the_desk_until_its_day_is_closed(
    street: Sandbox, browser: Browser, telegram: Telegram, pictures: Path
) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{street.at.page}/?as={ANNA}&desk={CASHIER}")
    anna, desk = Chat(page, pictures, "desk"), Desk(page)
    nina, karim, olga = (telegram.operator(who) for who in (OPERATOR, CASHIER, OWNER))

    await order(anna)
    card = await ask_her(anna, desk, nina)
    await both_approve(desk, karim, nina, card)
    await pay(anna, page, street)
    await begin_work(anna, desk, karim)
    await refund_some_of_it(anna, desk, karim, olga)
    await look_into_the_cabinet(page, street)
    await find_her(desk, karim)
    await close_the_day(anna, desk, karim)
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="dark")
    await anna.kept("9-phone")
    await clean_books(street)


async def order(anna: Chat) -> None:
    await anna.pane.get_by_role("button", name="Start", exact=True).click()
    await anna.taps("Заказать услугу")
    await anna.sees("Вопрос 1 из 9")
    await anna.says("flora.example")
    await anna.sees("Что должно быть в приложении?")
    await anna.says("Каталог цветов и заказ букета с доставкой")
    await anna.taps("Android и iOS", "Пропустить")
    await anna.sees("Логотип и картинки")
    await anna.sends(*PICTURES)
    await anna.taps("Готово")
    await anna.sees("Тексты и другие файлы")
    await anna.taps("Пропустить")
    await anna.sees("К какому дню нужно?")
    await anna.taps("Пропустить")
    await anna.sees("E-mail для счёта")
    await anna.says(HERS)
    await anna.sees("Телефон с кодом оператора")
    await anna.says("+375 29 123-45-67")
    await anna.taps("Отправить заявку")
    await anna.sees("Заявка отправлена. Ответим до")


async def ask_her(anna: Chat, desk: Desk, nina: Person) -> Json:
    """Nina's question, whose answer comes back to the card."""
    card = await nina.sees("📝 Заявка на проверку")
    album = desk.pane.get_by_role("group", name="Album").last
    await expect(album.get_by_role("link")).to_have_count(len(PICTURES))
    await anna.kept("1-review")
    await nina.taps("Задать вопрос", message=card)
    prompt = await nina.sees("Нина, что спросить у клиента?")
    await nina.says("Доставка только по Минску?", reply_to=prompt["body"]["message_id"])
    await anna.sees("Доставка только по Минску?")
    await anna.taps("Ответить")
    await anna.says("Да, и по району")
    await anna.taps("Отправить ответ")
    await desk.sees("💬 Клиент отвечает:")
    await expect(desk.card("📝 Заявка на проверку")).to_contain_text("Да, и по району")
    await anna.kept("2-answered")
    return card


async def both_approve(desk: Desk, karim: Person, nina: Person, card: Json) -> None:
    """At the same moment: one of them has decided, the other hears who it was."""
    await desk.taps("📝 Заявка на проверку", "Одобрить")
    yes = ApproveForm(card=card_number(card), sure=True).pack()
    answers = await asyncio.gather(karim.presses(card, yes), nina.presses(card, yes))
    heard = [answer["text"] for answer in answers]
    first = heard.index("Одобрено: клиент может платить.")
    assert heard[1 - first] == f"✔️ Одобрено: {('Карим', 'Нина')[first]}."
    await desk.sees(heard[1 - first])


def card_number(card: Json) -> int:
    approve = card["body"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    return ApproveForm.unpack(approve).card


async def pay(anna: Chat, page: Page, street: Sandbox) -> None:
    await anna.sees("✅ Ваша заявка подтверждена")
    await anna.kept("3-approved")
    await anna.taps("Оплатить 590", "WEBPAY")
    async with page.context.expect_page() as opening:
        await anna.answers.get_by_role("link", name="Оплатить 590").last.click()
    webpay = await opening.value
    await webpay.wait_for_url(f"{street.at.webpay}/pay/*")
    await webpay.get_by_role("radio", name="BELKART").check()
    await webpay.get_by_role("button", name="Оплатить").click()
    await expect(webpay.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await webpay.close()
    await anna.sees("✅ Оплачено: 590", "БЕЛКАРТ *0044")


async def begin_work(anna: Chat, desk: Desk, karim: Person) -> None:
    """With words that go with the stage."""
    await desk.taps("🛠 Заказ", "Со словами")
    prompt = await karim.sees("Карим, что клиент прочтёт вместе со следующим этапом?")
    await karim.says("Макет покажем в среду", reply_to=prompt["body"]["message_id"])
    await desk.sees("Со следующим этапом уйдёт")
    await anna.kept("4-work")
    await desk.taps("🛠 Заказ", "В работе")
    await anna.sees("Макет покажем в среду")
    await desk.sees("▶️ В работе")
    await anna.kept("5-stage")


async def refund_some_of_it(anna: Chat, desk: Desk, karim: Person, olga: Person) -> None:
    """She asks, the cashier proposes, the owner agrees."""
    await anna.says("/history")
    await anna.taps("590", "Запросить возврат")
    await anna.sees("Принятый заказ не возвращается")
    await anna.taps("Запросить возврат", "Больше не нужно")
    await anna.sees("Запрос принят")
    await anna.kept("6-asked")
    await desk.taps("↩️ Клиент просит возврат", "Возврат")
    await desk.taps("↩️ Возврат по платежу", "Другая сумма")
    prompt = await karim.sees("сколько вернуть?")
    await karim.says("200", reply_to=prompt["body"]["message_id"])
    await desk.sees("200")
    await anna.kept("7-preview")
    await desk.taps("↩️ Возврат по платежу", "Вернуть 200")
    card = await olga.sees("↩️ Возврат ждёт второго человека: 200")
    refused = await karim.taps("Подтвердить", message=card)
    assert "кто-то другой" in refused["text"]
    await anna.kept("8-second")
    await olga.taps("Подтвердить", message=card)
    await olga.taps("Да, вернуть 200")
    await anna.sees("↩️ Возвращено 200")
    await anna.kept("8-refunded")


async def look_into_the_cabinet(page: Page, street: Sandbox) -> None:
    cabinet = await page.context.new_page()
    await cabinet.goto(f"{street.at.webpay}/cabinet")
    await expect(cabinet.get_by_role("textbox", name="Сумма")).to_have_value("390.00")
    await cabinet.close()


async def find_her(desk: Desk, karim: Person) -> None:
    await karim.says(f"/find {HERS}")
    await karim.sees("anna")


async def close_the_day(anna: Chat, desk: Desk, karim: Person) -> None:
    today = datetime.now(SELLERS_CLOCK)
    await karim.says(f"/day {today:%d.%m.%Y}")
    await desk.sees("🧾 День")
    await anna.kept("9-day")
    await desk.taps("🧾 День", "Закрыть день")
    await desk.sees("🔒 Карим закрыл(а) день")
    await karim.says("/month")
    await desk.sees("📊")
    await anna.kept("9-month")
