"""The seller's side: a line is switched on in his cabinet when it was paid in the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from babel.dates import format_date
from playwright.async_api import Browser, expect

from sandbox.driver import Person
from sandbox.runner import Sandbox
from sandbox.seller.driver import Cabinet
from sandbox.yookassa.driver import Bank
from tests.browser import DESKTOP
from tests.e2e.customers import ask_for_link, clean_books
from tests.e2e.test_first_payment import CONNECTOR, newest, paid_until, pay, tap


@pytest.fixture
async def cabinet(street: Sandbox) -> AsyncIterator[Cabinet]:
    async with Cabinet(street.at.seller) as cabinet:
        yield cabinet


async def test_slow_seller_is_waited_for_and_lost_answers_do_no_harm(
    street: Sandbox, anna: Person, bank: Bank, cabinet: Cabinet
) -> None:
    await cabinet.faults(webhooks="after 6 s")
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("Включаем")
    await anna.sees("включено", within=30)
    until = paid_until(street).isoformat()
    await cabinet.sees_line(CONNECTOR, paid_until=until, sequence=1)
    kinds = [letter["kind"] for letter in await cabinet.webhooks()]
    assert sorted(kinds) == ["connector.extended", "order.paid", "payment.succeeded"]
    await bank.sells_elsewhere()
    foreign = await cabinet.hears("foreign", provider="yookassa")
    assert "payment.succeeded" in foreign["data"]["body"]
    await clean_books(street)


async def test_connector_is_paid_out_of_the_cabinet(
    street: Sandbox, anna: Person, browser: Browser, pictures: Path
) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(street.at.seller)
    line = page.locator(f"#line-{CONNECTOR}")
    await line.get_by_text("•••").click()
    await page.screenshot(path=pictures / "cabinet-1-menu.png")
    async with context.expect_page() as opening:
        await line.get_by_role("button", name="Оплатить").click()
    chat_page = await opening.value
    chat = chat_page.get_by_role("region", name="Customer's chat")
    await tap(chat, "1 месяц")
    await tap(chat, "Карта или СБП")
    async with context.expect_page() as opening:
        await newest(chat).get_by_role("link", name="Оплатить 990 ₽").click()
    await pay(await opening.value, pictures)
    until = format_date(paid_until(street), "d MMMM y", "ru")
    await expect(line).to_contain_text(f"активен до {until}")
    await expect(page.get_by_role("listitem").filter(has_text="connector.extended")).to_contain_text(
        "выполнен"
    )
    await page.screenshot(path=pictures / "cabinet-2-active.png", full_page=True)
    await clean_books(street)
