"""Alliance Telecom's page about autopay: top up, remember the card, let it go on, change it, delete it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from playwright.async_api import Browser, expect

from sandbox.clock_driver import StreetTime
from sandbox.runner import Sandbox, running_sandbox
from sandbox.street import EVERY_BUTTON
from sandbox.yookassa.driver import Bank
from tests.e2e.conftest import ANNA
from tests.e2e.customers import clean_books
from tests.e2e.walk import Walk, chat_of

MOSCOW = ZoneInfo("Europe/Moscow")
CARD = "•••• 2987"
LATE = 21
"""Autopays charge by day."""


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path / "street", settings=EVERY_BUTTON) as street:
        yield street


async def test_autopay_lives_as_the_page_of_alliance_says(
    street: Sandbox, browser: Browser, bank: Bank, pictures: Path
) -> None:
    walk = Walk("alliance", await chat_of(ANNA, street, browser), pictures)
    async with StreetTime(street.at.page) as time:
        await look_at_the_account(walk)
        await top_up_and_remember(walk)
        await connect(walk, time)
        await pay_with_the_remembered_card(walk)
        await change_within_limits(walk)
        await declined(walk, bank, time)
    await delete(walk)
    await suspend(walk)
    await clean_books(street)
    walk.ends()


async def look_at_the_account(walk: Walk) -> None:
    walk.step(
        "The personal page: account, balance, charged this month, recommended payment",
        "“Balance and history”",
    )
    await walk.starts()
    await walk.taps("Баланс и история")
    await walk.sees("Баланс: 0 ₽", "Списано в этом месяце: 0 ₽", "Рекомендуем пополнить на: 2 130 ₽")
    walk.step("There a promo code is activated", "“Promo code” beside the balance")
    await walk.taps("Промокод")
    await walk.says("start")
    await walk.sees("🎁 Промокод START сработает в следующем заказе: скидка 100 ₽")
    await walk.chat.kept("1-account")


async def top_up_and_remember(walk: Walk) -> None:
    walk.step("Tab “top up”: type a sum, press “Top up”", "“Top up”, any sum or one of those offered")
    await walk.taps("Пополнить")
    await walk.says("10")
    await walk.sees("Мир, Visa, Mastercard", "без комиссии; сразу")
    await walk.taps("Карта или СБП")
    await walk.says("anna@example.org")
    walk.step("Tick “remember my card”", "the tick in the summary, before the card is typed")
    await walk.taps("☐ Запомнить карту")
    await walk.sees("Пополнение баланса: 10 ₽")
    await expect(walk.chat.answers.get_by_role("button", name="☑ Запомнить карту")).to_be_visible()
    walk.step("The card's data, then “Pay 10 ₽”", "the provider's page; card data never reach Kassir")
    shop = await walk.opens(walk.chat.answers.get_by_role("link", name="Оплатить 10"))
    await walk.presses(shop.get_by_label("2987"), shop.get_by_role("button", name="Заплатить 10,00 ₽"))
    await expect(shop.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await shop.close()
    walk.step(
        "Success: masked card, sum, number of the transaction, the card is saved", "a new message says it all"
    )
    await walk.sees(
        "✅ Пришло 10 ₽", "Карта: Мир *2987", "Транзакция: ", "💳 Карта сохранена. Никто не заплатит"
    )
    await walk.chat.kept("2-success")


async def connect(walk: Walk, time: StreetTime) -> None:
    walk.step(
        "“Connect autopay” below it: the sum of this payment, every 30 days, no fee",
        "the same button, then the consent, agreed to with one tap",
    )
    next_on = format_date((await time.now()).astimezone(MOSCOW) + timedelta(days=30), "d MMMM", "ru")
    await walk.taps("Подключить автоплатёж")
    await walk.sees("Сумма: 10 ₽ каждые 30 дней", f"Первое списание: {next_on}", CARD, "без комиссии")
    await walk.taps("Подключить: 10 ₽ каждые 30 дней")
    walk.step("How much it takes and when next: “10 ₽, 2 December”", "at once, and wherever it is spoken of")
    await walk.sees(f"У вас подключён автоплатёж на 10 ₽. Следующий — {next_on}.")
    await walk.chat.kept("3-connected")


async def pay_with_the_remembered_card(walk: Walk) -> None:
    walk.step(
        "Next time only the sum: the form knows card and autopay", "“As last time”, the saved card, “Pay”"
    )
    await walk.says("/balance")
    await walk.taps("Пополнить", "Как в прошлый раз: 10 ₽", CARD)
    await walk.sees(f"Номер карты {CARD} вводить не нужно", "У вас подключён автоплатёж на 10 ₽")
    walk.step("“Pay with another card” stands beside it", "“With another card”")
    await expect(walk.chat.answers.get_by_role("button", name="Другой картой")).to_be_visible()
    walk.step("CVC or 3-D Secure is asked all the same", "the provider's page asks for nothing else")
    shop = await walk.opens(walk.chat.answers.get_by_role("link", name="Оплатить 10"))
    await walk.fills(shop.get_by_role("textbox", name="Код из СМС"), "1234")
    await walk.presses(shop.get_by_role("button", name="Подтвердить"))
    await expect(shop.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await shop.close()
    await walk.sees("✅ Пришло 10 ₽. Ваш баланс: 20 ₽", "Карта: Мир *2987")


async def change_within_limits(walk: Walk) -> None:
    walk.step("“Change” leads into the settings, from the form and from the result", "“Change autopay” there")
    await walk.taps("Изменить автоплатёж")
    await walk.sees("У вас подключён автоплатёж на 10 ₽", "Пополнение баланса")
    await walk.chat.kept("4-settings")
    walk.step("The sum is chosen freely from 10 to 10 000 roubles", "“Sum”; what is less or more is told so")
    await walk.taps("Сумма")
    await walk.sees("от 10 ₽ до 10 000 ₽")
    await walk.says("9,99")
    await walk.sees("Слишком мало")
    await walk.says("10 001")
    await walk.sees("Слишком много")
    await walk.says("500")
    await walk.taps("Согласиться: 500 ₽ каждые 30 дней")
    await walk.sees("✅ Изменено. У вас подключён автоплатёж на 500 ₽.")
    walk.step("One account has one autopay", "the account is not offered a second one")
    await walk.says("/autopay")
    await walk.sees("Пополнение баланса, Анна: 500 ₽ каждые 30 дней")
    await expect(walk.chat.answers.get_by_role("button", name="Подключить: WhatsApp")).to_be_visible()
    await expect(walk.chat.answers.get_by_role("button", name="Подключить: пополнение")).to_have_count(0)


async def declined(walk: Walk, bank: Bank, time: StreetTime) -> None:
    """Five days ahead, so that it is announced in time whatever the hour is now."""
    walk.step("The next one happens by schedule", "“Date”; told three days and a day before")
    due = (await time.now()).astimezone(MOSCOW) + timedelta(days=5)
    await walk.taps("Пополнение баланса", "Дата")
    await walk.says(f"{due:%d.%m}")
    await walk.sees(f"Следующий — {format_date(due, 'd MMMM', 'ru')}.")
    walk.step(
        "(The page does not say what happens when the card has no money)",
        "the reason, the next try, another way to pay",
    )
    [card] = await bank.cards()
    await bank.card_behaves(card, "no_funds_twice")
    await time.skip(days=5, hours=max(0, LATE - due.hour))
    await walk.sees("📅", "⏰", "✖️ Не удалось списать 500 ₽", "на карте не хватает денег", "Попытка 1 из 4")
    await expect(walk.chat.answers.get_by_role("button", name="Заплатить иначе").last).to_be_visible()
    await walk.chat.kept("5-declined")


async def delete(walk: Walk) -> None:
    walk.step(
        "“Delete autopay” in its settings; it says “deleted”", "`/autopay`, the same button, the same words"
    )
    await walk.says("/autopay")
    await walk.taps("Пополнение баланса", "Удалить автоплатёж")
    await walk.sees("Автоплатёж удалён")


async def suspend(walk: Walk) -> None:
    walk.step("Block the service for 10 days to 6 months, no fee meanwhile", "“Suspend” beside the balance")
    await walk.says("/balance")
    await walk.taps("Приостановить", "Завтра")
    await walk.sees("от 10 дней до 6 месяцев")
    await walk.taps("10 дней")
    await walk.sees("снова работает с", "За эти дни плата не берётся")
    await walk.taps("Приостановить")
    await walk.chat.kept("6-suspended")
