"""The invoices section in the browser: an address proved, detail by e-mail, an invoice by its link."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.mailbox.driver import Mailbox
from sandbox.runner import Sandbox, running_sandbox
from tests.browser import DESKTOP, PHONE
from tests.e2e.customers import clean_books
from tests.e2e.test_first_payment import newest, opened, tap

HERS = "anna@example.org"
LAST_CLOSED_DAY = 3


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """Its metered lines were used, so the bot begins by billing the month before."""
    async with running_sandbox(tmp_path / "street", charges=True) as street:
        yield street


async def test_papers_are_ordered_in_the_browser(street: Sandbox, browser: Browser, pictures: Path) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    page = await context.new_page()
    chat = await opened(page, street)
    await tap(chat, "Счета")
    await tap(chat, "Все абоненты")
    if datetime.now(ZoneInfo("Europe/Moscow")).day <= LAST_CLOSED_DAY:
        await expect(newest(chat)).to_contain_text("Раздел откроется 4")
        return
    await expect(newest(chat)).to_contain_text("Все абоненты: Анна")
    await page.screenshot(path=pictures / "section-1-menu.png")
    async with Mailbox(street.at.mailbox) as mailbox:
        await order_detail(page, chat, mailbox, pictures)
    await page.set_viewport_size(PHONE)
    await download_by_link(page, chat, pictures)
    await look_at_the_rest(page, chat, pictures)
    await sell_in_instalments(await context.new_page(), street, pictures)
    await tap(chat, "‹ Назад")
    await tap(chat, "Рассрочка")
    await expect(newest(chat)).to_contain_text("IP-телефон")
    await page.screenshot(path=pictures / "section-11-instalments-phone.png")
    await clean_books(street)


async def order_detail(page: Page, chat: Locator, mailbox: Mailbox, pictures: Path) -> None:
    """There is no address yet: it is asked for on the way, and the order goes on."""
    await tap(chat, "Детализация")
    await tap(chat, "○")
    await tap(chat, "Далее")
    await expect(newest(chat)).to_contain_text("▪ SIP +7 495 000-10-01")
    await page.screenshot(path=pictures / "section-2-detail.png")
    await tap(chat, "Отправить на e-mail")
    await tap(chat, "Указать адрес")
    await say(chat, HERS)
    await expect(newest(chat)).to_contain_text("Код отправлен")
    code = re.search(r"\d{6}", (await mailbox.letter_to(HERS))["subject"])
    assert code is not None
    await say(chat, code[0])
    await expect(newest(chat)).to_contain_text("a***@example.org")
    await page.screenshot(path=pictures / "section-3-order.png")
    await tap(chat, "Отправить")
    await expect(newest(chat)).to_contain_text("Детализация будет отправлена")
    letter = await mailbox.letter_to(HERS, "Детализация")
    (paper, pdf), (table, csv) = await mailbox.file(letter), await mailbox.file(letter, 1)
    assert paper.endswith(".pdf") and pdf.startswith(b"%PDF-")
    assert table.endswith(".csv") and "Абонентская плата" in csv.decode("utf-8-sig")


async def download_by_link(page: Page, chat: Locator, pictures: Path) -> None:
    """The month before is billed while the bot starts, so it may take a second look."""
    await tap(chat, "‹ Назад")
    await tap(chat, "Загрузить счёт по ссылке")
    await tap(chat, "Далее")
    link = newest(chat).get_by_role("link", name="Скачать")
    again = newest(chat).get_by_role("button", name="Проверить ещё раз")
    await expect(link.or_(again)).to_be_visible()
    while await again.is_visible():
        await again.click()
        await expect(link.or_(again)).to_be_visible()
    await page.screenshot(path=pictures / "section-4-link-phone.png")
    async with aiohttp.ClientSession() as session:
        address = await link.get_attribute("href")
        async with session.get(str(address)) as answer:
            assert answer.status == 200
            assert (await answer.read()).startswith(b"%PDF-")


async def look_at_the_rest(page: Page, chat: Locator, pictures: Path) -> None:
    await tap(chat, "‹ Назад")
    await tap(chat, "‹ Назад")
    await expect(newest(chat)).to_contain_text("Все абоненты: Анна")
    await page.screenshot(path=pictures / "section-5-menu-phone.png")
    await tap(chat, "Мои счета")
    await expect(newest(chat)).to_contain_text("выставлен, ещё не оплачен")
    await page.screenshot(path=pictures / "section-6-list-phone.png")
    await tap(chat, "INV-")
    await expect(newest(chat).get_by_role("button", name="Скопировать")).to_be_visible()
    await page.screenshot(path=pictures / "section-7-invoice-phone.png")
    await tap(chat, "‹ Назад")
    await expect(newest(chat).get_by_role("button", name="INV-").first).to_be_visible()
    await tap(chat, "‹ Назад")
    await expect(newest(chat)).to_contain_text("Все абоненты: Анна")
    await tap(chat, "Начисления")
    await expect(newest(chat)).to_contain_text("SIP +7 495 000-10-01")
    await page.screenshot(path=pictures / "section-8-charges-phone.png")
    await tap(chat, "‹ Назад")
    await tap(chat, "Способ и адрес доставки")
    await expect(newest(chat)).to_contain_text("на e-mail a***@example.org")
    await page.screenshot(path=pictures / "section-9-delivery-phone.png")


async def sell_in_instalments(cabinet: Page, street: Sandbox, pictures: Path) -> None:
    """The seller's own system tells the bot of it, and of a call."""
    await cabinet.goto(f"{street.at.seller}/cabinet?lang=ru")
    line = cabinet.locator("#line-sip-7004")
    for button in ("Сделать звонок", "Продать в рассрочку"):
        await line.get_by_label("Ещё").click()
        await line.get_by_role("button", name=button).click()
        await expect(cabinet.get_by_role("alert")).to_have_count(0)
    await line.get_by_label("Ещё").click()
    await cabinet.screenshot(path=pictures / "section-10-cabinet.png")


async def say(chat: Locator, words: str) -> None:
    await chat.get_by_role("textbox", name="Message").fill(words)
    await chat.get_by_role("button", name="Send", exact=True).click()
