"""A line sold in Belarusian roubles is paid through WEBPAY, whose form our own page posts."""

from __future__ import annotations

from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, expect

from sandbox.driver import Person
from sandbox.runner import Sandbox
from tests.browser import PHONE
from tests.e2e.customers import clean_books

PRICE = "16,50"


async def begin(person: Person) -> str:
    """Through Pay to the screen with the link, and the link's address."""
    await person.says("/pay")
    await person.taps("+7 495 000-00-03")
    await person.taps("1 месяц")
    await person.taps("WEBPAY")
    button = await person.sees_button(f"Оплатить {PRICE}")
    return str(button["url"])


async def pay(page: Page, card: str) -> None:
    await page.get_by_role("radio", name=card).check()
    await page.get_by_role("button", name="Оплатить").click()


async def test_line_is_paid_in_belarusian_roubles(
    street: Sandbox, anna: Person, browser: Browser, pictures: Path
) -> None:
    url = await begin(anna)
    page = await browser.new_page(viewport=PHONE, locale="ru-RU")
    await page.goto(url)
    await page.wait_for_url(f"{street.at.webpay}/pay/*")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("+7 495 000-00-03")
    await page.screenshot(path=pictures / "webpay.png", full_page=True)

    await pay(page, "Не хватит денег")
    await expect(page.get_by_role("alert")).to_contain_text("отклонён")
    await pay(page, "BELKART")
    await page.wait_for_url(f"{street.at.bot}/return/*")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Оплачено")

    await anna.sees(f"Оплачено: {PRICE}")
    await anna.sees("БЕЛКАРТ *0044")
    await clean_books(street)

    await page.goto(f"{street.at.webpay}/cabinet")
    await page.get_by_role("textbox", name="Сумма").first.fill("5.00")
    await page.get_by_role("button", name="Вернуть").first.click()
    await anna.sees("Ваш баланс: −5")
    await clean_books(street)


async def test_link_that_lost_its_page_begins_anew_and_a_silent_payment_is_found(
    street: Sandbox, anna: Person, browser: Browser
) -> None:
    url = await begin(anna)
    async with aiohttp.ClientSession(street.at.webpay) as strings:
        await strings.post("/faults", json={"notifications": "off"})
        page = await browser.new_page(viewport=PHONE, locale="ru-RU", java_script_enabled=False)
        await page.goto(url)
        await page.get_by_role("button", name=f"Оплатить {PRICE}").click()
        await page.wait_for_url(f"{street.at.webpay}/pay/*")
        await pay(page, "VISA 4341 7900 0000 0051")
        await page.wait_for_url(f"{street.at.bot}/return/*")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await anna.sees(f"Оплачено: {PRICE}")
    await clean_books(street)
