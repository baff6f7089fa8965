"""A customer lets her payments go on by themselves, lives through a month, stops them: in the chat page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.clock_driver import StreetTime
from sandbox.driver import Person
from sandbox.runner import Sandbox, running_sandbox
from sandbox.screen import shown_text
from sandbox.yookassa.driver import Bank
from tests.browser import DESKTOP
from tests.e2e.chat import Chat
from tests.e2e.customers import clean_books

LINE = "+7 495 000-00-03"
"""Has run out, so that a month paid today is charged again within the month that is skipped."""
SOON = "WhatsApp"
"""Runs out in five days: its autopay would charge in four."""
PAYS, FAILS, UNLINKED = "2987", "4444", "4477"
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
MOSCOW = ZoneInfo("Europe/Moscow")
SKIPPED = 120_000
"""Milliseconds for a skipped month on a busy machine."""


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path / "street", settings={"YOOKASSA__RECURRING": "true"}) as street:
        yield street


@pytest.fixture
async def time(street: Sandbox) -> AsyncIterator[StreetTime]:
    async with StreetTime(street.at.page) as time:
        yield time


@pytest.fixture
async def page(street: Sandbox, browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU")
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    await page.goto(street.at.page)
    yield page
    await context.close()


async def test_autopay_is_connected_charges_in_time_and_is_stopped(
    street: Sandbox, anna: Person, bank: Bank, owner: Person, time: StreetTime, page: Page, pictures: Path
) -> None:
    chat = Chat(page, pictures, "autopay")
    await chat.sees("Эл. почта для чеков: anna@example.org")
    await connect_for_the_line(chat, page)
    await connect_for_the_balance(chat, bank)
    await unlink_before_the_charge(chat, bank)
    begun = await time.now()
    await skip_a_month(chat, page)
    await time.skip(days=34 - (await time.now() - begun).days)
    await charged_as_told(anna, bank)
    await change_and_delete(chat)
    await owner.says("/autopays")
    await owner.sees("📈 Автоплатежи")
    await expect(page.get_by_role("region", name="Operators' group").get_by_role("img").last).to_be_visible()
    await chat.kept("7-operators")
    await clean_books(street)


async def connect_for_the_line(chat: Chat, page: Page) -> None:
    """Card and switch are ticked, the consent stands there in full, and the payment page keeps the card."""
    await chat.says("/pay")
    await chat.taps(LINE, "1 месяц", "Карта или СБП", "☐ Запомнить карту")
    await chat.sees("Автоплатёж, если отметите: 450 ₽ каждый месяц")
    await chat.taps("☐ Автоплатёж")
    await chat.sees("Сумма: 450 ₽ каждый месяц", "Первое списание", "«Удалить автоплатёж»")
    await chat.kept("1-consent")
    async with page.expect_popup() as opening:
        await chat.answers.get_by_role("link", name="Оплатить 450").click()
    bank = await opening.value
    await bank.get_by_label(PAYS).check()
    await bank.get_by_role("button", name="Заплатить").click()
    await bank.close()
    await chat.sees("✅ Оплачено: 450", "🔁 Автоплатёж подключён", "💳 Карта сохранена")
    await chat.kept("2-connected")
    await chat.says("/autopay")
    await chat.taps(f"{LINE} · 450")
    await chat.sees("У вас подключён автоплатёж на 450 ₽. Следующий —", PAYS)


async def connect_for_the_balance(chat: Chat, bank: Bank) -> None:
    """Ten roubles every thirty days, from a card that will not have them twice."""
    await chat.says("/balance")
    await chat.taps("Пополнить")
    await chat.says("10")
    await chat.taps("Карта или СБП", "☐ Автоплатёж")
    await chat.sees("Сумма: 10 ₽ каждые 30 дней")
    await bank.pays(await bank.newest(), card="5555555555554444", behaviour="no_funds_twice")
    await chat.sees("✅ Пришло 10 ₽")


async def unlink_before_the_charge(chat: Chat, bank: Bank) -> None:
    """From the menu, with a card that was saved by itself; what was connected stops with the card."""
    await chat.says("/pay")
    await chat.taps("Telegram", "1 месяц")
    await chat.taps("Карта или СБП", "☐ Запомнить карту")
    await chat.sees("☑ Запомнить карту")
    await bank.pays(await bank.newest(), card="5555555555554477")
    await chat.sees("Карта сохранена")
    await expect(chat.answers.get_by_role("button", name="Подключить автоплатёж")).to_be_visible()
    await chat.says("/autopay")
    await chat.taps(f"Подключить: {SOON}", "Подключить: 990")
    await chat.sees("Автоплатёж подключён")
    await chat.says("/autopay")
    await chat.taps("Мои карты", UNLINKED, "Отвязать карту")
    await expect(chat.pane.get_by_text("Автоплатёж остановлен: WhatsApp")).to_be_visible()


async def skip_a_month(chat: Chat, page: Page) -> None:
    await page.get_by_role("button", name="The time here is").click()
    await page.get_by_role("button", name="+1 month").click()
    progress = page.get_by_role("progressbar", name="Skipped")
    await expect(progress).to_be_visible()
    await chat.kept("3-skipping")
    await expect(progress).to_be_hidden(timeout=SKIPPED)
    await page.keyboard.press("Escape")
    await expect(chat.pane.get_by_text("✅ Оплачено: 450").last).to_be_visible()
    await chat.kept("4-charged")


async def charged_as_told(anna: Person, bank: Bank) -> None:
    """In order and with the dates that were told; never for what was unlinked; each cycle once."""
    told = await heard(anna)
    [paid, charged] = [each for each in told if "✅ Оплачено: 450" in each[1]]
    [announced] = [at for at, text in told if text.startswith("📅") and "450" in text]
    [reminded] = [at for at, text in told if text.startswith("⏰") and "450" in text]
    assert announced < reminded < charged[0]
    assert charged[0] - announced >= timedelta(hours=72)
    assert charged[0].date() == days_in(paid[1])["оплачено до"] - timedelta(days=1)
    assert days_in(charged[1])["списание"] == days_in(charged[1])["оплачено до"] - timedelta(days=1)
    refused = [at for at, text in told if text.startswith("✖️ Не удалось списать 10")]
    [_, topped_up] = [at for at, text in told if "✅ Пришло 10" in text]
    assert [(at.date() - refused[0].date()).days for at in [*refused, topped_up]] == [0, 1, 3]
    assert not [
        text for _, text in told if SOON in text and text.startswith(("📅", "⏰", "✅ Оплачено", "⚠️"))
    ]
    paid_sums = [each["amount"]["value"] for each in await bank.payments() if each["paid"]]
    assert paid_sums == ["10.00", "450.00", "690.00", "10.00", "450.00"]


async def heard(anna: Person) -> list[tuple[datetime, str]]:
    """What the bot wrote, and when."""
    messages = [each for each in (await anna.screen())["messages"] if each["body"]["from"]["is_bot"]]
    texts = [shown_text(each).replace("\N{NO-BREAK SPACE}", " ") for each in messages]
    moments = [datetime.fromtimestamp(each["body"]["date"], MOSCOW) for each in messages]
    return list(zip(moments, texts, strict=True))


def days_in(text: str) -> dict[str, date]:
    """The days that stand in a text, by the words before them."""
    found = re.finditer(rf"(оплачено до|списание:?) {DAY.pattern}", text)
    return {
        each[1].rstrip(":"): date(int(each[4]), MONTHS.index(each[3]) + 1, int(each[2])) for each in found
    }


async def change_and_delete(chat: Chat) -> None:
    """Another interval wants another consent; the saved card is the first way to pay; one tap ends it."""
    await chat.says("/autopay")
    await chat.taps(f"{LINE} · 450", "Как часто", "каждые 3 месяца")
    await chat.sees("Сумма: 1 290 ₽ каждые 3 месяца")
    await chat.taps("Согласиться: 1 290 ₽ каждые 3 месяца")
    await chat.sees("✅ Изменено. У вас подключён автоплатёж на 1 290 ₽")
    await chat.kept("5-changed")
    await chat.says("/pay")
    await chat.taps(LINE, "1 месяц")
    await expect(
        chat.answers.get_by_role("group", name="Buttons").get_by_role("button").first
    ).to_contain_text(PAYS)
    await chat.taps(PAYS)
    await chat.sees(
        "Номер карты •••• 2987 вводить не нужно", "У вас подключён автоплатёж на 1 290 ₽", "Другой картой"
    )
    await chat.kept("6-remembered")
    await chat.taps("Изменить автоплатёж", "Удалить автоплатёж")
    await chat.sees("Автоплатёж удалён")
