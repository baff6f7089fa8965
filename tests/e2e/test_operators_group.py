"""The operators' group and its customers, with the real bot between them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.driver import Person, Telegram
from sandbox.runner import Sandbox
from sandbox.street import SHOP_ID, SHOP_KEY
from sandbox.yookassa.driver import Bank
from tests.e2e.customers import ask_for_link, clean_books

CASHIER, GUEST = 2002, 2003


@pytest.fixture
def karim(telegram: Telegram) -> Person:
    return telegram.person(CASHIER, chat="group")


@pytest.fixture
def guest(telegram: Telegram) -> Person:
    return telegram.person(GUEST, chat="group")


@pytest.fixture
async def shop(street: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    """Whoever else holds the keys of our shop: another bot, or this one before its books were restored."""
    keys = {"Authorization": aiohttp.encode_basic_auth(SHOP_ID, SHOP_KEY)}
    async with aiohttp.ClientSession(street.at.bank, headers=keys) as shop:
        yield shop


async def test_a_question_is_answered_in_the_customers_chat(
    anna: Person, owner: Person, karim: Person
) -> None:
    await anna.says("Где моя линия?")
    await anna.taps("Отправить оператору")
    card = await karim.sees("│ Где моя линия?")
    await karim.taps("Ответить", message=card)
    prompt = await karim.sees("Карим, что передать клиенту?")
    await owner.says("Отвечу я", reply_to=prompt["body"]["message_id"])
    await owner.sees("задан другому")
    await karim.says("Она <b>включена</b>.", reply_to=prompt["body"]["message_id"])
    await anna.sees("Она <b>включена</b>.")
    closed = await owner.sees("Карим: ответ отправлен")
    assert "reply_markup" not in closed["body"]
    await anna.says("Спасибо, вижу")
    await anna.sees("Передали оператору. Ответим до")
    await karim.sees("│ Спасибо, вижу")


async def test_lost_money_finds_its_owner_by_a_complaint(
    street: Sandbox, bank: Bank, shop: aiohttp.ClientSession, anna: Person, karim: Person, guest: Person
) -> None:
    await ask_for_link(anna)
    await sell_with_a_lost_mark(shop)
    await bank.pays(await bank.newest())
    money = await karim.sees("Чьи это деньги?")
    assert money["body"]["reply_markup"]["inline_keyboard"]
    await anna.says("/support")
    await anna.taps("Оплатил(а), но ничего не изменилось")
    await anna.taps("990")
    await anna.taps("Всё равно не так")
    await anna.taps("20")
    await anna.taps("990")
    await anna.taps("Пропустить")
    await anna.taps("Пропустить")
    card = await karim.sees("«Оплатил(а), но ничего не изменилось»")
    assert "операторов" in str(await guest.taps("Это он", message=card))
    await karim.taps("Это он", message=card)
    await karim.taps("Да, 990")
    await anna.sees("✅ Оплачено: 990")
    await karim.sees("Карим: деньги отданы платежу", since=0)
    assert "3 transfers" in await clean_books(street)


async def test_payments_stop_and_go_on_again(anna: Person, karim: Person, guest: Person) -> None:
    await guest.says("/close")
    await guest.sees(f"id {GUEST}")
    await karim.says("/close")
    await karim.taps("Да, остановить")
    await anna.says("/start")
    await anna.sees("⏸ Приём оплаты")
    await karim.says("/open")
    await karim.taps("Да, снова")
    await ask_for_link(anna)


async def test_a_line_is_found_and_attached(telegram: Telegram, owner: Person, guest: Person) -> None:
    vera = await telegram.add_customer("Вера <i>")
    await vera.says("/start")
    await vera.taps("Оплатить")
    await vera.taps("Найти мой коннектор")
    await vera.says("+7 495 000-00-04")
    await vera.taps("оператор")
    card = await owner.sees("Клиент ищет свой коннектор")
    await owner.taps("Привязать", message=card)
    prompt = (await owner.sees("какой это коннектор?"))["body"]["message_id"]
    await owner.says("000-00-04", reply_to=prompt)
    await owner.taps("line-7102")
    await vera.sees("+7 495 000-00-04 теперь ваш коннектор")
    closed = await guest.sees("Ольга: привязан коннектор line-7102", since=0)
    assert "Вера <i>" in closed["body"]["text"]


async def test_hidden_administrators_are_asked_to_show_themselves(owner: Person) -> None:
    await owner.says("/close", anonymous=True)
    await owner.sees("отключите «Анонимность»")
    await owner.says("/cards")
    await owner.sees("Открытых карточек нет")


async def sell_with_a_lost_mark(shop: aiohttp.ClientSession) -> None:
    body = {
        "amount": {"value": "990.00", "currency": "RUB"},
        "capture": True,
        "description": "WhatsApp",
        "confirmation": {"type": "redirect", "return_url": "https://example.com"},
        "receipt": {
            "customer": {"email": "anna@example.org"},
            "items": [
                {
                    "description": "WhatsApp",
                    "quantity": "1",
                    "amount": {"value": "990.00", "currency": "RUB"},
                    "vat_code": 1,
                    "measure": "piece",
                    "payment_subject": "service",
                    "payment_mode": "full_payment",
                }
            ],
        },
        "metadata": {"kassir": "a-reference-nobody-has"},
    }
    async with shop.post("/v3/payments", json=body, headers={"Idempotence-Key": "lost"}) as answer:
        assert answer.status == 200, await answer.text()
