"""Paying by a code: the chat shows it, a terminal or a wallet takes the money, the chat tells so."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from sandbox.driver import Person
from sandbox.runner import Sandbox
from sandbox.screen import shown_text
from sandbox.terminal.driver import Terminals
from tests.browser import DESKTOP
from tests.e2e.customers import clean_books


@pytest.fixture
async def terminals(street: Sandbox) -> AsyncIterator[Terminals]:
    async with Terminals(street.at.terminal) as terminals:
        yield terminals


async def code_for_whatsapp(anna: Person) -> str:
    """Through Pay to the code, as it is copied."""
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Терминал или кошелёк")
    await anna.taps("Показать код оплаты")
    await anna.sees("Ждём оплату")
    return str((await anna.taps("Скопировать код"))["copied"])


async def test_order_is_paid_at_the_terminals_screen(
    street: Sandbox, anna: Person, browser: Browser, pictures: Path
) -> None:
    code = await code_for_whatsapp(anna)
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU")
    page = await context.new_page()
    await page.goto(street.at.page)
    await page.screenshot(path=pictures / "code-1-chat.png")
    places = page.get_by_role("navigation", name="Other pages of the demo")
    async with context.expect_page() as opening:
        await places.get_by_role("link", name="Terminals").click()
    page = await opening.value
    await page.get_by_role("link", name="внесите наличные").click()
    await page.get_by_role("link", name="Город").click()
    await page.get_by_label("Код оплаты").fill(code)
    await page.get_by_role("textbox", name="Сумма").fill("990")
    await page.get_by_role("button", name="Далее").click()
    await expect(page.get_by_text("А***").or_(page.get_by_text("A***"))).to_be_visible()
    await page.get_by_role("button", name="Внести 990,00 ₽").click()
    await expect(page.get_by_role("heading")).to_have_text("Оплачено")
    await anna.sees("✅ Оплачено: 990")
    await clean_books(street)


async def test_bad_days_credit_once_and_the_register_agrees(
    street: Sandbox, anna: Person, owner: Person, terminals: Terminals
) -> None:
    code = await code_for_whatsapp(anna)
    for fault, amount in (("15 at once", "990"), ("answer lost", "10"), ("sent twice", "20")):
        await terminals.faults(pay=fault)
        paid = await terminals.pays("gorod", code, amount)
        assert (paid["stage"], len(paid["prv_txn"]) > 0) == ("paid", True), paid
    assert (await terminals.checks("gorod", "001234567890"))["stage"] == "refused"
    await terminals.faults(pay="once")
    networks = ("elsom", "bereke", "gorod", "kassa", "tenge")
    pays = [terminals.pays(network, code[2:], "7") for network in networks for _ in range(3)]
    assert {paid["stage"] for paid in await asyncio.gather(*pays)} == {"paid"}
    await anna.says("/code")
    text = shown_text(await anna.sees("Баланс: 51"))
    for balance in ("51 ₽", "42 сом", "21 Br", "21 ₸"):
        assert f"Баланс: {balance}" in text.replace("\N{NO-BREAK SPACE}", " ")
    name, content = await terminals.register("gorod")
    await owner.sends_file(name, content, "text/csv")
    told = shown_text(await owner.sees("реестр"))
    assert "6 оплат, 1" in told
    assert "сходятся" in told
    await clean_books(street)
