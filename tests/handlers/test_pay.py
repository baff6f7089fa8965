"""Paying: from the menu to the link, and what the link's screen answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Paper
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.texts import Text
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.prepared import Swift
from bot.storage.tables import orders
from tests.gateways.fake import Day, FakeGateway
from tests.handlers.conftest import ANNA, BOB, give_lines
from tests.handlers.rig import Chat, Person

NBSP = "\N{NO-BREAK SPACE}"


async def choose_whatsapp(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Оплатить")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Банковская карта")


async def pay_now(house: House, card: FakeGateway) -> None:
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference))


async def test_first_payment_takes_at_most_seven_taps(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps(f"Оплатить 990{NBSP}₽")
    assert anna.taps_made + 1 <= 7, "the start button is a tap as well"
    assert anna.url(f"Оплатить 990{NBSP}₽").startswith("https://pay.example/pay/")


async def test_summary_says_what_is_paid_how_and_that_terms_are_accepted(anna: Person, house: House) -> None:
    await choose_whatsapp(anna)
    text = anna.screen.text
    assert "WhatsApp +7 999: 1" in text
    assert "Банковская карта" in text
    assert "/terms" in text
    assert "Проверить оплату" in anna.screen.buttons
    payment = (await house.payments.history(ANNA)).items[0]
    assert payment.message_id == anna.screen.id, "the message that carries the link is known to the books"


async def test_one_message_lives_through_the_whole_dialog(anna: Person) -> None:
    await choose_whatsapp(anna)
    assert len([seen for seen in anna.messages if seen.rows]) == 1
    assert len(anna.messages) == 1


async def test_returning_customer_pays_in_two_taps(anna: Person, house: House, card: FakeGateway) -> None:
    await choose_whatsapp(anna)
    await pay_now(house, card)
    await anna.says("/start")
    anna.taps_made = 0
    await anna.taps(f"Ещё раз: WhatsApp +7 999, 1{NBSP}месяц, 990{NBSP}₽".replace(NBSP + "месяц", " месяц"))
    await anna.taps(f"Оплатить 990{NBSP}₽")
    assert anna.taps_made == 2
    assert len((await house.payments.history(ANNA)).items) == 2


async def test_check_tells_that_nothing_came_yet_and_then_that_it_did(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Проверить оплату")
    assert "ещё не пришли" in anna.screen.text
    await pay_now(house, card)
    await anna.taps("Проверить оплату")
    assert "зачислены" in anna.screen.text
    assert not any("url" in button for row in anna.screen.rows for button in row), "paid: the link is gone"


async def test_prices_in_several_currencies_stand_above_the_buttons(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("Line")
    saving = f"выгода 60{NBSP}₽ / 2,10{NBSP}Br / 60{NBSP}сом"
    prices = f"1{NBSP}290{NBSP}₽ / 47,40{NBSP}Br / 1{NBSP}380{NBSP}сом"
    assert f"• 3 месяца — {prices}; {saving}" in anna.screen.text
    assert "3 месяца" in anna.screen.buttons


async def test_a_method_named_like_its_scheme_says_it_once(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    assert f"• СБП — 990{NBSP}₽; без комиссии; сразу" in anna.screen.text


async def test_back_leads_from_an_answer_to_the_methods(anna: Person) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Проверить оплату")
    await anna.taps("‹ Назад")
    assert "Как удобнее" in anna.screen.text


async def test_back_goes_step_by_step_to_the_menu(anna: Person) -> None:
    await choose_whatsapp(anna)
    for words in ("Как удобнее", "На какой срок", "Что оплачиваем", "касса"):
        await anna.taps("‹ Назад")
        assert words in anna.screen.text


async def test_several_connectors_are_ticked_and_paid_together(anna: Person, house: House) -> None:
    await anna.says("/pay")
    await anna.taps("Оплатить несколько сразу")
    await anna.taps("☐ WhatsApp")
    await anna.taps("☐ Line")
    await anna.taps("Продолжить (2)")
    await anna.taps(f"1 месяц · 1{NBSP}440{NBSP}₽")
    await anna.taps("СБП")
    assert anna.screen.button(f"Оплатить 1{NBSP}440{NBSP}₽")


async def test_cancel_closes_the_order(anna: Person, house: House) -> None:
    await choose_whatsapp(anna)
    await anna.taps("Отменить заказ")
    assert "отменён" in anna.toast
    assert "касса" in anna.screen.text


async def test_stale_button_answers_with_the_present_screen(anna: Person, chat: Chat) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps_data("method:yookassa_card:RUB")
    assert "На какой срок" in anna.screen.text
    assert "устарела" in anna.toast
    chat.restart()
    await anna.taps_data("nonsense")
    assert "На какой срок" in anna.screen.text


async def test_two_taps_at_once_make_one_payment(anna: Person, house: House) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    screen = anna.screen
    data = str((screen.button("Банковская карта") or {})["callback_data"])
    await anna.taps_data(data, on=screen)
    await anna.taps_data(data, on=screen)
    assert (await house.payments.history(ANNA)).total == 1


async def test_taps_that_come_at_the_same_moment_make_one_payment(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    data = str((anna.screen.button("Банковская карта") or {})["callback_data"])
    await asyncio.gather(*(anna.taps_data(data) for _ in range(5)))
    assert (await house.payments.history(ANNA)).total == 1
    assert len(card.sales) == 1
    assert anna.screen.button("Проверить оплату")


async def test_one_choice_is_not_asked(bob: Person, sqlite_database: Database) -> None:
    await bob.says("/start")
    await give_lines(sqlite_database, BOB, ("in-1", "internet", "Office"))
    await bob.says("/pay")
    assert "For how long?" in bob.screen.text
    await bob.taps("‹ Back")
    assert "your cashier" in bob.screen.text


async def test_receipt_needs_a_contact_and_asks_for_it_once(
    anna: Person, house: House, card: FakeGateway
) -> None:
    needing(card, needs_contact=True)
    await choose_whatsapp(anna)
    assert "Куда прислать чек" in anna.screen.text
    await anna.says("не контакт")
    assert "ни на эл. почту, ни на телефон" in anna.screen.text
    assert "Куда прислать чек" in anna.screen.text
    await anna.says("anna@example.org")
    assert "anna@example.org" in anna.screen.text
    assert anna.screen.button("Проверить оплату")
    await choose_whatsapp(anna)
    assert anna.screen.button("Проверить оплату"), "the address is known now"


async def test_a_method_that_needs_an_address_takes_no_number(
    anna: Person, house: House, card: FakeGateway
) -> None:
    needing(card, needs_contact=True, needs_email=True)
    await house.customers.set_phone(ANNA, "+79991234567")
    await choose_whatsapp(anna)
    await anna.says("+79991234567")
    assert "Не похоже на адрес" in anna.screen.text


async def test_consent_is_asked_only_where_the_catalogue_wants_it(
    anna: Person, chat: Chat, house: House
) -> None:
    paper = Paper("1", Text({"ru": "Согласен на обработку данных."}))
    chat.dispatcher["catalogue"] = replace(chat.dispatcher["catalogue"], consents={"RU": paper})
    await choose_whatsapp(anna)
    assert anna.screen.text == "Согласен на обработку данных."
    await anna.taps("Даю согласие")
    assert anna.screen.button("Проверить оплату")
    customer = await house.customers.get(ANNA)
    assert customer and customer.consented_at
    await choose_whatsapp(anna)
    assert anna.screen.button("Проверить оплату"), "asked once"


async def test_a_silent_provider_leaves_the_customer_where_he_was(anna: Person, card: FakeGateway) -> None:
    card.day = Day.DOWN
    await choose_whatsapp(anna)
    assert "сейчас не отвечает" in anna.screen.text
    assert card.calls.count("create_link") == 1, "asked once for one tap"
    card.day = Day.GOOD
    await anna.taps("Попробовать ещё раз")
    assert anna.screen.button("Проверить оплату")


async def test_an_order_replaced_meanwhile_is_not_paid(anna: Person, house: House) -> None:
    await choose_whatsapp(anna)
    await house.orders.place(ANNA, ["wa-1"], 3)
    await anna.taps_data("nonsense")
    assert "уже закрыт" in anna.screen.text
    assert "касса" in anna.screen.text


async def test_a_refused_payment_says_why_and_can_be_paid_again(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.refuse(payment.reference, Refusal.NO_FUNDS))
    await anna.taps("Проверить оплату")
    assert "на карте не хватает денег" in anna.screen.text
    assert "Оплачен" not in anna.screen.text, "nothing was paid at the moment it was refused"
    assert anna.url("Оплатить 990").startswith("https://pay.example/pay/")


async def test_terms_are_kept_with_the_order(anna: Person, house: House, sqlite_database: Database) -> None:
    await choose_whatsapp(anna)
    query = select(orders.c.terms_version)
    versions = await sqlite_database.read(lambda tx: tx.connection.execute(query).scalars().all())
    assert versions == ["2026-11-01"]


def needing(gateway: FakeGateway, **needs: object) -> None:
    """Services keep a method by its name, so it is changed where it stands."""
    for name, value in needs.items():
        object.__setattr__(gateway.methods[0], name, value)


async def test_the_rest_of_a_short_payment_is_paid_by_a_new_link(
    anna: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference, Money(90000, "RUB")))
    await anna.taps("Проверить оплату")
    assert f"не хватает ещё 90{NBSP}₽" in anna.screen.text
    old = payment.id
    await anna.taps(f"Доплатить 90{NBSP}₽")
    await anna.taps("Банковская карта")
    assert anna.url(f"Оплатить 90{NBSP}₽")
    newest = (await house.payments.history(ANNA)).items[0]
    assert newest.id != old
    await house.callbacks.receive(card.name, card.pay(newest.reference))
    await anna.taps("Проверить оплату")
    assert "зачислены" in anna.screen.text


async def test_a_menu_tap_of_somebody_known_costs_three_statements_at_most(
    anna: Person, house: House, card: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose_whatsapp(anna)
    await pay_now(house, card)
    await anna.says("/start")
    statements: list[object] = []
    execute = Swift.execute

    def counted(connection: Swift, statement: object, values: object = None) -> object:
        statements.append(statement)
        return execute(connection, statement, values)

    monkeypatch.setattr(Swift, "execute", counted)
    await anna.taps_data("go:menu:0")
    assert 0 < len(statements) <= 3


async def test_a_contact_card_will_do_for_the_receipt(anna: Person, house: House, card: FakeGateway) -> None:
    needing(card, needs_contact=True)
    await choose_whatsapp(anna)
    await anna.shares_contact("79991234567")
    assert "+7 999 123-45-67" in anna.screen.text
    assert anna.screen.button("Проверить оплату")


async def test_back_from_the_link_does_not_stick_at_a_contact_that_is_known(
    anna: Person, card: FakeGateway
) -> None:
    needing(card, needs_contact=True)
    await choose_whatsapp(anna)
    await anna.says("anna@example.org")
    await anna.taps("‹ Назад")
    assert "Как удобнее" in anna.screen.text
