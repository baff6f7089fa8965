"""Cards and autopay in the summaries of Pay: kept when ticked, offered first, agreed to by a tap."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.autopays import AutopayState, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.money import Limits, Money
from bot.domain.payments import Payment
from bot.domain.promos import Promo
from bot.keyboards.autopay_taps import PayWithAutopay
from bot.keyboards.buttons import handle
from bot.keyboards.card_ticks import OTHER_CARD, RememberCard, SwitchAutopay
from bot.keyboards.methods import PickCard
from bot.services.house import House
from bot.storage.tables import outbox
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank
from tests.gateways.fake import Day
from tests.handlers.autopay_rig import NBSP, autopays_of, connect_whatsapp, consents, keep_card
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Chat, Person
from tests.handlers.test_pay import choose_whatsapp, needing

CARD = "•••• 7173"
REMEMBER, AUTOPAY = "Запомнить карту", "Автоплатёж"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    return replace(catalogue, promos={"TEN": Promo("TEN", percent=10), "FREE": Promo("FREE", percent=100)})


@pytest.fixture
def card() -> CardBank:
    bank = CardBank("yookassa_card")
    needing(bank, currencies=("RUB",))
    return bank


async def newest(house: House) -> Payment:
    return (await house.payments.history(ANNA)).items[0]


async def pay_and_save(house: House, card: CardBank) -> None:
    """She pays on the newest page, and the provider says that it kept the card."""
    await house.settlement.take(card.saved((await newest(house)).reference, "token-1"))


async def told(house: House, kind: str) -> list[dict[str, object]]:
    query = select(outbox.c.payload).where(outbox.c.kind == kind, outbox.c.address == ANNA)
    return await house.books.database.read(lambda tx: list(tx.connection.scalars(query)))


async def choose_with_card(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps(CARD)


async def waiting(house: House) -> list[int]:
    def look(tx: Tx) -> list[int]:
        payment = tx.payment_history.page(ANNA, limit=1, offset=0)[0]
        found = tx.autopays.begun_by(payment.id)
        return [found.id] if found else []

    return await house.books.database.read(look)


async def test_nothing_is_ticked_unasked(anna: Person, house: House, card: CardBank) -> None:
    await choose_whatsapp(anna)
    assert f"☐ {REMEMBER}" in anna.screen.buttons
    assert f"☐ {AUTOPAY}" in anna.screen.buttons
    payment = await newest(house)
    assert (payment.saves_card, payment.remembers) == (False, False)
    assert not card.links_asked[-1].saves_card
    assert anna.taps_made + 1 <= 7, "the first payment takes no more taps than before"


async def test_a_ticked_card_gets_a_page_that_saves_it_and_back(
    anna: Person, house: House, card: CardBank
) -> None:
    await choose_whatsapp(anna)
    first = anna.url("Оплатить 990")
    await anna.taps(f"☐ {REMEMBER}")
    assert f"☑ {REMEMBER}" in anna.screen.buttons
    assert anna.url("Оплатить 990") != first
    assert card.links_asked[-1].saves_card
    assert "Не передавайте ссылку другим" in anna.screen.text, "whose card it is, the page does not ask"
    await anna.taps(f"☑ {REMEMBER}")
    assert f"☐ {REMEMBER}" in anna.screen.buttons
    assert "Не передавайте" not in anna.screen.text
    assert not (await newest(house)).saves_card


async def test_a_method_that_keeps_no_card_offers_neither(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("СБП")
    for words in (REMEMBER, AUTOPAY, "Другой картой"):
        assert words not in "".join(anna.screen.buttons)
    assert "Автоплатёж" not in anna.screen.text


async def test_a_tick_goes_with_its_method(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"☐ {REMEMBER}")
    await anna.taps(f"☐ {AUTOPAY}")
    await anna.taps("‹ Назад")
    await anna.taps("Банковская карта")
    assert f"☐ {REMEMBER}" in anna.screen.buttons
    assert f"☐ {AUTOPAY}" in anna.screen.buttons


async def test_promo_and_balance_stay_when_the_card_is_ticked(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says("TEN")
    await anna.taps(f"☐ {REMEMBER}")
    assert "Промокод TEN" in anna.screen.text
    assert anna.url(f"Оплатить 891{NBSP}₽")
    await anna.taps("Убрать промокод TEN")
    assert f"☑ {REMEMBER}" in anna.screen.buttons


async def test_success_says_that_the_card_is_saved_and_offers_autopay(
    anna: Person, house: House, card: CardBank
) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"☐ {REMEMBER}")
    await pay_and_save(house, card)
    [facts] = await told(house, "paid")
    assert (facts["card_saved"], facts["autopay_offered"]) == (True, True)


async def test_a_card_that_was_not_ticked_is_neither_saved_nor_offered(
    anna: Person, house: House, card: CardBank
) -> None:
    await choose_whatsapp(anna)
    await pay_and_save(house, card)
    [facts] = await told(house, "paid")
    assert (facts["card_saved"], facts["autopay_offered"]) == (False, False)
    assert await house.saved_cards.all(ANNA) == []


async def test_the_saved_card_is_the_first_method_and_another_is_beside_it(
    anna: Person, house: House, card: CardBank
) -> None:
    card_id = await keep_card(house)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    assert anna.screen.buttons[0] == CARD
    assert f"• {CARD} — ваша сохранённая карта" in anna.screen.text
    await anna.taps(CARD)
    assert f"Способ: {CARD}" in anna.screen.text
    assert REMEMBER not in "".join(anna.screen.buttons), "it is saved already"
    assert (await newest(house)).card_id == card_id
    with_card = anna.url("Оплатить 990")
    await anna.taps("Другой картой")
    assert "Способ: Банковская карта" in anna.screen.text
    assert anna.url("Оплатить 990") != with_card
    assert (await newest(house)).card_id is None
    assert f"☐ {REMEMBER}" in anna.screen.buttons


async def test_back_leads_from_the_saved_card_to_the_methods(anna: Person, house: House) -> None:
    await keep_card(house)
    await choose_with_card(anna)
    for words in ("Как удобнее", "На какой срок", "Что оплачиваем", "касса"):
        await anna.taps("‹ Назад")
        assert words in anna.screen.text


async def test_a_returning_customer_pays_with_the_saved_card_in_two_taps(
    anna: Person, house: House, card: CardBank
) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"☐ {REMEMBER}")
    await pay_and_save(house, card)
    await anna.says("/start")
    anna.taps_made = 0
    await anna.taps("Ещё раз: WhatsApp")
    assert f"Способ: {CARD}" in anna.screen.text
    assert "вводить не нужно: только CVC" in anna.screen.text
    assert card.links_asked[-1].page_token == "token-1"
    await anna.taps(f"Оплатить 990{NBSP}₽")
    assert anna.taps_made == 2


async def test_a_card_that_was_unlinked_meanwhile_is_told_and_the_other_ways_shown(
    anna: Person, house: House
) -> None:
    card_id = await keep_card(house)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await house.saved_cards.unlink(ANNA, card_id)
    await anna.taps(CARD)
    assert "заплатить больше нельзя" in anna.screen.text
    assert "Как удобнее" in anna.screen.text
    assert CARD not in anna.screen.buttons
    await anna.taps("Банковская карта")
    assert anna.url("Оплатить 990")
    await anna.taps("‹ Назад")
    assert "Как удобнее" in anna.screen.text


async def test_a_card_that_its_provider_lost_is_told_and_the_other_ways_shown(
    anna: Person, house: House, card: CardBank
) -> None:
    await keep_card(house)
    card.day = Day.REFUSES
    await choose_with_card(anna)
    assert "заплатить больше нельзя" in anna.screen.text
    assert CARD not in anna.screen.buttons
    card.day = Day.GOOD
    await anna.taps("Банковская карта")
    assert anna.url("Оплатить 990")


async def test_the_only_method_and_its_only_card_are_not_asked_for(
    anna: Person, house: House, card: CardBank, chat: Chat
) -> None:
    house.payments._methods._by_name.pop("yookassa_sbp")
    await keep_card(house)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    assert f"Способ: {CARD}" in anna.screen.text
    await anna.taps("Другой картой")
    assert "Способ: Банковская карта" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "На какой срок" in anna.screen.text


async def test_the_switch_tells_what_it_would_be_then_the_whole_consent(anna: Person, house: House) -> None:
    await choose_whatsapp(anna)
    assert f"Автоплатёж, если отметите: 990{NBSP}₽ каждый месяц, начиная с " in anna.screen.text
    assert await waiting(house) == []
    await anna.taps(f"☐ {AUTOPAY}")
    text = anna.screen.text
    for words in (
        f"• Сумма: 990{NBSP}₽ каждый месяц",
        "• Первое списание: ",
        "Удалить автоплатёж",
        "/autopay",
    ):
        assert words in text
    [(kept, update_id, ended)] = await consents(house)
    assert kept in text, "what is kept is what she saw"
    assert update_id
    assert ended == ""
    assert await autopays_of(house) == [], "nothing stands before it is paid"
    await anna.taps("Проверить оплату")
    await anna.taps("‹ Назад")
    assert len(await consents(house)) == 1


async def test_paying_connects_what_was_ticked(anna: Person, house: House, card: CardBank) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"☐ {AUTOPAY}")
    assert card.links_asked[-1].saves_card
    await pay_and_save(house, card)
    [view] = await autopays_of(house)
    assert view.autopay.state is AutopayState.ACTIVE
    assert (view.autopay.connector_id, view.autopay.interval) == ("wa-1", Interval(months=1))
    assert view.autopay.amount == Money(99_000, "RUB")
    [facts] = await told(house, "paid")
    assert facts["autopay_new"]
    [view_of_card] = await house.saved_cards.all(ANNA)
    assert not view_of_card.card.remembered, "it serves the autopay alone"


async def test_unticked_again_nothing_is_connected_by_either_page(
    anna: Person, house: House, card: CardBank
) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"☐ {AUTOPAY}")
    ticked = await newest(house)
    await anna.taps(f"☑ {AUTOPAY}")
    assert f"☐ {AUTOPAY}" in anna.screen.buttons
    await house.settlement.take(card.saved(ticked.reference, "token-1"))
    assert await autopays_of(house) == []
    assert await house.saved_cards.all(ANNA) == []
    assert [ended for _text, _tap, ended in await consents(house)] != [""]


async def test_a_discount_does_not_count_for_the_autopay_and_that_is_said(
    anna: Person, house: House, card: CardBank
) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says("TEN")
    assert f"Это цена без скидки; сейчас со скидкой — 891{NBSP}₽" in anna.screen.text
    await anna.taps(f"☐ {AUTOPAY}")
    assert f"☑ {AUTOPAY}" in anna.screen.buttons
    assert anna.url(f"Оплатить 891{NBSP}₽")
    await anna.taps("Убрать промокод TEN")
    assert f"☑ {AUTOPAY}" in anna.screen.buttons, "what was agreed to has not changed"
    await pay_and_save(house, card)
    [view] = await autopays_of(house)
    assert view.autopay.amount == Money(99_000, "RUB")


async def test_a_switch_for_other_terms_has_to_be_ticked_anew(anna: Person, house: House) -> None:
    await choose_whatsapp(anna)
    await anna.taps_data(SwitchAutopay(terms=handle("other terms"), on=True).pack())
    assert "Условия автоплатежа изменились" in anna.screen.text
    assert f"☐ {AUTOPAY}" in anna.screen.buttons
    assert await consents(house) == []


async def test_the_saved_card_can_be_agreed_to_as_well(anna: Person, house: House, card: CardBank) -> None:
    card_id = await keep_card(house)
    await choose_with_card(anna)
    await anna.taps(f"☐ {AUTOPAY}")
    assert f"• Откуда: {CARD}" in anna.screen.text
    payment = await newest(house)
    assert (payment.card_id, payment.saves_card) == (card_id, False)
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    [view] = await autopays_of(house)
    assert view.autopay.card_id == card_id


async def test_above_the_ceiling_there_is_no_switch_and_the_reason_is_told(
    anna: Person, house: House, catalogue: Catalogue
) -> None:
    few = Limits(Money(1_000, "RUB"), Money(50_000, "RUB"))
    object.__setattr__(catalogue.autopay, "limits", {"RUB": few})
    try:
        await choose_whatsapp(anna)
        assert AUTOPAY not in "".join(anna.screen.buttons)
        assert f"до 500{NBSP}₽" in anna.screen.text
    finally:
        object.__setattr__(catalogue.autopay, "limits", {})


async def test_the_autopay_that_stands_is_told_and_leads_to_its_settings(anna: Person, house: House) -> None:
    await keep_card(house)
    await connect_whatsapp(anna)
    await choose_whatsapp(anna)
    assert f"У вас подключён автоплатёж на 990{NBSP}₽. Следующий — " in anna.screen.text
    assert f"☐ {AUTOPAY}" not in anna.screen.buttons
    await anna.taps("Изменить")
    assert "Удалить автоплатёж" in anna.screen.buttons


async def test_several_at_once_have_no_autopay(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("Оплатить несколько сразу")
    await anna.taps("☐ WhatsApp")
    await anna.taps("☐ Line")
    await anna.taps("Продолжить (2)")
    await anna.taps("1 месяц")
    await anna.taps("Банковская карта")
    assert f"☐ {REMEMBER}" in anna.screen.buttons
    assert AUTOPAY not in "".join(anna.screen.buttons)


async def test_of_several_at_once_the_autopays_that_stand_are_told_with_their_names(
    anna: Person, house: House
) -> None:
    await keep_card(house)
    await connect_whatsapp(anna)
    await anna.says("/pay")
    await anna.taps("Оплатить несколько сразу")
    await anna.taps("☐ WhatsApp")
    await anna.taps("☐ Line")
    await anna.taps("Продолжить (2)")
    await anna.taps("1 месяц")
    await anna.taps("Банковская карта")
    assert f"WhatsApp +7 999: 990{NBSP}₽ каждый месяц, •••• 7173\nСледующий — " in anna.screen.text
    await anna.taps("Изменить")
    assert "Удалить автоплатёж" in anna.screen.buttons


@pytest.mark.parametrize(
    "data",
    [
        RememberCard(keep=True).pack(),
        SwitchAutopay(terms="0", on=True).pack(),
        OTHER_CARD,
        PickCard(card=1, name="yookassa_card", currency="RUB").pack(),
    ],
)
async def test_stale_buttons_show_the_present_screen(anna: Person, data: str) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps_data(data)
    assert "На какой срок" in anna.screen.text
    assert "устарела" in anna.toast


async def test_a_restart_forgets_neither_tick(anna: Person, chat: Chat) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"☐ {REMEMBER}")
    await anna.taps(f"☐ {AUTOPAY}")
    chat.restart()
    await anna.taps_data("nonsense")
    assert f"☑ {REMEMBER}" in anna.screen.buttons
    assert f"☑ {AUTOPAY}" in anna.screen.buttons


async def test_who_comes_to_connect_is_offered_methods_that_keep_a_card_and_ticks_himself(
    anna: Person, house: House
) -> None:
    await anna.says("/autopay")
    await anna.taps("Подключить: WhatsApp")
    await anna.taps("Оплатить сейчас картой")
    assert "отметьте «Автоплатёж»" in anna.screen.text
    assert f"☐ {AUTOPAY}" in anna.screen.buttons, "the only method that keeps a card is taken unasked"
    assert await consents(house) == []


async def test_a_stale_way_to_connect_is_refused_kindly(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps_data(PayWithAutopay(connector=handle("nobody's"), months=1).pack())
    assert "касса" in anna.screen.text


async def test_while_an_autopay_charges_nobody_pays_a_second_time(anna: Person, house: House) -> None:
    await keep_card(house)
    await connect_whatsapp(anna)
    [view] = await autopays_of(house)

    def charge(tx: Tx) -> None:
        tx.autopays.change(view.autopay.id, step="charge", due_at=None)

    await house.books.database.write(charge)
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    assert "не платите, пожалуйста, второй раз" in anna.screen.text
    assert "На какой срок" in anna.screen.text


@pytest.mark.parametrize("language", ["ru", "en", "be", "ky"])
async def test_every_language_has_its_own_words_for_all_of_it(
    chat: Chat, house: House, language: str
) -> None:
    await keep_card(house)
    await house.customers.choose_language(ANNA, language)
    chat.guests.forget(ANNA)
    anna = chat.person(ANNA)
    await anna.says("/pay")
    for _step in range(2):
        await anna.taps_data(next(str(button["callback_data"]) for row in anna.screen.rows for button in row))
    await anna.taps(CARD)
    texts = {anna.screen.text, *anna.screen.buttons}
    english = {"With another card", "Remember the card", "Autopay"}
    assert (language == "en") == bool(english & texts)


async def test_what_costs_nothing_tells_of_the_autopay_that_stands_as_well(
    anna: Person, house: House
) -> None:
    await keep_card(house)
    await connect_whatsapp(anna)
    await choose_whatsapp(anna)
    await anna.taps("Промокод")
    await anna.says("FREE")
    assert "Получить бесплатно" in anna.screen.buttons
    assert f"У вас подключён автоплатёж на 990{NBSP}₽" in anna.screen.text
    assert "Изменить автоплатёж" in anna.screen.buttons
