"""The same payment elsewhere: another database, another way of updates, an ill Telegram, strangers."""

from pathlib import Path

import aiohttp

from sandbox.driver import Person, Telegram
from sandbox.ports import free_ports
from sandbox.runner import Sandbox, running_sandbox
from sandbox.yookassa.driver import Bank
from tests.e2e.conftest import BOB
from tests.e2e.customers import ask_for_link, clean_books


async def test_postgresql_and_webhook_serve_alike(tmp_path: Path, postgres_url: str) -> None:
    ports = free_ports()
    settings = {
        "DATABASE_URL": postgres_url,
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{ports.bot}/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "a_secret_of_the_sandbox",
    }
    async with (
        running_sandbox(tmp_path / "street", ports=ports, settings=settings) as street,
        Telegram(street.at.page) as telegram,
        Bank(street.at.bank) as bank,
    ):
        bob = telegram.person(BOB)
        await bob.says("/pay")
        await bob.taps("1 month")
        await bob.taps("Card or SBP")
        await bob.sees("Where shall the receipt go?")
        await bob.says("bob@example.org")
        await bob.sees_button("Check payment")
        await bank.pays(await bank.newest())
        await bob.sees("✅ Paid: 990")
        await clean_books(street)
        assert await street.bot.stop() == 0


async def test_flood_of_429_delays_the_notice_and_loses_nothing(
    street: Sandbox, telegram: Telegram, bank: Bank, anna: Person, owner: Person
) -> None:
    await ask_for_link(anna)
    await telegram.faults(flood="retry after 1 s")
    await bank.pays(await bank.newest())
    await bank.is_heard()
    await telegram.faults(flood="no")
    await anna.sees("✅ Оплачено", within=20)
    await owner.sees("990", within=20, since=0)
    await clean_books(street)


async def test_foreign_sale_of_the_shop_is_acknowledged_and_not_booked(street: Sandbox, bank: Bank) -> None:
    async with aiohttp.ClientSession(street.at.bank) as browser, browser.post("/cabinet/sell") as answer:
        assert answer.status == 200
    await bank.is_heard()
    assert "0 transfers" in await clean_books(street)


async def test_expired_link_makes_a_new_one_at_the_same_price(
    street: Sandbox, bank: Bank, anna: Person
) -> None:
    await ask_for_link(anna)
    link = (await anna.taps("Оплатить 990"))["url"]
    dead = await bank.newest()
    await bank.expires(dead)
    await bank.is_heard()
    async with aiohttp.ClientSession() as browser:
        async with browser.get(link) as page:
            assert page.status == 200
            assert "990" in await page.text()
        async with browser.post(link, allow_redirects=False) as renewed:
            assert renewed.status in (302, 303)
            assert renewed.headers["Location"].endswith((await bank.newest())["id"])
    assert (await bank.newest())["id"] != dead["id"]
    await bank.pays(await bank.newest())
    await anna.sees("✅ Оплачено")
    assert "2 transfers" in await clean_books(street)
