"""History, and «Оплатил(а), но ничего не изменилось»."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.states import Purpose
from bot.handlers.complaint import read_amount, read_day
from bot.services.accounts import open_accounts
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import operator_cards
from bot.storage.tx import Tx
from tests.gateways.fake import Day, FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person
from tests.handlers.test_pay import choose_whatsapp, pay_now


async def cards(database: Database) -> list[Any]:
    return await database.read(lambda tx: list(tx.connection.execute(select(operator_cards)).all()))


async def test_history_tells_card_and_transaction(anna: Person, house: House, card: FakeGateway) -> None:
    await choose_whatsapp(anna)
    await pay_now(house, card)
    await anna.taps("Меню")
    await anna.taps("Баланс и история")
    await anna.taps("История")
    assert "990\N{NO-BREAK SPACE}₽ · WhatsApp +7 999" in anna.screen.buttons[0]
    await anna.taps("✅")
    assert "Карта:" in anna.screen.text
    assert "Транзакция:" in anna.screen.text
    assert "Оплатил(а), но ничего не изменилось" in anna.screen.buttons
    await anna.taps("‹ Назад")
    assert "Ваши платежи" in anna.screen.text


async def test_empty_history_says_so(anna: Person) -> None:
    await anna.says("/history")
    assert "Платежей пока нет" in anna.screen.text


async def test_nobody_opens_anothers_payment(anna: Person, bob: Person, house: House) -> None:
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await bob.says("/history")
    for data in (f"payment:{payment.id}", f"check:{payment.id}", f"paidbut:{payment.id}:0", "cancel:1"):
        await bob.taps_data(data)
        assert "990" not in bob.screen.text
        assert "Nothing of yours" in bob.screen.text


async def test_complaint_is_answered_at_once_and_goes_to_people_only_then(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Оплатил(а), но ничего не изменилось")
    assert "ещё не пришли" in anna.screen.text
    assert await cards(sqlite_database) == []
    await anna.taps("Всё равно не так")
    await anna.taps(anna.screen.buttons[0])
    await anna.taps("990")
    await anna.says("4444")
    await anna.sends_photo()
    payload = (await cards(sqlite_database))[0].payload
    assert payload["last4"] == "4444"
    assert payload["photo"] == "photo-1"
    assert payload["amount"] == {"minor": 99000, "currency": "RUB"}
    assert "Передано оператору" in anna.screen.text


async def test_complaint_takes_typed_answers_and_asks_again_for_nonsense(
    anna: Person, sqlite_database: Database
) -> None:
    await anna.says("/support")
    await anna.taps("Оплатил(а), но ничего не изменилось")
    await anna.says("вчера вечером")
    assert "Не похоже на день" in anna.screen.text
    day = now() - timedelta(days=3)
    await anna.says(f"{day:%d.%m.%Y}")
    await anna.says("много")
    assert "Не похоже на сумму" in anna.screen.text
    await anna.says("1 290,50 ₽")
    await anna.says("12345")
    assert "только последние четыре" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Какая была сумма" in anna.screen.text
    await anna.says("1290,50")
    await anna.taps("Пропустить")
    await anna.taps("Пропустить")
    assert (await cards(sqlite_database))[0].payload["amount"] == {"minor": 129050, "currency": "RUB"}


async def test_a_silent_provider_is_said_and_people_can_still_be_asked(
    anna: Person, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    card.day = Day.DOWN
    await anna.taps("Проверить оплату")
    assert "сейчас не отвечает" in anna.screen.text
    await anna.taps("Оплатил(а), но ничего не изменилось")
    assert "сейчас не отвечает" in anna.screen.text
    assert "Всё равно не так" in anna.screen.buttons


def test_days_and_sums_are_read_as_people_write_them() -> None:
    today = now().date()
    assert read_day(f"{today:%d.%m}", today) == today
    assert read_day("31.02.2026", today) is None
    assert read_day("1.1.1999", today) is None
    assert read_amount("1 290,50 ₽") == Money(129050, "RUB")
    assert read_amount("abc") is None


async def top_up(database: Database) -> Payment:
    """A payment for the balance, begun by card."""

    def begin(tx: Tx) -> Payment:
        payer, reference = tx.customers.person(ANNA), new_reference()
        open_accounts(tx, payer, "yookassa_card", "RUB")
        id_ = tx.payments.add(
            reference=reference,
            customer_id=ANNA,
            payer_id=payer,
            order_id=None,
            purpose=Purpose.TOP_UP,
            method="yookassa_card",
            provider="yookassa_card",
            amount=Money(50000, "RUB"),
            link_reference=reference,
            link_fingerprint=reference,
            next_ask_at=now(),
        )
        tx.payments.linked(id_, form={}, url="https://bank.example/1", provider_payment="", expires_at=None)
        payment = tx.payments.get(id_)
        assert payment is not None
        return payment

    return await database.write(begin)


async def test_a_top_up_stands_in_the_history_like_any_payment(
    anna: Person, house: House, card: FakeGateway, sqlite_database: Database
) -> None:
    payment = await top_up(sqlite_database)
    await anna.says("/history")
    assert anna.screen.buttons[0].endswith("· пополнение")
    await anna.taps("500")
    assert "Пополнение: 500" in anna.screen.text
    assert "Оплатил(а), но ничего не изменилось" in anna.screen.buttons
    assert "Отменить заказ" not in anna.screen.buttons
    await house.callbacks.receive(card.name, card.pay(payment.reference, payment.amount))
    await anna.taps("Проверить оплату")
    assert "Ваш баланс: 500" in anna.screen.text
    assert "включено" not in anna.screen.text, "nothing was bought with it yet"
