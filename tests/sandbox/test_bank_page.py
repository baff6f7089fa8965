"""The bank's pages, as a payer and the seller's bookkeeper see them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from sandbox.bank import create_app, seller_accounts
from sandbox.bot_process import CATALOGUE

PURPOSE = "Оплата по счёту-оферте № INV-2026-000123 от 18.11.2026 <b>"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with TestServer(create_app(seller_accounts(CATALOGUE))) as server:
        yield str(server.make_url("")).rstrip("/")


async def fits(page: Page) -> bool:
    return bool(
        await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    )


async def test_person_pays_and_downloads_the_statement(page: Page, url: str, pictures: Path) -> None:
    await page.goto(f"{url}/?sum=1500&purpose=Prefilled")
    await expect(page.get_by_label("Назначение платежа")).to_have_value("Prefilled")
    await page.get_by_label("Назначение платежа").fill(PURPOSE)
    await page.get_by_label("БИК").fill("044525226")
    await page.get_by_role("button", name="Отправить платёж").click()
    await expect(page.get_by_role("alert")).to_contain_text("ключ не сходится")
    await expect(page.get_by_label("Назначение платежа")).to_have_value(PURPOSE)
    await page.get_by_label("БИК").fill("044525225")
    await page.screenshot(path=pictures / "bank-1-pay.png", full_page=True)
    assert await fits(page)
    await page.get_by_role("button", name="Отправить платёж").click()
    await expect(page.get_by_role("heading")).to_have_text("Платёж исполнен")
    await page.screenshot(path=pictures / "bank-2-done.png", full_page=True)
    assert await fits(page)
    await page.get_by_role("link", name="К выписке").click()
    await expect(page.get_by_text(PURPOSE)).to_be_visible()
    await expect(page.get_by_text("Итого 1 500,00 ₽")).to_be_visible()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="1С, Windows-1251").click()
    download = await downloading.value
    assert "INV-2026-000123" in (await download.path()).read_bytes().decode("cp1251")
    assert download.suggested_filename.startswith("1c_0001_")
    await page.get_by_role("button", name="обрезан").click()
    await expect(page.get_by_role("button", name="обрезан")).to_have_attribute("aria-pressed", "true")
    await page.emulate_media(color_scheme="dark")
    await page.screenshot(path=pictures / "bank-3-statement.png", full_page=True)
    assert await fits(page)
