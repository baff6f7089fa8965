"""Takes the pictures of the docs anew, from the chat page of a fresh sandbox.

    python -m tests.e2e.take_pictures [name …]

Each scene goes on where the one before it ended, so all are played; names choose which pictures are kept.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect

from sandbox.bank.driver import Bank as Transfers
from sandbox.clock_driver import StreetTime
from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox, running_sandbox
from sandbox.yookassa.driver import Bank
from tests.browser import chromium
from tests.e2e.conftest import ALES, ANNA, BOB, CASHIER, OPERATOR, OWNER
from tests.e2e.customers import ask_for_link

IMAGES = Path("docs/images")
GROUP = "Operators' group"
COLOURS = 256
A_MINUTE = 70
"""What the group may have to wait for, since it takes twenty messages a minute."""
MOST_BYTES = 150_000
PAYER = {
    "Пришлите ИНН": "7707083893/773601001",
    "Пришлите название": "ООО «Ромашка»",
    "Пришлите адрес": "101000, Москва, ул. Мясницкая, 1",
    "На какую почту": "buh@example.org",
}
LINE = "+7 495 000-00-03"
AFTER_ABOUT = ("Android і", "Прапусціць")
AFTER_LOGO = ("Гатова", "Прапусціць", "Прапусціць")


@dataclass(frozen=True)
class Studio:
    street: Sandbox
    telegram: Telegram
    bank: Bank
    browser: Browser
    wanted: frozenset[str]

    def customer(self, person_id: int) -> Person:
        return self.telegram.person(person_id)

    def operator(self, person_id: int) -> Person:
        return self.telegram.operator(person_id)

    async def later(self, *, days: int = 0, months: int = 0) -> None:
        async with StreetTime(self.street.at.page) as time:
            await time.skip(days=days, months=months)

    async def keep(
        self,
        name: str,
        *,
        seen_by: int = ANNA,
        desk: int = OWNER,
        height: int = 900,
        group_only: bool = False,
    ) -> None:
        """Both panes, or the group's alone, as they stand, small enough for a page of the docs."""
        if self.wanted and name not in self.wanted:
            return
        context = await self.browser.new_context(
            viewport={"width": 1280, "height": height}, locale="ru-RU", reduced_motion="reduce"
        )
        page = await context.new_page()
        await page.goto(f"{self.street.at.page}/?as={seen_by}&desk={desk}")
        group = page.get_by_role("region", name=GROUP)
        await expect(group.locator(".message").last).to_be_visible()
        await page.wait_for_load_state("networkidle")
        await group.get_by_role("button").last.scroll_into_view_if_needed()
        shot = await (group.screenshot() if group_only else page.screenshot())
        await context.close()
        small = (
            Image.open(io.BytesIO(shot))
            .convert("RGB")
            .quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        )
        small.save(IMAGES / f"{name}.png", optimize=True)
        size = (IMAGES / f"{name}.png").stat().st_size
        assert size <= MOST_BYTES, f"{name}.png has {size} bytes"


async def a_payment(studio: Studio) -> None:
    anna = studio.customer(ANNA)
    await anna.says("/start")
    await anna.taps("Настройки")
    await anna.taps("Изменить почту")
    await anna.says("anna@example.org")
    await anna.sees("anna@example.org")
    await ask_for_link(anna)
    await studio.bank.pays(await studio.bank.newest())
    await anna.sees("✅ Оплачено: 990")
    await studio.operator(OWNER).sees("💰 Оплачено 990", within=A_MINUTE, since=0)
    await studio.keep("chat", height=760)


async def an_invoice(studio: Studio) -> None:
    anna, karim = studio.customer(ANNA), studio.operator(CASHIER)
    await anna.says("/pay")
    await anna.taps("Telegram")
    await anna.taps("1 месяц")
    await anna.taps("Счёт для организации")
    await anna.taps("Организация")
    for question, answer in PAYER.items():
        await anna.sees(question)
        await anna.says(answer)
    await anna.taps("Сохранить")
    await anna.taps("Выставить счёт")
    await anna.sees("Счёт INV-")
    purpose = str((await anna.taps("Скопировать назначение"))["copied"])
    async with Transfers(studio.street.at.transfers) as transfers:
        await transfers.pays("690", purpose, payer="ООО «Ромашка»", inn="7707083893")
        await transfers.pays("300", "Оплата за услуги связи", payer="ИП Петров", inn="500100732259")
        name, content = await transfers.statement("1c")
    await karim.sends_file(name, content, "text/plain")
    await karim.sees("ИП Петров", within=A_MINUTE)
    await anna.sees("✅ Оплачено: 690")
    await studio.keep("invoice", desk=CASHIER)


async def an_order(studio: Studio) -> None:
    ales, nina = studio.customer(ALES), studio.operator(OPERATOR)
    await ales.says("/start")
    await ales.taps("Заказаць паслугу")
    await ales.says("flora.example")
    await ales.sees("Што павінна быць")
    await ales.says("Каталог кветак і заказ букета")
    for button in AFTER_ABOUT:
        await ales.taps(button)
    await ales.sees("Лагатып і малюнкі")
    await ales.sends_album([(f"{n}.png", _flower(n)) for n in range(3)])
    for button in AFTER_LOGO:
        await ales.taps(button)
    await ales.sees("E-mail для рахунка")
    await ales.says("ales@example.org")
    await ales.sees("Тэлефон з кодам")
    await ales.says("+375 29 123-45-67")
    await ales.taps("Адправіць заяўку")
    await ales.sees("Заяўка адпраўлена")
    await nina.sees_album(3, within=A_MINUTE)
    await studio.keep("order", seen_by=ALES, desk=OPERATOR)


def _flower(number: int) -> bytes:
    """A picture of nothing in a colour of its own."""
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").point(
        [min(255, 90 + value // 2 + (number == channel) * 70) for channel in range(3) for value in range(256)]
    ).save(drawn, "PNG")
    return drawn.getvalue()


async def a_question(studio: Studio) -> None:
    """Answered in the thread of its card by whoever has taken it."""
    bob, nina = studio.customer(BOB), studio.operator(OPERATOR)
    await bob.says("/start")
    await bob.says("Can I move my number to another operator and keep WhatsApp?")
    await bob.taps("Send to an operator")
    card = await nina.sees("keep WhatsApp?", within=A_MINUTE)
    await nina.taps("Беру", message=card)
    card = await nina.sees("keep WhatsApp?", within=A_MINUTE)
    await nina.taps("Ответить", message=card)
    asked = await nina.sees("что передать клиенту?")
    await nina.says("Yes. Tell us the day, and it will not stop.", reply_to=asked["body"]["message_id"])
    await bob.sees("it will not stop")
    await bob.says("Wonderful. On the 1st of December, then.")
    await nina.sees("1st of December", within=A_MINUTE)
    await studio.keep("desk-talk", seen_by=BOB, desk=OPERATOR, group_only=True)


async def a_refund(studio: Studio) -> None:
    """Wished for by the customer, proposed by the cashier; it waits for the owner."""
    anna, karim, olga = studio.customer(ANNA), studio.operator(CASHIER), studio.operator(OWNER)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("12 месяцев")
    await anna.taps("Карта или СБП")
    await anna.sees_button("Оплатить 9")
    await studio.bank.pays(await studio.bank.newest())
    await anna.sees("✅ Оплачено: 9")
    await anna.says("/history")
    await anna.taps("9\N{NO-BREAK SPACE}900")
    await anna.taps("Запросить возврат")
    await anna.taps("Запросить возврат")
    await anna.says("Хватит и полугода")
    card = await karim.sees("Хватит и полугода", within=A_MINUTE)
    await karim.taps("Возврат", message=card)
    await karim.taps("Другая сумма")
    asked = await karim.sees("вернуть")
    await karim.says("5340", reply_to=asked["body"]["message_id"])
    await karim.taps("Сократить")
    await karim.taps("Вернуть 5")
    await olga.sees("ждёт второго человека: 5", within=A_MINUTE, since=0)
    await studio.keep("desk-refund", desk=OWNER, group_only=True)


async def what_is_found(studio: Studio) -> None:
    nina = studio.operator(OPERATOR)
    await nina.says("/find anna@example.org")
    await nina.taps("👤 Анна")
    await nina.sees_button("Контакты")
    await studio.keep("desk-find", desk=OPERATOR, group_only=True)


async def what_came(studio: Studio) -> None:
    karim = studio.operator(CASHIER)
    await karim.says("/todo")
    await karim.sees("Что ждёт")
    await karim.says("/day")
    await karim.sees_button("Закрыть день", within=A_MINUTE)
    await studio.keep("desk-day", desk=CASHIER, group_only=True)
    await karim.says("/month")
    await karim.sees_button("Таблица", within=A_MINUTE)
    await studio.keep("desk-month", desk=CASHIER, group_only=True)


async def a_month_of_autopay(studio: Studio) -> None:
    """The line has run out, so that a month paid today is charged again within the month that is skipped."""
    anna, olga = studio.customer(ANNA), studio.operator(OWNER)
    await anna.says("/pay")
    for button in (LINE, "1 месяц", "Карта или СБП", "☐ Запомнить карту", "☐ Автоплатёж"):
        await anna.taps(button)
    await anna.sees("Первое списание")
    await studio.bank.pays(await studio.bank.newest())
    await anna.sees("🔁 Автоплатёж подключён")
    await anna.says("/autopay")
    for button in ("Подключить: Telegram", "Подключить: 690"):
        await anna.taps(button)
    await anna.sees("Автоплатёж подключён")
    await studio.later(months=1)
    await anna.sees("✅ Оплачено: 450")
    await olga.says("/autopays")
    await olga.sees("📈 Автоплатежи", within=A_MINUTE)
    await studio.keep("autopay")


SCENES: dict[Callable[[Studio], Awaitable[None]], int] = {
    a_payment: 2,
    an_invoice: 2,
    an_order: 0,
    a_question: 0,
    a_refund: 1,
    what_is_found: 0,
    what_came: 0,
    a_month_of_autopay: 0,
}
"""With the days that pass after each."""


async def main(wanted: frozenset[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running_sandbox(Path(folder) / "street", settings={"YOOKASSA__RECURRING": "true"}) as street,
            Telegram(street.at.page) as telegram,
            Bank(street.at.bank) as bank,
            chromium() as browser,
        ):
            studio = Studio(street, telegram, bank, browser, wanted)
            for scene, days in SCENES.items():
                await scene(studio)
                if days:
                    await studio.later(days=days)


if __name__ == "__main__":
    asyncio.run(main(frozenset(sys.argv[1:])))
