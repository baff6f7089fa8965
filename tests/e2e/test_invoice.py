"""An organisation pays by transfer: invoice in chat and mailbox, bank, statement, and the line is on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from sandbox.bank.driver import FORMS, Bank
from sandbox.driver import Person, Telegram
from sandbox.mailbox.driver import Mailbox
from sandbox.runner import Sandbox
from sandbox.screen import shown_text
from tests.browser import DESKTOP
from tests.e2e.customers import clean_books

CASHIER = 2002
INN, NAME, EMAIL = "7707083893", "ООО «Ромашка»", "buh@example.org"
ANSWERS = {
    "Пришлите ИНН": f"{INN}/773601001",
    "Пришлите название": NAME,
    "Пришлите адрес": "101000, Москва, ул. Мясницкая, 1",
    "На какую почту": EMAIL,
}


@pytest.fixture
async def mailbox(street: Sandbox) -> AsyncIterator[Mailbox]:
    async with Mailbox(street.at.mailbox) as mailbox:
        yield mailbox


@pytest.fixture
async def transfers(street: Sandbox) -> AsyncIterator[Bank]:
    async with Bank(street.at.transfers) as bank:
        yield bank


@pytest.fixture
def cashier(telegram: Telegram) -> Person:
    return telegram.person(CASHIER, chat="group")


@pytest.fixture
async def context(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport=DESKTOP, locale="ru-RU", accept_downloads=True)


async def issued(anna: Person) -> str:
    """Through Pay to the invoice of a new payer; the purpose as she copies it."""
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Счёт для организации")
    await anna.taps("Организация")
    for question, answer in ANSWERS.items():
        await anna.sees(question)
        await anna.says(answer)
    await anna.taps("Сохранить")
    await anna.taps("Выставить счёт")
    await anna.sees("Счёт INV-")
    return str((await anna.taps("Скопировать назначение"))["copied"])


def pane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


async def test_an_organisation_pays_its_invoice_by_a_bank_transfer(
    street: Sandbox, anna: Person, mailbox: Mailbox, context: BrowserContext, pictures: Path
) -> None:
    purpose = await issued(anna)
    number = re.search(r"INV-\d{4}-\d{6}", purpose)
    assert number is not None
    name, paper = await anna.document()
    assert number[0] in name
    assert paper.startswith(b"%PDF-")
    chat = await context.new_page()
    await chat.goto(street.at.page)
    await expect(pane(chat, "Customer's chat").get_by_text(f"{number[0]}.pdf").first).to_be_visible()
    await chat.screenshot(path=pictures / "invoice-1-chat.png")
    await open_link(anna, chat, pictures)
    await read_letter(street, mailbox, context, number[0], pictures)
    statement = await paid_at_the_bank(street, context, purpose, pictures)
    group = pane(chat, "Operators' group")
    await group.get_by_label("Send files or pictures").set_input_files(statement)
    await expect(group.get_by_text("разнесено")).to_be_visible()
    told = shown_text(await anna.sees("✅ Оплачено: 990"))
    assert "WhatsApp +7 999 123-45-67: 1 месяц, оплачено до" in told
    await chat.screenshot(path=pictures / "invoice-5-active.png")
    await anna.says("/invoices")
    await anna.taps("Все абоненты")
    await anna.taps("Мои счета")
    await anna.taps(number[0])
    await anna.sees("Оплачен")
    await clean_books(street)


async def open_link(anna: Person, page: Page, pictures: Path) -> None:
    """The paper by its link; a guessed one opens nothing."""
    url = str((await anna.taps("Открыть счёт"))["url"])
    answer = await page.request.get(url)
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    assert "noindex" in answer.headers["x-robots-tag"]
    other = await page.context.new_page()
    guessed = await other.goto(re.sub(r"/documents/.{40}", f"/documents/{'0' * 40}", url))
    assert guessed is not None
    assert guessed.status == 404
    await other.screenshot(path=pictures / "invoice-6-guessed.png")
    await other.close()


async def read_letter(
    street: Sandbox, mailbox: Mailbox, context: BrowserContext, number: str, pictures: Path
) -> None:
    letter = await mailbox.letter_to(EMAIL, number)
    page = await context.new_page()
    await page.goto(street.at.mailbox)
    await page.get_by_role("link", name=letter["subject"]).click()
    await expect(page.frame_locator("iframe").get_by_text(NAME)).to_be_visible()
    await page.screenshot(path=pictures / "invoice-2-letter.png", full_page=True)
    _name, paper = await mailbox.file(letter)
    assert paper.startswith(b"%PDF-")
    await page.close()


async def paid_at_the_bank(street: Sandbox, context: BrowserContext, purpose: str, pictures: Path) -> Path:
    """The transfer made, and the statement of the day as a file."""
    page = await context.new_page()
    await page.goto(street.at.transfers)
    await page.get_by_label("Название или имя").fill(NAME)
    await page.get_by_label("ИНН").fill(INN)
    await page.get_by_label("Сумма").fill("990")
    await page.get_by_label("Назначение платежа").fill(purpose)
    await page.get_by_role("button", name="Отправить платёж").click()
    await expect(page.get_by_role("heading")).to_have_text("Платёж исполнен")
    await page.screenshot(path=pictures / "invoice-3-bank.png", full_page=True)
    await page.get_by_role("link", name="К выписке").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="1С, Windows-1251").click()
    download = await downloading.value
    kept = pictures / download.suggested_filename
    await download.save_as(kept)
    await page.screenshot(path=pictures / "invoice-4-statement.png", full_page=True)
    await page.close()
    return kept


async def test_a_transfer_is_booked_once_in_whatever_letters_it_is_told(
    street: Sandbox, anna: Person, cashier: Person, transfers: Bank
) -> None:
    purpose = await issued(anna)
    await transfers.pays("990", purpose, payer=NAME, inn=INN)
    await transfers.pays("300", "Оплата за услуги связи", payer="ИП Петров", inn="500100732259")
    for form in FORMS[:3]:
        name, content = await transfers.statement(form)
        await cashier.sends_file(name, content, "application/octet-stream")
        told = shown_text(await cashier.sees("разнесено: 1"))
        assert "1 290" in told.replace("\N{NO-BREAK SPACE}", " ")
    await anna.sees("✅ Оплачено: 990", since=0)
    card = await cashier.sees("ИП Петров", since=0)
    await cashier.taps("Не наше", message=card)
    await cashier.taps("Да", message=await cashier.sees("1 из 1"))
    await cashier.sees("Решены все строки")
    await cashier.sends_file(name, content, "text/plain")
    await cashier.sees("Этот же файл уже загружали")
    await clean_books(street)


async def test_bad_file_is_refused_and_the_good_one_adds_up(
    street: Sandbox, owner: Person, transfers: Bank
) -> None:
    await transfers.pays("1500", "Оплата по счёту без номера")
    await transfers.faults(statement="cut in the middle")
    await owner.sends_file(*await transfers.statement("1c"), "text/plain")
    await owner.sees("обрывается на середине")
    await transfers.faults(statement="whole", besides="lump sum and outgoing")
    await owner.sends_file(*await transfers.statement("camt053"), "application/xml")
    told = shown_text(await owner.sees("Суммы сходятся с банком"))
    assert "эквайеров: 1" in told
    await clean_books(street)
