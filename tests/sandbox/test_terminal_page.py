"""The screens, as a person at a terminal or with a telephone sees them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from sandbox.terminal import line
from tests.browser import PHONE
from tests.sandbox.terminal_seller import CODE, PAYER, Seller


@pytest.fixture
async def seller(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Seller]:
    monkeypatch.setattr(line, "PAUSES", (0.01,))
    async with Seller() as seller:
        yield seller


async def test_person_pays_at_the_terminal_with_its_keypad(
    page: Page, seller: Seller, pictures: Path
) -> None:
    await page.goto(seller.url)
    await page.get_by_role("link", name="внесите наличные").click()
    await page.get_by_role("link", name="Береке").click()
    for digit in CODE:
        await page.get_by_role("button", name=digit, exact=True).click()
    await expect(page.get_by_label("Код оплаты")).to_have_value(CODE)
    await page.get_by_role("button", name="500 сом").click()
    await page.screenshot(path=pictures / "terminal-1-keypad.png", full_page=True)
    await page.get_by_role("button", name="Далее").click()
    await expect(page.get_by_text(PAYER)).to_be_visible()
    await page.screenshot(path=pictures / "terminal-2-check.png", full_page=True)
    await page.get_by_role("button", name="Внести 500,00 сом").click()
    await expect(page.get_by_role("heading")).to_have_text("Оплачено")
    await expect(page.get_by_text("2016")).to_be_visible()
    await page.screenshot(path=pictures / "terminal-3-slip.png", full_page=True)
    await page.reload()
    assert len(seller.credited) == 1


async def test_person_pays_in_the_wallet_as_the_steps_say(page: Page, seller: Seller, pictures: Path) -> None:
    await page.goto(f"{seller.url}/wallet")
    await page.screenshot(path=pictures / "wallet-1-home.png", full_page=True)
    for step in ("Услуги", "Другие", "Канал+"):
        await page.get_by_role("link", name=step).click()
    await page.get_by_label("Лицевой счёт").fill(CODE)
    await page.get_by_label("Сумма").fill("480")
    await page.screenshot(path=pictures / "wallet-2-pay.png", full_page=True)
    await page.get_by_role("button", name="Далее").click()
    await page.screenshot(path=pictures / "wallet-3-check.png", full_page=True)
    await page.get_by_role("button", name="Подтвердить 480,00 сом").click()
    await expect(page.get_by_role("heading")).to_have_text("Оплачено")


async def test_wrong_code_takes_no_money(page: Page, seller: Seller, pictures: Path) -> None:
    await page.goto(f"{seller.url}/terminal/gorod")
    await page.get_by_label("Код оплаты").fill("009999990")
    await page.get_by_label("Сумма").fill("много")
    await page.get_by_role("button", name="Далее").click()
    await expect(page.get_by_role("alert")).to_contain_text("Сумму не разобрать")
    await page.get_by_label("Сумма").fill("70")
    await page.get_by_role("button", name="Далее").click()
    await expect(page.get_by_role("alert")).to_contain_text("Такого кода у получателя нет")
    await page.screenshot(path=pictures / "terminal-4-refused.png", full_page=True)
    assert seller.credited == {}


async def test_silent_seller_is_asked_again(page: Page, seller: Seller) -> None:
    seller.answers = [-1]
    await page.goto(f"{seller.url}/terminal/gorod?lang=en")
    await page.get_by_label("Payment code").fill(CODE)
    await page.get_by_role("textbox", name="Sum").fill("70")
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("heading")).to_have_text("The payee does not answer")
    await page.get_by_role("button", name="Try again").click()
    await page.get_by_role("button", name="Put in 70.00 ₽").click()
    await expect(page.get_by_role("heading")).to_have_text("Paid")


async def test_journal_tells_the_talks_and_offers_the_register(
    page: Page, seller: Seller, pictures: Path
) -> None:
    await seller.terminals.pays("elsom", CODE, "100")
    await page.goto(f"{seller.url}/journal")
    await expect(page.get_by_role("article")).to_contain_text("pay: 0")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Elsom").click()
    assert (await downloading.value).suggested_filename.startswith("ELSOM_")
    await page.screenshot(path=pictures / "terminal-5-journal.png", full_page=True)


async def test_nothing_sticks_out_on_a_phone(page: Page, seller: Seller, pictures: Path) -> None:
    await page.emulate_media(color_scheme="dark")
    for number, path in enumerate(("/", "/terminal/kassa", "/wallet/tenge", "/wallet/elsom/pay", "/journal")):
        await page.goto(f"{seller.url}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        await page.screenshot(path=pictures / f"dark-{number}.png", full_page=True)
