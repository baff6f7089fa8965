"""The summary before paying: the balance as a tick, the promo code, and what is left to pay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.money import Money
from bot.domain.promos import Promo
from bot.services.house import House
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person
from tests.handlers.test_pay import NBSP, choose_whatsapp

PROMOS = (
    Promo("TEN", percent=10),
    Promo("FREE", percent=100),
    Promo("LINES", percent=50, tariffs=("line",)),
    Promo("HUNDRED", sums=(Money(10000, "RUB"),)),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    return replace(catalogue, promos={promo.code: promo for promo in PROMOS})


async def topped_up(house: House, card: FakeGateway, roubles: int) -> None:
    """Money of Anna's that waits on her balance."""
    payer = await house.books.database.read(lambda tx: tx.customers.person(ANNA))
    await house.payments.start_top_up(ANNA, payer, card.name, Money(roubles * 100, "RUB"))
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference))


async def balance(house: House) -> Money:
    def look(tx: Tx) -> Money:
        return tx.ledger.balance(tx.customers.person(ANNA), "RUB")

    return await house.books.database.read(look)


async def test_summary_tells_the_price_how_long_it_lasts_and_the_methods_terms(anna: Person) -> None:
    await choose_whatsapp(anna)
    text = anna.screen.text
    for words in (f"К оплате: 990{NBSP}₽", "Мир, Visa, Mastercard", "без комиссии", "сразу", "1 месяц, до "):
        assert words in text
    assert "баланс" not in "".join(anna.screen.buttons), "there is none to use"


async def test_a_ticked_balance_makes_the_link_smaller_and_back(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await topped_up(house, card, 120)
    await choose_whatsapp(anna)
    first = anna.url(f"Оплатить 990{NBSP}₽")
    await anna.taps(f"☐ Использовать баланс: 120{NBSP}₽")
    assert f"С баланса: −120{NBSP}₽" in anna.screen.text
    assert anna.url(f"Оплатить 870{NBSP}₽") != first
    await anna.taps("☑ Использовать баланс")
    assert anna.url(f"Оплатить 990{NBSP}₽")
    await anna.taps("☐ Использовать баланс")
    payment = next(each for each in (await house.payments.history(ANNA)).items if each.amount.minor == 87000)
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    await anna.taps("Проверить оплату")
    assert "зачислены" in anna.screen.text


async def test_what_the_balance_covers_is_paid_with_one_tap_and_no_link(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await topped_up(house, card, 1000)
    await choose_whatsapp(anna)
    await anna.taps("☐ Использовать баланс")
    assert not any("url" in button for row in anna.screen.rows for button in row)
    screen = anna.screen
    data = str((screen.button("Оплатить с баланса") or {})["callback_data"])
    await anna.taps_data(data)
    assert "Готово" in anna.screen.text
    assert "оплачено до" in anna.screen.text
    assert await balance(house) == Money(1000, "RUB")
    await anna.taps_data(data, on=screen)
    assert await balance(house) == Money(1000, "RUB"), "a second tap pays nothing"


async def test_a_promo_code_is_typed_shown_and_taken_off(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says(" ten ")
    assert f"Цена: 990{NBSP}₽" in anna.screen.text
    assert f"Промокод TEN: −99{NBSP}₽" in anna.screen.text
    assert anna.url(f"Оплатить 891{NBSP}₽")
    await anna.taps("Убрать промокод TEN")
    assert "Промокод TEN" not in anna.screen.text
    assert anna.url(f"Оплатить 990{NBSP}₽")


@pytest.mark.parametrize(("typed", "why"), [("nothing", "Такого промокода нет"), ("LINES", "не действует")])
async def test_a_code_that_does_not_count_is_refused_kindly_and_changes_nothing(
    anna: Person, typed: str, why: str
) -> None:
    await choose_whatsapp(anna)
    before = anna.url("Оплатить 990")
    await anna.taps("Промокод")
    await anna.says(typed)
    assert why in anna.screen.text
    assert anna.url("Оплатить 990") == before


async def test_back_from_the_promo_code_leads_to_the_summary(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.taps("‹ Назад")
    assert anna.url("Оплатить 990")


async def test_a_code_stays_when_another_period_is_chosen(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says("HUNDRED")
    await anna.taps("‹ Назад")
    await anna.taps("‹ Назад")
    await anna.taps("3 месяца")
    await anna.taps("Банковская карта")
    assert anna.url(f"Оплатить 2{NBSP}720{NBSP}₽")


async def test_a_code_that_takes_everything_off_needs_no_payment(anna: Person, house: House) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says("FREE")
    assert "Проверить оплату" not in anna.screen.buttons
    await anna.taps("Получить бесплатно")
    assert "оплачено до" in anna.screen.text
    await anna.says("/start")
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says("FREE")
    assert "уже использовали" in anna.screen.text


async def test_stale_ticks_and_codes_show_the_present_screen(anna: Person) -> None:
    await anna.says("/pay")
    for data in ("balance:1:1", "promo", "promo:none"):
        await anna.taps_data(data)
        assert "Что оплачиваем" in anna.screen.text
        assert "устарела" in anna.toast


async def test_the_rest_of_an_order_keeps_its_price(anna: Person, house: House, card: FakeGateway) -> None:
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference, Money(90000, "RUB")))
    await anna.taps("Проверить оплату")
    await anna.taps("Доплатить")
    await anna.taps("Банковская карта")
    assert anna.url(f"Оплатить 90{NBSP}₽")
    assert "Промокод" not in anna.screen.buttons, "a new order would leave the money behind"


async def test_a_friends_link_saves_its_code_for_the_next_order(anna: Person) -> None:
    await anna.says("/start p_TEN")
    assert "Промокод TEN" in anna.screen.text and "скидка 10 %" in anna.screen.text
    await choose_whatsapp(anna)
    assert anna.url(f"Оплатить 891{NBSP}₽")
    await anna.taps("Убрать промокод TEN")
    assert anna.url(f"Оплатить 990{NBSP}₽")


async def test_a_link_with_a_code_nobody_knows_says_so_above_the_menu(anna: Person) -> None:
    await anna.says("/start p_NOTHING")
    assert "Такого промокода нет" in anna.screen.text
    assert "касса" in anna.screen.text


async def test_a_code_is_typed_beside_the_balance(anna: Person) -> None:
    await anna.says("/balance")
    await anna.taps("Промокод")
    await anna.says("неверный")
    assert "Такого промокода нет" in anna.screen.text
    await anna.says("hundred")
    assert f"скидка 100{NBSP}₽" in anna.screen.text
    assert "Пополнить" in anna.screen.buttons
    await anna.taps("Промокод")
    assert "HUNDRED ждёт" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Баланс: " in anna.screen.text
