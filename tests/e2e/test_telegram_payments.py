"""In a browser: pay by card in Telegram's own form, and by Stars; the shop's own word changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox, running_sandbox
from sandbox.street import EVERY_BUTTON
from sandbox.yookassa.driver import Bank
from tests.e2e.customers import clean_books


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path / "street", settings=EVERY_BUTTON) as street:
        yield street


@pytest.fixture
async def page(browser: Browser, street: Sandbox) -> AsyncIterator[Page]:
    page = await browser.new_page()
    await page.goto(street.at.page)
    yield page
    await page.close()


async def confirm(page: Page, button: str, press: str) -> None:
    """Press Pay under the invoice, then the strong button of the form."""
    await page.locator("#customer").get_by_role("button", name=button).last.click()
    await page.get_by_role("dialog").get_by_role("button", name=press).click()


async def test_card_pays_inside_telegram(anna: Person, street: Sandbox, bank: Bank, page: Page) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Карта внутри Telegram")
    await anna.sees_button("Прислать счёт ещё раз")
    await confirm(page, "Оплатить 990", "Pay")
    await anna.sees("✅", since=0)
    await bank.is_heard()
    paid = await bank.newest()
    assert (paid["status"], paid["metadata"]) == ("succeeded", {})
    await bank.refunds(paid)
    await anna.sees("990", since=0)
    await clean_books(street)


async def test_stars_buy_digital_goods(anna: Person, street: Sandbox, telegram: Telegram, page: Page) -> None:
    await anna.says("/start")
    await anna.taps("Коннекторы")
    await anna.taps("Подключить новый")
    await anna.taps("Помощник в чате")
    await anna.says("Кузя")
    await anna.taps("1 месяц")
    await anna.sees_button("Прислать счёт ещё раз")
    await confirm(page, "Оплатить 250", "Confirm and pay")
    await anna.sees("✅", since=0)
    await telegram.post(f"/chat/{anna.id}/refund")
    await anna.sees("250", since=0)
    await clean_books(street)
