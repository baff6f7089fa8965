"""A SIP operator's page about invoices by e-mail: copies, links, delivery, detail, the days it is closed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from babel.dates import format_date
from playwright.async_api import Browser, expect

from bot.domain.periods import add_months
from sandbox.clock_driver import StreetTime
from sandbox.mailbox.driver import Mailbox
from sandbox.runner import CLOCK, Sandbox, running_sandbox
from tests.e2e.conftest import ANNA
from tests.e2e.customers import clean_books
from tests.e2e.walk import Walk, chat_of

MOSCOW = ZoneInfo("Europe/Moscow")
HERS, MASKED = "anna@example.org", "a***@example.org"
LINES = ("SIP +7 495 000-10-01", "SIP +7 495 000-10-02")


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """It is noon on the last day of a month, its lines were used, the month before is billed."""
    now = datetime.now(UTC)
    (tmp_path / CLOCK).write_text(str((last_noon_of_a_month(now) - now).total_seconds()))
    async with running_sandbox(tmp_path, charges=True) as street:
        yield street


def last_noon_of_a_month(now: datetime) -> datetime:
    """The next one: of this month, or of the one after it."""
    first = now.astimezone(MOSCOW).replace(day=1, hour=12)
    ends = (add_months(first.date(), months) for months in (1, 2))
    noons = (datetime.combine(end, first.time(), MOSCOW) - timedelta(days=1) for end in ends)
    return next(noon for noon in noons if noon > now)


async def test_invoices_are_ordered_as_the_page_of_the_sip_operator_says(
    street: Sandbox, browser: Browser, pictures: Path
) -> None:
    walk = Walk("monthly", await chat_of(ANNA, street, browser), pictures)
    async with Mailbox(street.at.mailbox) as mailbox, StreetTime(street.at.page) as time:
        today = (await time.now()).astimezone(MOSCOW)
        await open_the_section(walk)
        await order_a_copy(walk, mailbox)
        await download_by_link(walk)
        await change_the_delivery(walk)
        await order_the_detail(walk, mailbox)
        await look_at_charges(walk, mailbox)
        await look_at_instalments(walk, street)
        await find_it_closed(walk, mailbox, time, today)
    await clean_books(street)
    walk.ends()


async def open_the_section(walk: Walk) -> None:
    walk.step(
        "The menu has the section “Invoices”; a SIP subscriber is chosen",
        "“Invoices”, then all or one of them",
    )
    await walk.starts()
    await walk.taps("Счета")
    for line in LINES:
        await expect(walk.chat.answers.get_by_role("button", name=line)).to_be_visible()
    await walk.taps("Все абоненты")
    walk.step(
        "It lists what can be done", "the same five, with my invoices, an invoice at any time, instalments"
    )
    for item in (
        "Заказать счёт на e-mail",
        "Загрузить счёт по ссылке",
        "Способ и адрес доставки",
        "Детализация",
        "Начисления за текущий период",
    ):
        await expect(walk.chat.answers.get_by_role("button", name=item)).to_be_visible()
    await walk.chat.kept("1-section")


async def order_a_copy(walk: Walk, mailbox: Mailbox) -> None:
    walk.step(
        "“Order an invoice by e-mail”: choose the period, “Next”", "the same; several months may be ticked"
    )
    await walk.taps("Заказать счёт на e-mail")
    await walk.sees("Выберите период")
    await walk.taps("Далее ›")
    walk.step(
        "It goes to the address that stands in the personal page",
        "asked once, and proved by a code sent there",
    )
    await walk.taps("Указать адрес")
    await walk.says(HERS)
    await walk.sees("Код отправлен")
    code = re.search(r"\d{6}", (await mailbox.letter_to(HERS))["subject"])
    assert code is not None
    await walk.says(code[0])
    await walk.sees(f"уйдут на {MASKED}")
    await walk.taps("Отправить")
    walk.step(
        "It says that the invoice for this period will be sent; “Back”", "the same words, with the address"
    )
    await walk.sees(f"Счёт за указанный период будет отправлен на ваш e-mail {MASKED}")
    await walk.chat.kept("2-ordered")
    name, paper = await mailbox.file(await mailbox.letter_to(HERS, "Копии счетов"))
    assert "INV-" in name and paper.startswith(b"%PDF-")
    await walk.taps("‹ Назад")


async def download_by_link(walk: Walk) -> None:
    walk.step("“Download an invoice by link”, of the two months before", "the month, “Next”")
    await walk.taps("Загрузить счёт по ссылке")
    await expect(walk.chat.answers.get_by_role("button", name=re.compile("^[●○] "))).to_have_count(2)
    await walk.taps("Далее ›")
    walk.step(
        "Once it is formed it can be downloaded; wait until it is",
        "the link, or “Look again” with how many are done",
    )
    link = walk.chat.answers.get_by_role("link", name="Скачать")
    again = walk.chat.answers.get_by_role("button", name="Проверить ещё раз")
    await expect(link.or_(again)).to_be_visible()
    while await again.is_visible():
        await again.click()
        await expect(link.or_(again)).to_be_visible()
    address = await link.get_attribute("href")
    walk.counts(1)
    async with aiohttp.ClientSession() as session, session.get(str(address)) as answer:
        assert answer.status == 200
        assert (await answer.read()).startswith(b"%PDF-")
    await walk.chat.kept("3-link")
    await walk.taps("‹ Назад")
    await walk.sees("Счёт по ссылке. За какой месяц?")
    await walk.taps("‹ Назад")


async def change_the_delivery(walk: Walk) -> None:
    walk.step(
        "“Change way or address of delivery”: e-mail, or by hand", "the same, and this chat as a third way"
    )
    await walk.taps("Способ и адрес доставки", "○ На руки")
    await walk.sees("Регулярные счета: на руки")
    await walk.taps("○ На e-mail")
    await walk.sees(f"Регулярные счета: на e-mail {MASKED}", "на момент его формирования")
    await walk.chat.kept("4-delivery")
    await walk.taps("‹ Назад")


async def order_the_detail(walk: Walk, mailbox: Mailbox) -> None:
    walk.step(
        "“Detail by e-mail”: calls of this and of the last month", "shown in the chat first, then by e-mail"
    )
    await walk.taps("Детализация", "○", "Далее ›")
    await walk.sees(f"▪ {LINES[0]}")
    await send_it(walk)
    await walk.sees(f"Детализация будет отправлена на ваш e-mail {MASKED}")
    letter = await mailbox.letter_to(HERS, "Детализация")
    (paper, pdf), (table, csv) = await mailbox.file(letter), await mailbox.file(letter, 1)
    assert paper.endswith(".pdf") and pdf.startswith(b"%PDF-")
    assert table.endswith(".csv") and "Абонентская плата" in csv.decode("utf-8-sig")
    await walk.taps("‹ Назад")


async def send_it(walk: Walk) -> None:
    await walk.taps("Отправить на e-mail")
    await walk.sees("Отправить?")
    await walk.taps("Отправить")


async def look_at_charges(walk: Walk, mailbox: Mailbox) -> None:
    walk.step("“Charges of this month” by subscriber, by e-mail", "shown in the chat first, then by e-mail")
    await walk.taps("Начисления за текущий период")
    await walk.sees(*LINES, "Месяц ещё не закончился")
    await walk.chat.kept("5-charges")
    await send_it(walk)
    await walk.sees(f"Начисления будут отправлены на ваш e-mail {MASKED}")
    await mailbox.letter_to(HERS, "Текущие начисления")
    await walk.taps("‹ Назад")


async def look_at_instalments(walk: Walk, street: Sandbox) -> None:
    """The seller's own system tells the bot of them, and of a call."""
    walk.step("“Instalments” stand in the menu", "“Instalments” in the section, once something was sold so")
    cabinet = await walk.page.context.new_page()
    await cabinet.goto(f"{street.at.seller}/cabinet?lang=ru")
    line = cabinet.locator("#line-sip-7004")
    for button in ("Сделать звонок", "Продать в рассрочку"):
        await line.get_by_label("Ещё").click()
        await line.get_by_role("button", name=button).click()
        await expect(cabinet.get_by_role("alert")).to_have_count(0)
    await cabinet.close()
    walk.step("“Menu” and “Back” on every screen", "so they are")
    await walk.taps("Меню")
    await walk.sees("Чем помочь?")
    await walk.taps("Счета", "Все абоненты", "Рассрочка")
    await walk.sees("IP-телефон")


async def find_it_closed(walk: Walk, mailbox: Mailbox, time: StreetTime, today: datetime) -> None:
    walk.step(
        "The invoice of a month goes to the address that stood when it was formed", "on the 1st, by itself"
    )
    await time.skip(days=2)
    month = format_date(today, "LLLL y", "ru")
    name, _paper = await mailbox.file(await mailbox.letter_to(HERS, f"за {month}"))
    assert "INV-" in name
    walk.step(
        "Closed on the 1st to 3rd, while invoices are formed", "what was issued stays at hand; when it opens"
    )
    opens = today.date() + timedelta(days=4)
    await walk.says("/invoices")
    await walk.taps("Все абоненты")
    await walk.sees("С 1 по 3 число каждого месяца мы формируем счета", format_date(opens, "d MMMM y", "ru"))
    await expect(walk.chat.answers.get_by_role("button", name="Заказать счёт")).to_have_count(0)
    await walk.chat.kept("6-closed")
    await walk.taps("Мои счета")
    await walk.sees(month, "выставлен, ещё не оплачен")
