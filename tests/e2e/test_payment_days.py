"""Good days and bad ones of a payment, told by what people see in the chat and what the books say."""

import asyncio

from sandbox.driver import Person
from sandbox.runner import Sandbox
from sandbox.yookassa.driver import Bank
from tests.e2e.customers import ask_for_link, clean_books


async def test_english_customer_pays_and_checks(street: Sandbox, bob: Person, bank: Bank) -> None:
    await bob.says("/start")
    await bob.taps("Pay")
    await bob.taps("1 month")
    await bob.taps("Card or SBP")
    await bob.sees("Where shall the receipt go?")
    await bob.says("+7 999 765-43-21")
    await bob.taps("Check payment")
    await bob.sees("has not arrived yet")
    await bank.pays(await bank.newest())
    await bob.sees("Paid: 990")
    await clean_books(street)


async def test_refused_card_is_explained_and_the_next_one_pays(
    street: Sandbox, anna: Person, bank: Bank
) -> None:
    await ask_for_link(anna)
    await bank.pays(await bank.newest(), card="insufficient_funds")
    await anna.sees("не прошёл")
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("✅ Оплачено")
    assert [payment["status"] for payment in await bank.payments()] == ["succeeded", "canceled"]
    await clean_books(street)


async def test_money_is_found_by_a_tap_when_no_notification_comes(
    street: Sandbox, anna: Person, bank: Bank
) -> None:
    await bank.faults(notifications="off")
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.taps("Проверить оплату")
    await anna.sees("✅")
    await clean_books(street)


async def test_doubled_notifications_book_once(
    street: Sandbox, anna: Person, owner: Person, bank: Bank
) -> None:
    await bank.faults(notifications="duplicate")
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("✅ Оплачено")
    async with asyncio.timeout(30):
        while len((await bank.notifications())[0]["answers"]) < 3:
            await asyncio.sleep(0.05)
    screen = await anna.screen()
    told = [message for message in screen["messages"] if "✅ Оплачено" in message["body"].get("text", "")]
    assert len(told) == 1
    await clean_books(street)


async def test_lost_answer_of_the_bank_is_told_and_the_next_try_pays(
    street: Sandbox, anna: Person, bank: Bank
) -> None:
    await bank.faults(api="acted, answer lost")
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Карта или СБП")
    await anna.sees("сейчас не отвечает")
    await bank.faults(api="ok")
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("✅ Оплачено")
    await clean_books(street)


async def test_forgotten_link_is_paid_as_well_and_nothing_is_lost(
    street: Sandbox, anna: Person, bank: Bank
) -> None:
    """Two links for one connector, both paid: the second rests on the balance."""
    await ask_for_link(anna)
    first = await bank.newest()
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("✅ Оплачено")
    await bank.pays(first)
    await anna.sees("баланс")
    assert "3 transfers" in await clean_books(street)


async def test_refund_in_the_cabinet_is_booked_and_told(
    street: Sandbox, anna: Person, owner: Person, bank: Bank
) -> None:
    await ask_for_link(anna)
    payment = await bank.newest()
    await bank.pays(payment)
    await anna.sees("✅ Оплачено")
    await bank.refunds(payment)
    await anna.sees("Ваш банк отозвал")
    await clean_books(street)


async def test_bot_stops_politely(street: Sandbox, anna: Person) -> None:
    await anna.says("/start")
    assert await street.bot.stop() == 0
