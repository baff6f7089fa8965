"""Cards and autopay in the summary of Top-up: the sum, the saved card, and the same sum every 30 days."""

from __future__ import annotations

import pytest

from bot.domain.autopays import AutopayState, Interval
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.keyboards.autopay_taps import TopUpWithAutopay
from bot.keyboards.card_ticks import OTHER_CARD, RememberCard, SwitchAutopay
from bot.services.house import House
from tests.gateways.card_bank import CardBank
from tests.handlers.autopay_rig import NBSP, autopays_of, connect_balance, consents, keep_card, top_up
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person
from tests.handlers.test_balance import ask_for_link
from tests.handlers.test_pay import needing

CARD = "•••• 7173"
REMEMBER, AUTOPAY = "Запомнить карту", "Автоплатёж"


@pytest.fixture
def card() -> CardBank:
    bank = CardBank("yookassa_card")
    needing(bank, currencies=("RUB",))
    return bank


async def newest(house: House) -> Payment:
    return (await house.payments.history(ANNA)).items[0]


async def test_remembered_once_the_card_is_one_tap_after_the_sum(
    anna: Person, house: House, card: CardBank
) -> None:
    await ask_for_link(anna, "500")
    await anna.taps(f"☐ {REMEMBER}")
    await house.settlement.take(card.saved((await newest(house)).reference, "token-1"))
    await anna.says("/balance")
    await anna.taps("Пополнить")
    await anna.taps(f"500{NBSP}₽")
    assert anna.screen.buttons[0] == CARD
    await anna.taps(CARD)
    assert f"Способ: {CARD}" in anna.screen.text
    assert card.links_asked[-1].page_token == "token-1"
    assert anna.url(f"Оплатить 500{NBSP}₽")
    await anna.taps("Другой картой")
    assert "Способ: Банковская карта" in anna.screen.text
    for words in ("Как удобнее", "На какую сумму", "Баланс: "):
        await anna.taps("‹ Назад")
        assert words in anna.screen.text


async def test_a_card_that_was_unlinked_meanwhile_is_told(anna: Person, house: House) -> None:
    card_id = await keep_card(house)
    await anna.says("/balance")
    await anna.taps("Пополнить")
    await anna.says("500")
    await house.saved_cards.unlink(ANNA, card_id)
    await anna.taps(CARD)
    assert "заплатить больше нельзя" in anna.screen.text
    assert CARD not in anna.screen.buttons
    await anna.taps("Банковская карта")
    assert anna.url("Оплатить 500")


async def test_the_switch_connects_that_sum_every_thirty_days(
    anna: Person, house: House, card: CardBank
) -> None:
    await ask_for_link(anna, "500")
    assert f"Автоплатёж, если отметите: 500{NBSP}₽ каждые 30 дней" in anna.screen.text
    await anna.taps(f"☐ {AUTOPAY}")
    [(kept, _update_id, _ended)] = await consents(house)
    assert kept in anna.screen.text
    await house.settlement.take(card.saved((await newest(house)).reference, "token-1"))
    [view] = await autopays_of(house)
    autopay = view.autopay
    assert (autopay.state, autopay.connector_id, autopay.interval) == (
        AutopayState.ACTIVE,
        None,
        Interval(days=30),
    )
    assert autopay.amount == Money(50_000, "RUB")


async def test_above_the_ceiling_there_is_only_the_reason(anna: Person) -> None:
    await ask_for_link(anna, "20000")
    assert f"☐ {REMEMBER}" in anna.screen.buttons
    assert AUTOPAY not in "".join(anna.screen.buttons)
    assert f"10{NBSP}000{NBSP}₽" in anna.screen.text


async def test_the_autopay_that_stands_is_told_on_each_summary(
    anna: Person, house: House, card: CardBank
) -> None:
    await keep_card(house)
    await top_up(house, card, 10)
    await connect_balance(anna)
    await ask_for_link(anna, "500")
    assert f"У вас подключён автоплатёж на 10{NBSP}₽. Следующий — " in anna.screen.text
    assert f"☐ {AUTOPAY}" not in anna.screen.buttons
    await anna.taps("Изменить")
    assert "Удалить автоплатёж" in anna.screen.buttons


@pytest.mark.parametrize(
    "data", [RememberCard(keep=True).pack(), SwitchAutopay(terms="0", on=True).pack(), OTHER_CARD]
)
async def test_stale_buttons_show_the_present_screen(anna: Person, data: str) -> None:
    await anna.says("/balance")
    await anna.taps("Пополнить")
    await anna.taps_data(data)
    assert "На какую сумму" in anna.screen.text
    assert "устарела" in anna.toast


async def test_who_comes_to_connect_tops_up_and_ticks_himself(anna: Person, house: House) -> None:
    payer = await house.books.database.read(lambda tx: tx.customers.person(ANNA))
    await anna.says("/start")
    await anna.taps_data(TopUpWithAutopay(payer=payer, currency="RUB", minor=50_000).pack())
    assert "отметьте «Автоплатёж»" in anna.screen.text
    assert anna.url(f"Оплатить 500{NBSP}₽")
    assert f"☐ {AUTOPAY}" in anna.screen.buttons, "the only method that keeps a card is taken unasked"
    assert await consents(house) == []
