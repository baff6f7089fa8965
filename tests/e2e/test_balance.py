"""Money that waits on the balance: put there by card, used with a tick, made to last by a promo code."""

from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, expect

from sandbox.runner import Sandbox
from tests.browser import DESKTOP, PHONE
from tests.e2e.test_first_payment import newest, opened, tap

CARD = "Карта или СБП"


async def test_balance_is_topped_up_used_and_told_of(
    street: Sandbox, browser: Browser, pictures: Path
) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    page = await context.new_page()
    chat = await opened(page, street)

    await tap(chat, "Баланс и история")
    await expect(newest(chat)).to_contain_text("Баланс: 0 ₽")
    await page.screenshot(path=pictures / "balance-1-empty.png")
    await top_up(context, chat, pictures)
    await expect(newest(chat)).to_contain_text("Ваш баланс: 1 000,50 ₽")
    await page.screenshot(path=pictures / "balance-4-topped-up.png")

    await summary(chat, "WhatsApp")
    await tap(chat, "☐ Использовать баланс: 1 000,50 ₽")
    await expect(newest(chat)).to_contain_text("К оплате: 0 ₽")
    await page.screenshot(path=pictures / "balance-5-ticked.png")
    await tap(chat, "Оплатить с баланса")
    await expect(newest(chat)).to_contain_text("Оплачено с баланса: 990 ₽")
    await expect(newest(chat)).to_contain_text("Осталось на балансе: 10,50 ₽")
    await page.screenshot(path=pictures / "balance-6-paid.png")

    await summary(chat, "Telegram")
    await tap(chat, "Промокод")
    await say(chat, "friend")
    await expect(newest(chat)).to_contain_text("Промокод FRIEND: −69 ₽")
    await tap(chat, "☐ Использовать баланс: 10,50 ₽")
    await expect(newest(chat).get_by_role("link", name="Оплатить 610,50 ₽")).to_be_visible()
    await page.set_viewport_size(PHONE)
    await page.screenshot(path=pictures / "balance-7-promo-phone.png")

    await tap(chat, "Меню")
    await tap(chat, "Баланс и история")
    await expect(newest(chat)).to_contain_text("Баланс: 10,50 ₽")
    await page.screenshot(path=pictures / "balance-8-card-phone.png")
    await tap(chat, "Выписка")
    await expect(newest(chat)).to_contain_text("−990 ₽")
    await page.screenshot(path=pictures / "balance-9-statement-phone.png")
    code, report = await street.books()
    assert code == 0, report


async def top_up(context: BrowserContext, chat: Locator, pictures: Path) -> None:
    """1 000,50 ₽ by card, from the account card to the bank and back."""
    await tap(chat, "Пополнить")
    await say(chat, "1 000,50")
    await tap(chat, CARD)
    await expect(newest(chat)).to_contain_text("Куда прислать чек?")
    await say(chat, "anna@example.org")
    link = newest(chat).get_by_role("link", name="Оплатить 1 000,50 ₽")
    await expect(link).to_be_visible()
    await chat.page.screenshot(path=pictures / "balance-2-link.png")
    async with context.expect_page() as opening:
        await link.click()
    bank = await opening.value
    await bank.screenshot(path=pictures / "balance-3-bank.png", full_page=True)
    await bank.get_by_role("button", name="Заплатить 1 000,50 ₽").click()
    await bank.wait_for_url("**/return/*")
    await expect(bank.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await bank.close()


async def summary(chat: Locator, title: str) -> None:
    """Through Pay to the summary of one month by card; the receipt's address is known."""
    await say(chat, "/pay")
    await tap(chat, title)
    await tap(chat, "1 месяц")
    await tap(chat, CARD)
    await expect(newest(chat).get_by_role("button", name="Отменить заказ")).to_be_visible()


async def say(chat: Locator, words: str) -> None:
    await chat.get_by_role("textbox", name="Message").fill(words)
    await chat.get_by_role("button", name="Send", exact=True).click()
