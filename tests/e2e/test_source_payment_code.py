"""Hoster.kg's page about the Elsom app: a payment code, how one comes by it, a balance topped up with it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox
from tests.browser import PHONE
from tests.e2e.conftest import AIGUL, OPERATOR
from tests.e2e.customers import clean_books
from tests.e2e.walk import Walk, chat_of

EMAIL, SERVICE = "aigul@example.org", "aigul.example"
ANOTHER = "ОсОО Жибек"
DIGITS = 12


async def test_balance_is_topped_up_by_a_code_as_the_page_of_hoster_says(
    street: Sandbox, browser: Browser, telegram: Telegram, pictures: Path
) -> None:
    walk = Walk("hoster", await chat_of(AIGUL, street, browser), pictures)
    code = await get_a_code(walk)
    wallet = await walk.page.context.new_page()
    await wallet.set_viewport_size(PHONE)
    await wallet.goto(f"{street.at.terminal}/wallet/elsom")
    await find_the_seller(walk, wallet)
    await mistakes_are_told(walk, wallet, code)
    await pay(walk, wallet, code, pictures)
    await operator_finds_it(walk, telegram.person(OPERATOR, chat="group"), code)
    await the_code_stays(walk, code)
    await clean_books(street)
    walk.ends()


async def get_a_code(walk: Walk) -> str:
    walk.step("Finance → Payments shows “Payment code”; there may be none yet", "“Payment code” in the menu")
    await walk.starts()
    await walk.taps("Төлөм коду")
    await walk.sees("Сизде төлөм коду азырынча жок")
    walk.step("Make a payment: a sum, “Terminals”, “Pay”", "“Top up” there, the balance in soms, a sum")
    await walk.taps("Толуктоо", "Айгүл · 0 сом")
    await walk.says("480")
    await walk.sees("Балансты толуктоо: 480 сом", "Ыкма: Терминал же капчык")
    walk.step("Choose the payer, look at his data, “Finish”: the code appears", "“Show the payment code”")
    await walk.taps("Төлөм кодун көрсөтүү")
    await walk.sees("Төлөм коду:", "«Услуги»", "«Другие»", "«Канал+»", "«Лицевой счёт»", "«Подтвердить»")
    await walk.chat.kept("1-code")
    walk.step("The code is personal and begins with 00", "so it does; a button copies it")
    await walk.taps("Кодду көчүрүү")
    code = str(await walk.page.evaluate("navigator.clipboard.readText()"))
    assert code.startswith("00")
    assert len(code) == DIGITS
    return code


async def find_the_seller(walk: Walk, wallet: Page) -> None:
    walk.step(
        "In the app: “Services” → “Others” → the seller", "nothing of ours; the code's screen names each step"
    )
    await walk.presses(*(wallet.get_by_role("link", name=name) for name in ("Услуги", "Другие", "Канал+")))


async def type_in(walk: Walk, wallet: Page, code: str, amount: str) -> None:
    await walk.fills(wallet.get_by_label("Лицевой счёт"), code)
    await walk.fills(wallet.get_by_role("textbox", name="Сумма"), amount)
    await walk.presses(wallet.get_by_role("button", name="Далее"))


async def mistakes_are_told(walk: Walk, wallet: Page, code: str) -> None:
    walk.step(
        "(Only “make sure that it is right”)", "a mistyped code and too small a sum are told before any money"
    )
    mistyped = code[:-1] + str((int(code[-1]) + 1) % 10)
    for what, amount, told in ((mistyped, "480", "В коде ошибка"), (code, "0,50", "Сумма слишком мала")):
        await type_in(walk, wallet, what, amount)
        await expect(wallet.get_by_text(told)).to_be_visible()
        await wallet.go_back()


async def pay(walk: Walk, wallet: Page, code: str, pictures: Path) -> None:
    walk.step("“Account number” is the code; the sum; “Next”", "the wallet asks Kassir whose code it is")
    await type_in(walk, wallet, code, "480")
    walk.step("Make sure that all is right, then “Confirm”", "the payer, masked, stands beside code and sum")
    await expect(wallet.get_by_text("А***")).to_be_visible()
    await expect(wallet.get_by_text(code)).to_be_visible()
    await wallet.screenshot(path=pictures / "hoster-2-wallet.png")
    await walk.presses(wallet.get_by_role("button", name="Подтвердить 480,00 сом"))
    await expect(wallet.get_by_role("heading")).to_have_text("Оплачено")
    walk.step("The balance is topped up", "a message at once: how much, by what, the balance")
    await walk.sees("✅ 480 сом келди", "Elsom капчыгы")
    await walk.chat.kept("3-topped-up")


async def operator_finds_it(walk: Walk, nina: Person, code: str) -> None:
    walk.step(
        "On the telephone an operator finds it by e-mail or by the service's name", "`/code` in the group"
    )
    for named in (EMAIL, SERVICE):
        await nina.says(f"/code {named}")
        await nina.sees("Код оплаты для Айгүл")
        assert (await nina.taps("Скопировать код"))["copied"] == code


async def the_code_stays(walk: Walk, code: str) -> None:
    walk.step("It never changes unless a new payer is added", "each payer has his own, which never changes")
    await walk.says("/code")
    await walk.sees(spaced(code), "Баланс: 480 сом")
    await walk.taps("Төлөөчү кошуу")
    await walk.says(ANOTHER)
    await walk.taps("Төлөм кодун алуу")
    await walk.says("/code")
    await walk.sees(spaced(code), f"Төлөм коду · {ANOTHER}")
    await walk.chat.kept("4-two-payers")


def spaced(code: str) -> str:
    """As it stands on the screen."""
    return "  ".join(code[at : at + 3] for at in range(0, len(code), 3))
