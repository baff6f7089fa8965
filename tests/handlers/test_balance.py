"""The balance: the account card, its history, and money that is used or put in with a few taps."""

from __future__ import annotations

import pytest

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.handlers.sums import read_sum
from bot.services.house import House
from tests.gateways.fake import Day, FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Chat, Person
from tests.handlers.test_pay import NBSP, choose_whatsapp, needing, pay_now
from tests.handlers.test_summary import topped_up


async def ask_for_link(anna: Person, amount: str = "1 000,50") -> None:
    """Through a top-up to the screen with its link."""
    await anna.says("/balance")
    await anna.taps("Пополнить")
    await anna.says(amount)
    await anna.taps("Банковская карта")


async def test_the_card_tells_what_there_is_what_is_due_and_what_to_put_on_it(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Баланс и история")
    text = anna.screen.text
    for words in (f"Баланс: 0{NBSP}₽", "Списано в этом месяце", "Рекомендуем пополнить"):
        assert words in text
    for words in ("Пополнить", "Выписка", "Промокод", "История"):
        assert words in anna.screen.buttons
    assert "Хватит до" not in anna.screen.text, "it lasts no longer than today"
    await anna.taps("‹ Назад")
    assert "касса" in anna.screen.text


async def test_a_balance_tells_until_when_it_is_enough(anna: Person, house: House, card: FakeGateway) -> None:
    await topped_up(house, card, 3000)
    await anna.says("/balance")
    assert "Хватит до" in anna.screen.text


async def test_a_typed_sum_becomes_a_link_and_then_money_on_the_balance(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await ask_for_link(anna)
    assert f"Пополнение баланса: 1{NBSP}000,50{NBSP}₽" in anna.screen.text
    assert anna.url(f"Оплатить 1{NBSP}000,50{NBSP}₽").startswith("https://pay.example/pay/")
    await pay_now(house, card)
    await anna.taps("Проверить оплату")
    assert f"Ваш баланс: 1{NBSP}000,50{NBSP}₽" in anna.screen.text
    await anna.taps("Баланс и история")
    assert f"Баланс: 1{NBSP}000,50{NBSP}₽" in anna.screen.text
    await anna.taps("Выписка")
    assert f"+1{NBSP}000,50{NBSP}₽\nБанковская карта" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Баланс: " in anna.screen.text


async def test_sums_are_offered_and_the_last_one_again(anna: Person, house: House, card: FakeGateway) -> None:
    await anna.says("/balance")
    await anna.taps("Пополнить")
    assert f"от 10{NBSP}₽ до 100{NBSP}000{NBSP}₽" in anna.screen.text
    await anna.taps(f"500{NBSP}₽")
    await anna.taps("СБП")
    assert anna.url(f"Оплатить 500{NBSP}₽")
    await anna.says("/balance")
    await anna.taps("Пополнить")
    assert f"Как в прошлый раз: 500{NBSP}₽" not in anna.screen.buttons, "nothing was paid by that link"
    await topped_up(house, card, 777)
    await anna.says("/balance")
    await anna.taps("Пополнить")
    assert f"Как в прошлый раз: 777{NBSP}₽" in anna.screen.buttons


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "не меньше 10"),
        ("9,99", "не меньше 10"),
        ("1000000", "не больше 100"),
        ("-1", "Не похоже на сумму"),
        ("1e3", "Не похоже на сумму"),
        ("много", "Не похоже на сумму"),
        ("10 $", "Не похоже на сумму"),
    ],
)
async def test_a_sum_that_cannot_be_is_refused_kindly_with_the_limits(
    anna: Person, house: House, typed: str, why: str
) -> None:
    await anna.says("/balance")
    await anna.taps("Пополнить")
    await anna.says(typed)
    assert why in anna.screen.text
    assert f"от 10{NBSP}₽ до" in anna.screen.text, "the question stands there again"
    assert (await house.payments.history(ANNA)).total == 0


def test_sums_are_read_as_people_write_them() -> None:
    for text in ("1 000,50", "1000.50", "1 000,50 ₽", "1000,5 руб.", f"1{NBSP}000,50р"):
        assert read_sum(text, "RUB") == Money(100050, "RUB")
    assert read_sum("480 сом", "KGS") == Money(48000, "KGS")
    for text in ("", "1,000", "1.000,50", "+5", "5 сом", "١٢"):
        with pytest.raises(CustomerError):
            read_sum(text, "RUB")


async def test_back_goes_step_by_step_to_the_card(anna: Person) -> None:
    await ask_for_link(anna)
    for words in ("Как удобнее", "На какую сумму", "Баланс: "):
        await anna.taps("‹ Назад")
        assert words in anna.screen.text


async def test_a_receipt_needs_a_contact_here_as_well(anna: Person, card: FakeGateway) -> None:
    needing(card, needs_contact=True)
    await ask_for_link(anna)
    assert "Куда прислать чек" in anna.screen.text
    await anna.says("anna@example.org")
    assert "anna@example.org" in anna.screen.text
    assert anna.url(f"Оплатить 1{NBSP}000,50")


async def test_a_silent_provider_is_asked_again_with_one_tap(anna: Person, card: FakeGateway) -> None:
    card.day = Day.DOWN
    await ask_for_link(anna)
    assert "сейчас не отвечает" in anna.screen.text
    card.day = Day.GOOD
    await anna.taps("Попробовать ещё раз")
    assert anna.url(f"Оплатить 1{NBSP}000,50")


async def test_two_taps_at_once_make_one_top_up(anna: Person, house: House) -> None:
    await anna.says("/balance")
    await anna.taps("Пополнить")
    await anna.says("500")
    screen = anna.screen
    data = str((screen.button("Банковская карта") or {})["callback_data"])
    await anna.taps_data(data, on=screen)
    first = anna.url("Оплатить 500")
    await anna.taps_data(data, on=screen)
    assert anna.url("Оплатить 500") == first


async def test_stale_buttons_of_a_top_up_show_the_present_screen(anna: Person, chat: Chat) -> None:
    await anna.says("/balance")
    await anna.taps("Пополнить")
    for data in ("method:yookassa_card:RUB", "agree", "topup:again", "page:3"):
        await anna.taps_data(data)
        assert "На какую сумму" in anna.screen.text
    chat.restart()
    await anna.taps_data("nonsense")
    assert "На какую сумму" in anna.screen.text


async def test_what_was_overpaid_pays_an_order_with_one_tap(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    await topped_up(house, card, 1000)
    await anna.says("/balance")
    await anna.taps(f"990{NBSP}₽ с баланса: WhatsApp +7 999")
    assert "оплачено до" in anna.screen.text
    await anna.says("/balance")
    assert f"Баланс: 10{NBSP}₽" in anna.screen.text
    await anna.taps("Выписка")
    assert f"−990{NBSP}₽\nWhatsApp +7 999, до " in anna.screen.text


async def test_nobody_sees_or_uses_anothers_balance(
    anna: Person, bob: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    await topped_up(house, card, 1000)
    payer = (await house.balance.accounts(ANNA))[0].payer.id
    await bob.says("/start")
    for data in (f"account:{payer}:RUB:0", f"payin:{payer}:RUB", "settle:1:RUB:0"):
        await bob.taps_data(data)
        assert "Nothing of yours" in bob.screen.text
        assert "1,000" not in bob.screen.text


async def test_who_has_nothing_yet_is_told_so(bob: Person) -> None:
    await bob.says("/balance")
    assert "no balance yet" in bob.screen.text
    await bob.taps("History")
    assert "no payments yet" in bob.screen.text


async def test_money_of_a_cancelled_order_is_found_in_the_history_and_used(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await anna.taps("Отменить заказ")
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    await choose_whatsapp(anna)
    await anna.says("/history")
    await anna.taps("✅")
    assert "лежат на вашем балансе" in anna.screen.text
    await anna.taps("Баланс")
    await anna.taps(f"990{NBSP}₽ с баланса: WhatsApp +7 999")
    assert "оплачено до" in anna.screen.text


async def test_pages_of_a_statement_turn_and_stay_after_a_stale_tap(
    anna: Person, house: House, card: FakeGateway
) -> None:
    for roubles in range(100, 110):
        await topped_up(house, card, roubles)
    await anna.says("/balance")
    await anna.taps("Выписка")
    assert f"+109{NBSP}₽" in anna.screen.text and f"+100{NBSP}₽" not in anna.screen.text
    await anna.taps("›")
    assert f"+100{NBSP}₽" in anna.screen.text
    await anna.taps_data("nonsense")
    assert f"+100{NBSP}₽" in anna.screen.text


async def test_currencies_have_balances_of_their_own(anna: Person, house: House, card: FakeGateway) -> None:
    await topped_up(house, card, 120)
    await anna.says("/balance")
    assert f"Баланс: 120{NBSP}₽" in anna.screen.text
    await anna.taps("Другие балансы")
    assert [words for words in anna.screen.buttons if "Anna" in words] == [
        f"Anna · 120{NBSP}₽",
        f"Anna · 0{NBSP}Br",
        f"Anna · 0{NBSP}сом",
    ]
    await anna.taps("‹ Назад")
    assert f"Баланс: 120{NBSP}₽" in anna.screen.text
    await anna.taps("Другие балансы")
    await anna.taps(f"0{NBSP}Br")
    assert f"Баланс: 0{NBSP}Br" in anna.screen.text
    await anna.taps("Пополнить")
    await anna.says("5")
    assert "нет способа" in anna.screen.text, "nobody here takes Belarusian roubles"
    assert f"от 1{NBSP}Br" in anna.screen.text
