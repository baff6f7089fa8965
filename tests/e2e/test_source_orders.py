"""clik.by's page about ordering and paying online: tariff, form, the seller's check, WEBPAY."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, expect

from sandbox.driver import Person, Telegram
from sandbox.mailbox.driver import Mailbox
from sandbox.runner import Sandbox
from tests.e2e.conftest import ALES, CASHIER, OPERATOR
from tests.e2e.customers import clean_books
from tests.e2e.walk import Walk, chat_of

HERS = "ales@example.org"
PICTURES = (Path("docs/images/chat.png"), Path("docs/images/invoice.png"))
SCHEMES = "Visa, Mastercard, БЕЛКАРТ"


async def test_an_app_is_ordered_as_the_page_of_clik_says(
    street: Sandbox, browser: Browser, telegram: Telegram, pictures: Path
) -> None:
    walk = Walk("clik", await chat_of(ALES, street, browser), pictures)
    nina = telegram.person(OPERATOR, chat="group")
    await fill_in_the_form(walk)
    async with Mailbox(street.at.mailbox) as mailbox:
        await be_approved(walk, nina)
        order = await open_the_letter(walk, mailbox)
        await pay(walk, street, order)
        await keep_the_slip(walk, mailbox)
    await ask_how_it_stands(walk, nina)
    await get_some_of_it_back(walk, telegram.person(CASHIER, chat="group"))
    await clean_books(street)
    walk.ends()


async def fill_in_the_form(walk: Walk) -> None:
    walk.step("Choose a tariff", "“Order a service”: what it is, and its price")
    await walk.starts()
    await walk.taps("Заказаць паслугу")
    await walk.sees("Мабільная праграма пад ключ", "Цана: 590 Br", "Пытанне 1 з 9")
    walk.step(
        "Fill in the form: site, texts and pictures, and more", "a question each; what is optional is skipped"
    )
    await walk.says("flora.example")
    await walk.sees("Што павінна быць у праграме?")
    await walk.says("Каталог кветак і заказ букета")
    await walk.taps("Android і iOS", "Прапусціць")
    await walk.sees("Лагатып і малюнкі")
    await walk.sends(*PICTURES)
    await walk.taps("Гатова")
    await walk.sees("Тэксты і іншыя файлы")
    await walk.taps("Прапусціць")
    await walk.sees("Да якога дня трэба?")
    await walk.taps("Прапусціць")
    walk.step("Contacts: an e-mail, a telephone with the operator's code", "the last two questions")
    await walk.sees("E-mail для рахунка і пацвярджэнняў")
    await walk.says(HERS)
    await walk.sees("Тэлефон з кодам аператара")
    await walk.says("+375 29 123-45-67")
    walk.step("Once accepted, money is not given back", "the terms, in the summary and before paying")
    await walk.sees("Цана: 590 Br", "Прыняты заказ не вяртаецца", "Зараз плаціць нічога не трэба")
    await walk.chat.kept("1-summary")
    await walk.taps("Адправіць заяўку")


async def be_approved(walk: Walk, nina: Person) -> None:
    walk.step(
        "The order is checked", "a card in the operators' group; the chat says by when there is an answer"
    )
    await walk.sees("Заяўка адпраўлена. Адкажам да")
    card = await nina.sees("📝 Заявка на проверку: Мобильное приложение под ключ")
    await expect(walk.page.get_by_role("group", name="Album").last.get_by_role("link")).to_have_count(2)
    await walk.chat.kept("2-review")
    await nina.taps("Одобрить", message=card)
    await nina.taps("Да, 590")
    await nina.sees("Одобрено")


async def open_the_letter(walk: Walk, mailbox: Mailbox) -> str:
    """The address behind the letter's link."""
    walk.step(
        "A letter comes: the order is confirmed, and can be paid",
        "the same letter; the chat has a button too",
    )
    await walk.sees("✅ Ваша заяўка пацверджана", "Да аплаты: 590 Br")
    letter = await mailbox.letter_to(HERS, "Ваш заказ пацверджаны")
    assert "590" in letter["text"]
    assert "Прыняты заказ не вяртаецца" in letter["text"]
    link = re.search(r"http\S+/order/\w+", letter["text"])
    assert link is not None
    walk.counts(1)
    return link[0]


async def pay(walk: Walk, street: Sandbox, order: str) -> None:
    walk.step("Pay by card through WEBPAY: Visa, Mastercard, BELKART", "the letter's page, then WEBPAY's own")
    page = await walk.page.context.new_page()
    await page.goto(order)
    await expect(page.get_by_text("590 Br").first).to_be_visible()
    await walk.presses(page.get_by_role("button", name="WEBPAY"))
    await page.wait_for_url(f"{street.at.webpay}/pay/*")
    await be_declined(walk, street, page)
    walk.step("The data of the card, “Pay”", "on WEBPAY's page, which Kassir never sees")
    await pay_with(walk, page, "BELKART")
    await page.wait_for_url(f"{street.at.bot}/return/*")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Аплачана")
    await page.close()
    await walk.sees("✅ Аплачана: 590 Br", "Картка: БЕЛКАРТ *0044", "Транзакцыя: ", "Пачынаем працу")
    await walk.chat.kept("4-paid")


async def be_declined(walk: Walk, street: Sandbox, page: Page) -> None:
    walk.step(
        "(The page does not say what happens to a card without money)", "the reason, and another try at once"
    )
    async with aiohttp.ClientSession(street.at.webpay) as webpay:
        await webpay.post("/faults", json={"declines": "notified"})
    await pay_with(walk, page, "Не хватит денег")
    await expect(page.get_by_role("alert")).to_contain_text("отклонён")
    await walk.sees("✖️ Плацёж на 590 Br не прайшоў: на картцы не хапае грошай")
    await walk.chat.kept("3-declined")


async def pay_with(walk: Walk, page: Page, card: str) -> None:
    await walk.presses(page.get_by_role("radio", name=card), page.get_by_role("button", name="Оплатить"))


async def keep_the_slip(walk: Walk, mailbox: Mailbox) -> None:
    walk.step(
        "A letter confirms the payment; keep it to compare it with the bank", "the letter says so, with a PDF"
    )
    letter = await mailbox.letter_to(HERS, "Чэк")
    name, paper = await mailbox.file(letter)
    assert name.endswith(".pdf") and paper.startswith(b"%PDF-")
    assert "БЕЛКАРТ" in letter["text"]


async def ask_how_it_stands(walk: Walk, nina: Person) -> None:
    walk.step(
        "The call centre tells how the order stands", "each stage is told of; `/orders` has it at any time"
    )
    await nina.taps("▶️ В работе", message=await nina.sees("🛠 Заказ", since=0))
    await walk.sees("🛠 Мабільная праграма пад ключ: У рабоце.")
    await walk.says("/orders")
    await walk.taps("Мабільная праграма")
    await walk.sees("У рабоце", "На ўзгадненні")
    walk.step(
        "What was paid for and did not come: telephone, e-mail",
        "`/support`: both, and a question to operators",
    )
    await walk.says("/support")
    await walk.sees("+375 17 000-00-00", "help@example.org")
    await expect(walk.chat.answers.get_by_role("button", name="Напісаць нам")).to_be_visible()


async def get_some_of_it_back(walk: Walk, karim: Person) -> None:
    walk.step(
        "In cases of force majeure money goes back to the same card",
        "`/refund` in the group; the card is named",
    )
    await karim.says("/refund 1 100 форс-мажор")
    await karim.sees("БЕЛКАРТ *0044")
    await karim.taps("Вернуть 100")
    await walk.sees("↩️ Вернута 100 Br", "БЕЛКАРТ *0044")
    await walk.chat.kept("5-refunded")
