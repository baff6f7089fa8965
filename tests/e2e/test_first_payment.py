"""The reason for all of it: somebody pays a connector in the browser, from /start to the good news."""

import csv
from datetime import date
from pathlib import Path

from babel.dates import format_date
from playwright.async_api import Browser, Locator, Page, expect

from bot.domain.periods import add_months
from sandbox.runner import Sandbox
from tests.browser import DESKTOP, PHONE

CONNECTOR = "wa-7001"
TITLE = "WhatsApp"
PRICE = "990 ₽"


async def test_connector_is_paid_in_the_browser(street: Sandbox, browser: Browser, pictures: Path) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    page = await context.new_page()
    chat = await opened(page, street)
    await page.screenshot(path=pictures / "1-menu.png")
    await order(chat)
    await page.screenshot(path=pictures / "2-link.png")

    async with context.expect_page() as opening:
        await newest(chat).get_by_role("link", name=f"Оплатить {PRICE}").click()
    bank = await opening.value
    await pay(bank, pictures)
    await expect(bank.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await bank.screenshot(path=pictures / "4-return.png")

    until = format_date(paid_until(street), "d MMMM y", "ru")
    success = newest(chat)
    await expect(success).to_contain_text("Оплачено: 990")
    await expect(success).to_contain_text("Мир *2987")
    await expect(success).to_contain_text(f"оплачено до {until}")
    group = page.get_by_role("region", name="Operators' group")
    await expect(newest(group)).to_contain_text("990")
    await page.screenshot(path=pictures / "5-paid.png")

    await page.set_viewport_size(PHONE)
    await tap(chat, "Коннекторы")
    await tap(chat, TITLE)
    await expect(newest(chat)).to_contain_text(f"до {until}")
    await page.screenshot(path=pictures / "6-connector.png")

    await bank.get_by_role("link", name="Вернуться в чат").click()
    await bank.wait_for_url(f"{street.at.page}/**")
    await expect(newest(bank.get_by_role("region", name="Customer's chat"))).to_contain_text("990")
    assert await street.books() == (0, "The books are clean: 2 transfers.\n")

    await chat.get_by_role("button", name="Чек (PDF)").last.click()
    await expect(newest(chat)).to_contain_text("receipt-")
    await expect(newest(chat)).to_contain_text("сверки с выпиской")


async def opened(page: Page, street: Sandbox) -> Locator:
    """The customer's chat, past Start."""
    await page.goto(street.at.page)
    chat = page.get_by_role("region", name="Customer's chat")
    await chat.get_by_role("button", name="Start", exact=True).click()
    await expect(newest(chat).get_by_role("button", name="Оплатить")).to_be_visible()
    return chat


async def order(chat: Locator) -> None:
    """From the menu to the screen with the link."""
    await tap(chat, "Оплатить")
    await tap(chat, TITLE)
    await tap(chat, "1 месяц")
    await tap(chat, "Карта или СБП")
    await expect(newest(chat)).to_contain_text("Куда прислать чек?")
    await chat.get_by_role("textbox", name="Message").fill("anna@example.org")
    await chat.get_by_role("button", name="Send", exact=True).click()
    await expect(newest(chat).get_by_role("link", name=f"Оплатить {PRICE}")).to_be_visible()


async def pay(bank: Page, pictures: Path) -> None:
    await expect(bank.get_by_role("heading", level=1)).to_contain_text(TITLE)
    await bank.screenshot(path=pictures / "3-bank.png", full_page=True)
    await bank.get_by_role("button", name="Заплатить 990,00 ₽").click()
    await bank.wait_for_url("**/return/*")


def newest(chat: Locator) -> Locator:
    return chat.get_by_role("article").last


async def tap(chat: Locator, text: str) -> None:
    await newest(chat).get_by_role("button", name=text).first.click()


def paid_until(street: Sandbox) -> date:
    """A month after the day the import said."""
    with (street.folder / "connectors.csv").open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["id"] == CONNECTOR)
    return add_months(date.fromisoformat(row["paid_until"]), 1)
