"""A customer pays by Robokassa in the browser: its page, the way back, the good news, and clean books."""

from playwright.async_api import Browser, Page

from sandbox.driver import Person
from sandbox.runner import Sandbox
from tests.browser import PHONE
from tests.e2e.customers import clean_books

METHOD = "Карта или СБП (Robokassa)"


async def test_refused_card_is_told_and_another_one_pays(
    street: Sandbox, browser: Browser, anna: Person
) -> None:
    link = await link_to_pay(anna)
    page = await (await browser.new_context(viewport=PHONE, locale="ru-RU")).new_page()
    await page.goto(link)
    await pay(page, "Не хватает денег")
    await page.wait_for_url(f"{street.at.page}/**")
    await page.goto(link)
    await pay(page, "СБП")
    await page.wait_for_url(f"{street.at.bot}/return/*")
    await anna.sees("Оплачено: 990")
    await clean_books(street)


async def link_to_pay(person: Person) -> str:
    """Through Pay to the address behind the button."""
    await person.says("/pay")
    await person.taps("WhatsApp")
    await person.taps("1 месяц")
    await person.taps(METHOD)
    return str((await person.taps("Оплатить 990"))["url"])


async def pay(page: Page, choice: str) -> None:
    await page.get_by_role("radio", name=choice).first.check()
    await page.get_by_role("button", name="Заплатить 990,00 ₽").click()
