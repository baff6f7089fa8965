"""OLChat's page about paying for connectors: by Robokassa with autopay, by invoice and transfer."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
from babel.dates import format_date
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.bank.driver import Bank
from sandbox.driver import Person
from sandbox.mailbox.driver import Mailbox
from sandbox.runner import Sandbox
from tests.browser import DESKTOP
from tests.e2e.customers import clean_books
from tests.e2e.test_first_payment import CONNECTOR, paid_until
from tests.e2e.walk import Walk

SCHEMES = "Мир, Visa, Mastercard"
FIRM = {"ИНН": "7707083893/773601001", "название": "ООО «Ромашка»", "адрес": "101000, Москва, Мясницкая, 1"}
POST = "buh@example.org"


async def test_connectors_are_paid_as_the_page_of_olchat_says(
    street: Sandbox, browser: Browser, owner: Person, pictures: Path
) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    cabinet = await context.new_page()
    await cabinet.goto(street.at.seller)
    walk = Walk("connectors", cabinet, pictures)
    await choose_in_the_cabinet(walk, cabinet.locator(f"#line-{CONNECTOR}"))
    await pay_by_robokassa(walk)
    await line_is_on_at_once(walk, street, cabinet)
    purpose = await ask_for_an_invoice(walk)
    async with Mailbox(street.at.mailbox) as mailbox:
        await copy_comes_by_email(walk, mailbox)
    async with Bank(street.at.transfers) as bank:
        await transfer_switches_on(walk, owner, bank, purpose)
        await transfer_without_number_waits(walk, owner, bank)
    await clean_books(street)
    walk.ends()


async def choose_in_the_cabinet(walk: Walk, line: Locator) -> None:
    walk.step(
        "The settings list the connectors; “•••” beside one has the item “Pay”",
        "the seller's cabinet, “•••” → Pay: the chat opens at this connector",
    )
    menu = line.get_by_text("•••")
    await walk.presses(menu)
    chat = await walk.opens(line.get_by_role("button", name="Оплатить"))
    walk.goes_on_in(chat)
    await walk.sees("WhatsApp +7 999 123-45-67", "На какой срок?")


async def pay_by_robokassa(walk: Walk) -> None:
    walk.step(
        "Tab Robokassa: choose the period; cards of Mir, Visa and Mastercard",
        "period with its price, then the method with its card schemes",
    )
    await walk.taps("1 месяц")
    await walk.sees(f"Карта или СБП (Robokassa) — 990 ₽; {SCHEMES}")
    await walk.taps("Карта или СБП (Robokassa)")
    walk.step(
        "A telephone for questions, an e-mail for invoice and notices", "the e-mail, asked once and kept"
    )
    await walk.sees("Куда прислать чек?")
    await walk.says("anna@example.org")
    await walk.sees("К оплате: 990 ₽", SCHEMES, "Чек придёт на: anna@example.org")
    walk.step(
        "The tick “connect autopay” prolongs the tariff by itself",
        "the switch in the summary, with what it means",
    )
    await walk.taps("☐ Автоплатёж")
    await walk.sees("Сумма: 990 ₽ каждый месяц", "Первое списание", "Отключить можно в любой момент")
    await walk.chat.kept("1-summary")
    walk.step("“Pay”, then the card on Robokassa's page", "the button with the sum leads to Robokassa's page")
    shop = await walk.opens(walk.chat.answers.get_by_role("link", name="Оплатить 990"))
    await expect(shop.get_by_role("heading", level=1)).to_contain_text("WhatsApp +7 999 123-45-67")
    await walk.presses(shop.get_by_role("radio", name="Mir 2202"))
    await walk.presses(shop.get_by_role("button", name="Заплатить 990,00 ₽"))
    await expect(shop.get_by_role("heading", level=1)).to_have_text("Оплачено")
    await shop.close()


async def line_is_on_at_once(walk: Walk, street: Sandbox, cabinet: Page) -> None:
    walk.step(
        "The line is active as soon as it is paid", "a new message with the new date; the cabinet says so too"
    )
    until = format_date(paid_until(street), "d MMMM y", "ru")
    await walk.sees("✅ Оплачено: 990", f"оплачено до {until}", "🔁 Автоплатёж подключён")
    await expect(cabinet.locator(f"#line-{CONNECTOR}")).to_contain_text(f"активен до {until}")
    told = cabinet.get_by_role("listitem").filter(has_text="connector.extended")
    await expect(told).to_contain_text("выполнен")
    await walk.chat.kept("2-paid")


async def ask_for_an_invoice(walk: Walk) -> str:
    """The purpose of payment, as it is copied."""
    walk.step("Several accounts are several connectors", "“Pay for several at once”: one invoice for both")
    await walk.says("/pay")
    await walk.taps("Оплатить несколько сразу", "☐ WhatsApp", "☐ Telegram", "Продолжить (2)", "1 месяц")
    walk.step(
        "Tab “invoice”: fill in the form", "the method “invoice”; the payer's data are asked once and kept"
    )
    await walk.taps("Счёт для организации", "Организация")
    for question, answer in FIRM.items():
        await walk.sees(question)
        await walk.says(answer)
    await walk.sees("На какую почту")
    await walk.says(POST)
    await walk.sees("ИНН 7707083893 · КПП 773601001", "ООО «Ромашка»", POST)
    await walk.taps("Сохранить")
    walk.step("“Get the invoice”", "“Issue the invoice”: sum, how long it is valid, the paper itself")
    await walk.sees("Итого по счёту: 1 680 ₽")
    await walk.taps("Выставить счёт")
    await walk.sees("Счёт INV-", "Номер счёта должен быть в назначении платежа")
    await walk.chat.kept("3-invoice")
    walk.step("Download it by its link", "“Open the invoice”, besides the file in the chat")
    await downloaded(walk)
    walk.step(
        "The purpose of payment with number and date, word by word",
        "it stands in the chat; a button copies it",
    )
    await walk.taps("Скопировать назначение")
    return str(await walk.page.evaluate("navigator.clipboard.readText()"))


async def downloaded(walk: Walk) -> None:
    address = await walk.chat.answers.get_by_role("link", name="Открыть счёт").last.get_attribute("href")
    walk.counts(1)
    async with aiohttp.ClientSession() as session, session.get(str(address)) as answer:
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert (await answer.read()).startswith(b"%PDF-")
        assert "noindex" in answer.headers["X-Robots-Tag"]
    guessed = re.sub(r"/documents/.{40}", f"/documents/{'0' * 40}", str(address))
    async with aiohttp.ClientSession() as session, session.get(guessed) as answer:
        assert answer.status == 404


async def copy_comes_by_email(walk: Walk, mailbox: Mailbox) -> None:
    walk.step("A copy comes to the e-mail that was given", "by e-mail, with the paper")
    letter = await mailbox.letter_to(POST, "INV-")
    name, paper = await mailbox.file(letter)
    assert name.endswith(".pdf") and paper.startswith(b"%PDF-")


async def transfer_switches_on(walk: Walk, owner: Person, bank: Bank, purpose: str) -> None:
    walk.step(
        "When the money has come, the line is switched on",
        "the bank's statement books it; a message with the dates",
    )
    assert re.fullmatch(r"Оплата по счёту-оферте № INV-\S+ от \d\d\.\d\d\.\d{4} г\. за .+, без НДС", purpose)
    await bank.pays("1680", purpose)
    await statement_comes(owner, bank)
    await walk.sees("✅ Оплачено: 1 680", "Telegram @anna_flowers: 1 месяц, оплачено до")
    await walk.chat.kept("4-active")


async def transfer_without_number_waits(walk: Walk, owner: Person, bank: Bank) -> None:
    walk.step(
        "Without the number in the purpose nothing can be switched on",
        "it waits: an operator sees who paid and what fits, and decides with two taps",
    )
    await walk.says("/pay")
    await walk.taps("+7 495 000-00-03", "1 месяц", "Счёт для организации", "Выставить счёт")
    await walk.sees("Счёт INV-", "450 ₽")
    await bank.pays("450", "Оплата за услуги связи, без НДС")
    await statement_comes(owner, bank)
    card = await owner.sees("Оплата за услуги связи", since=0)
    await expect(walk.page.get_by_role("region", name="Customer's chat")).not_to_contain_text("Оплачено: 450")
    await walk.chat.kept("5-waits")
    await owner.taps("✔ INV-", message=card)
    await owner.taps("Да", message=await owner.sees("INV-"))
    await walk.sees("✅ Оплачено: 450")
    await walk.says("/invoices")
    await walk.taps("Все абоненты", "Мои счета", "INV-")
    await walk.sees("Оплачен")


async def statement_comes(owner: Person, bank: Bank) -> None:
    await owner.sends_file(*await bank.statement("1c"), "text/plain")
    await owner.sees("разнесено")
