"""Letters from the real bot: the paper of a payment, an address that is refused, a code that lets one in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from sandbox.driver import Person, Telegram
from sandbox.mailbox.driver import Mailbox
from sandbox.runner import Sandbox
from sandbox.yookassa.driver import Bank
from tests.browser import DESKTOP
from tests.e2e.customers import ask_for_link, clean_books

HERS = "anna@example.org"


@pytest.fixture
async def mailbox(street: Sandbox) -> AsyncIterator[Mailbox]:
    async with Mailbox(street.at.mailbox) as mailbox:
        yield mailbox


async def test_the_receipt_of_a_payment_comes_with_its_paper(
    street: Sandbox, anna: Person, bank: Bank, mailbox: Mailbox, browser: Browser, pictures: Path
) -> None:
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    letter = await mailbox.letter_to(HERS, "Чек")
    name, paper = await mailbox.file(letter)
    assert name.endswith(".pdf")
    assert paper.startswith(b"%PDF-")
    assert "сверки" in letter["text"]

    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", color_scheme="dark")
    page = await context.new_page()
    await page.goto(street.at.mailbox)
    await page.get_by_role("link", name=letter["subject"]).click()
    inside = page.frame_locator("iframe")
    await expect(inside.get_by_role("heading", name=letter["subject"])).to_be_visible()
    await page.screenshot(path=pictures / "mailbox-3-receipt-dark.png", full_page=True)
    await page.emulate_media(color_scheme="light")
    await page.screenshot(path=pictures / "mailbox-4-receipt-light.png", full_page=True)
    await clean_books(street)


async def test_a_stranger_gets_in_by_a_code_and_hears_of_a_refused_address(
    telegram: Telegram, owner: Person, bank: Bank, mailbox: Mailbox
) -> None:
    vera = await telegram.add_customer("Vera", language="en")
    await vera.says("/pay")
    await vera.taps("Find my connector")
    await vera.taps("By e-mail")
    await vera.says("bob@example.org")
    letter = await mailbox.letter_to("bob@example.org")
    code = re.search(r"\d{6}", letter["subject"])
    assert code is not None
    await vera.says(code[0])
    await vera.sees("1 connector found")

    await mailbox.faults(addresses="550 unknown")
    await vera.says("/settings")
    await vera.taps("Change e-mail")
    await vera.says("vera@example.org")
    await vera.says("/pay")
    await vera.taps("1 month")
    await vera.taps("Card or SBP")
    await vera.sees_button("Pay ")
    await bank.pays(await bank.newest())
    await vera.sees("v***@example.org")
    await owner.sees("v***@example.org", since=0)
    assert len(await mailbox.letters()) == 1
