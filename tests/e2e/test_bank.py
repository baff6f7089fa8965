"""An organisation pays by transfer: invoice, bank, statement in the group, and the line is on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, expect

from sandbox.bank.driver import Bank
from sandbox.driver import Person
from sandbox.runner import Sandbox
from sandbox.screen import shown_text
from tests.browser import DESKTOP
from tests.e2e.customers import clean_books


@pytest.fixture
async def bank(street: Sandbox) -> AsyncIterator[Bank]:
    async with Bank(street.at.transfers) as bank:
        yield bank


async def issued(anna: Person) -> str:
    """An invoice to an organisation that is new here; its number."""
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Счёт для организации")
    await anna.taps("Организация")
    await anna.says("ИНН/КПП 7707083893/773601001")
    await anna.says("ООО «Ромашка»")
    await anna.says("101000, Москва, ул. Примерная, 1")
    await anna.says("buh@example.com")
    await anna.taps("Сохранить")
    await anna.taps("Выставить счёт")
    told = shown_text(await anna.sees("INV-"))
    found = re.search(r"INV-\d{4}-\d{6}", told)
    assert found, told
    return found[0]


async def test_invoice_is_paid_on_the_banks_page_and_closed_by_its_statement(
    street: Sandbox, anna: Person, browser: Browser
) -> None:
    number = await issued(anna)
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU")
    page = await context.new_page()
    await page.goto(f"{street.at.transfers}/?sum=990")
    await page.get_by_label("Назначение платежа").fill(f"Оплата по счёту-оферте № {number}, без НДС")
    await page.get_by_role("button", name="Отправить платёж").click()
    await page.get_by_role("link", name="К выписке").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="1С, Windows-1251").click()
    file = await (await downloading.value).path()
    await page.goto(street.at.page)
    group = page.get_by_role("region", name="Operators' group")
    statement: FilePayload = {"name": "kl_to_1c.txt", "mimeType": "text/plain", "buffer": file.read_bytes()}
    await group.get_by_label("Send a file or a picture").set_input_files([statement])
    await expect(group.get_by_text("Суммы сходятся с банком")).to_be_visible()
    await anna.sees("✅ Оплачено: 990")
    await clean_books(street)


async def test_bad_file_is_refused_and_the_good_one_adds_up(
    street: Sandbox, owner: Person, bank: Bank
) -> None:
    await bank.pays("1500", "Оплата по счёту без номера")
    await bank.faults(statement="cut in the middle")
    await owner.sends_file(*await bank.statement("1c"), "text/plain")
    await owner.sees("обрывается на середине")
    await bank.faults(statement="whole", besides="lump sum and outgoing")
    await owner.sends_file(*await bank.statement("camt053"), "application/xml")
    told = shown_text(await owner.sees("Суммы сходятся с банком"))
    assert "эквайеров: 1" in told
    await clean_books(street)
