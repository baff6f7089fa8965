"""Autopay in the chat: the list, the consent, connecting, changing, and stopping in one tap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.autopays import AutopayReason, Interval
from bot.domain.money import Money
from bot.handlers.autopay.changing import days_offered, read_coming_day
from bot.i18n import today
from bot.keyboards.autopay_taps import Agree, AgreePrice, ConnectAfter, DeleteAutopay, GiveBack, OpenAutopay
from bot.services.autopay.ending import end
from bot.services.house import House
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank
from tests.gateways.fake import FakeGateway
from tests.handlers.autopay_rig import (
    CONNECT_WHATSAPP,
    NBSP,
    autopays_of,
    connect_balance,
    connect_whatsapp,
    consents,
    keep_card,
    top_up,
)
from tests.handlers.conftest import ANNA, BOB, give_lines
from tests.handlers.rig import Person
from tests.handlers.test_pay import needing


@pytest.fixture
def card() -> CardBank:
    return CardBank("yookassa_card")


@pytest.fixture
async def saved(house: House) -> int:
    return await keep_card(house)


@pytest.fixture
async def topped_up(house: House, card: CardBank) -> int:
    """A payment of 10 ₽ onto the balance."""
    return await top_up(house, card, 10)


async def test_nothing_is_connected_unasked_and_the_menu_leads_there_and_back(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Автоплатёж")
    assert "без вашего согласия ничего не списывается" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Оплатить" in anna.screen.buttons


@pytest.mark.usefixtures("saved")
async def test_a_saved_card_connects_in_one_tap_after_the_consent(anna: Person, house: House) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    shown = anna.screen.text
    assert "•••• 7173" in shown
    assert not await autopays_of(house), "only the button connects"
    await anna.taps(f"Подключить: 990{NBSP}₽ каждый месяц")
    assert "✅ Автоплатёж подключён." in anna.screen.text
    assert f"на 990{NBSP}₽. Следующий —" in anna.screen.text
    [view] = await autopays_of(house)
    assert (view.autopay.connector_id, view.autopay.interval) == ("wa-1", Interval(months=1))
    [(text, update_id, ended)] = await consents(house)
    assert text == shown, "what is kept is what he saw"
    assert update_id
    assert ended == ""


@pytest.mark.usefixtures("saved")
async def test_the_list_tells_what_stands_and_offers_only_the_rest(anna: Person) -> None:
    await connect_whatsapp(anna)
    await anna.taps("Автоплатёж")
    assert f"WhatsApp +7 999: 990{NBSP}₽ каждый месяц, •••• 7173\nСледующий —" in anna.screen.text
    assert not any(CONNECT_WHATSAPP in words for words in anna.screen.buttons)
    assert any("Подключить: Line 5" in words for words in anna.screen.buttons)
    assert "Мои карты" in anna.screen.buttons


async def test_without_a_card_one_pays_now_or_from_the_balance(anna: Person, house: House) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    assert "Оплатите сейчас, и карта сохранится" in anna.screen.text
    assert "Оплатить сейчас картой" in anna.screen.buttons
    await anna.taps("Только с баланса")
    assert "только ваш баланс" in anna.screen.text
    await anna.taps(f"Подключить: 990{NBSP}₽")
    [view] = await autopays_of(house)
    assert view.autopay.balance_first
    assert view.autopay.card_id is None


@pytest.mark.usefixtures("topped_up")
async def test_an_account_is_never_paid_from_itself(anna: Person) -> None:
    await anna.says("/autopay")
    await anna.taps("Подключить: пополнение баланса")
    assert "Оплатить сейчас картой" in anna.screen.buttons
    assert "Только с баланса" not in anna.screen.buttons


@pytest.mark.usefixtures("saved", "topped_up")
async def test_above_the_ceiling_there_is_no_button_but_the_bounds(anna: Person) -> None:
    await anna.says("/autopay")
    await anna.taps("Подключить: пополнение баланса")
    await anna.taps("Другая сумма")
    for typed in ("10001", "9"):
        await anna.says(typed)
        assert f"10{NBSP}000{NBSP}₽" in anna.screen.text or f"10{NBSP}₽" in anna.screen.text
        assert not any("Подключить" in words for words in anna.screen.buttons)
    await anna.says("10000")
    assert any("Подключить: 10" in words for words in anna.screen.buttons)


async def test_interval_and_card_are_chosen_before_agreeing(anna: Person, house: House, saved: int) -> None:
    await keep_card(house, "4444")
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    assert "•••• 4444" in anna.screen.text, "the newest first"
    await anna.taps("Другой период")
    await anna.taps("каждые 3 месяца")
    await anna.taps("Другая карта или баланс")
    await anna.taps("Сначала баланс, потом •••• 7173")
    assert "ваш баланс, а чего не хватит — •••• 7173" in anna.screen.text
    await anna.taps("Подключить:")
    [view] = await autopays_of(house)
    assert view.autopay.interval == Interval(months=3)
    assert (view.autopay.card_id, view.autopay.balance_first) == (saved, True)


@pytest.mark.usefixtures("saved")
async def test_another_text_than_the_shown_one_is_not_agreed_to(anna: Person, house: House) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    await anna.taps_data(Agree(seen="0123456789abcdef").pack())
    assert "Прочтите, пожалуйста, ещё раз" in anna.screen.text
    assert not await autopays_of(house)


async def test_a_card_unlinked_meanwhile_is_not_agreed_to(anna: Person, house: House, saved: int) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    await house.saved_cards.unlink(ANNA, saved, 1)
    await anna.taps(f"Подключить: 990{NBSP}₽")
    assert "Сохранённой карты пока нет" in anna.screen.text
    assert not await autopays_of(house)


@pytest.mark.usefixtures("saved", "topped_up")
async def test_the_page_says_how_much_and_when_and_changes_the_sum_by_a_new_consent(
    anna: Person, house: House
) -> None:
    await connect_balance(anna)
    await anna.taps("Изменить автоплатёж")
    assert f"У вас подключён автоплатёж на 10{NBSP}₽. Следующий —" in anna.screen.text
    await anna.taps("Сумма")
    await anna.taps(f"500{NBSP}₽")
    [view] = await autopays_of(house)
    assert view.autopay.amount == Money(1000, "RUB"), "nothing changes before the consent"
    await anna.taps("Согласиться: 500")
    assert "✅ Изменено." in anna.screen.text
    [view] = await autopays_of(house)
    assert view.autopay.amount == Money(50000, "RUB")
    first, second = await consents(house)
    assert first[2] == "replaced"
    assert f"500{NBSP}₽" in second[0]


@pytest.mark.usefixtures("saved")
async def test_a_connectors_sum_follows_its_period(anna: Person, house: House) -> None:
    await connect_whatsapp(anna)
    await anna.taps("Изменить автоплатёж")
    assert "Сумма" not in anna.screen.buttons
    await anna.taps("Как часто")
    await anna.taps("каждые 3 месяца")
    await anna.taps("Согласиться:")
    [view] = await autopays_of(house)
    assert view.autopay.interval == Interval(months=3)
    assert view.autopay.amount > Money(99000, "RUB")


@pytest.mark.usefixtures("saved", "topped_up")
async def test_back_leads_from_each_choice_to_where_it_was_opened(anna: Person) -> None:
    await connect_balance(anna)
    await anna.taps("Изменить автоплатёж")
    page = anna.screen.text
    for part in ("Сумма", "Как часто", "Карта", "Дата"):
        await anna.taps(part)
        assert anna.screen.text != page
        assert "Меню" in anna.screen.buttons
        await anna.taps("‹ Назад")
        assert anna.screen.text == page
    await anna.taps("‹ Назад")
    assert anna.screen.text.startswith("Автоплатёж")


@pytest.mark.usefixtures("saved", "topped_up")
async def test_the_date_is_picked_or_typed(anna: Person, house: House) -> None:
    await connect_balance(anna)
    await anna.taps("Изменить автоплатёж")
    await anna.taps("Дата")
    wanted = today() + timedelta(days=20)
    await anna.says("вчера")
    assert "Не похоже на день ближайшего года" in anna.screen.text
    await anna.says(f"{wanted:%d.%m.%Y}")
    [view] = await autopays_of(house)
    assert view.autopay.charge_on == wanted
    await anna.taps("Дата")
    picked = days_offered(view, today())[-1]
    await anna.taps(f"{picked:%d.%m.%y}")
    [view] = await autopays_of(house)
    assert view.autopay.charge_on == picked


@pytest.mark.usefixtures("saved", "topped_up")
async def test_paused_and_resumed(anna: Person) -> None:
    await connect_balance(anna)
    await anna.taps("Изменить автоплатёж")
    await anna.taps("Приостановить")
    assert "Он приостановлен: по вашему желанию." in anna.screen.text
    await anna.taps("Возобновить")
    assert "Следующий —" in anna.screen.text


@pytest.mark.usefixtures("saved")
async def test_deleted_in_one_tap_and_without_a_question(anna: Person, house: House) -> None:
    await connect_whatsapp(anna)
    await anna.taps("Изменить автоплатёж")
    await anna.taps("Удалить автоплатёж")
    assert anna.screen.text.startswith("Автоплатёж удалён.")
    assert await autopays_of(house) == []
    [(_text, _update, ended)] = await consents(house)
    assert ended != ""


@pytest.mark.usefixtures("saved")
async def test_stale_buttons_say_how_it_stands_now(anna: Person, house: House) -> None:
    await connect_whatsapp(anna)
    [view] = await autopays_of(house)
    await anna.taps("Изменить автоплатёж")
    page = anna.screen
    await anna.taps("Удалить автоплатёж")
    await anna.taps_data(OpenAutopay(autopay=view.autopay.id).pack(), on=page)
    assert "не нашлось" in anna.screen.text
    await anna.taps_data(Agree(seen="0123456789abcdef").pack())
    assert "устарела" in anna.toast or "устарела" in anna.screen.text


async def test_somebody_elses_autopay_and_payment_are_not_found(
    anna: Person, bob: Person, house: House, saved: int
) -> None:
    await connect_whatsapp(anna)
    [view] = await autopays_of(house)
    await bob.says("/start")
    for data in (
        OpenAutopay(autopay=view.autopay.id).pack(),
        DeleteAutopay(autopay=view.autopay.id).pack(),
        ConnectAfter(payment=1).pack(),
    ):
        await bob.taps_data(data)
        assert "Nothing of yours was found" in bob.screen.text
    assert len(await autopays_of(house)) == 1
    assert await autopays_of(house, BOB) == []


@pytest.mark.parametrize("word", ["стоп", "STOP", "Отписаться."])
@pytest.mark.usefixtures("saved")
async def test_the_word_stop_deletes_the_only_autopay_wherever_he_is(
    anna: Person, house: House, word: str
) -> None:
    await connect_whatsapp(anna)
    await anna.says("/settings")
    await anna.taps("Изменить почту")
    await anna.says(word)
    assert "Автоплатёж удалён: WhatsApp +7 999." in anna.screen.text
    assert await autopays_of(house) == []
    await anna.taps("Подключить снова")
    await anna.taps("Подключить: 990")
    assert len(await autopays_of(house)) == 1


@pytest.mark.usefixtures("saved", "topped_up")
async def test_the_word_stop_lets_choose_among_several(anna: Person, house: House) -> None:
    await connect_whatsapp(anna)
    await connect_balance(anna)
    await anna.says("стоп")
    assert len(await autopays_of(house)) == 2
    await anna.taps("Удалить: WhatsApp")
    [view] = await autopays_of(house)
    assert view.connector is None
    await connect_whatsapp(anna)
    await anna.says("стоп")
    await anna.taps("Удалить все")
    assert await autopays_of(house) == []


async def test_the_word_stop_takes_back_what_was_ticked_and_not_paid_yet(
    anna: Person, house: House, card: CardBank
) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    await anna.taps("Оплатить сейчас картой")
    await anna.taps("☐ Автоплатёж")
    await anna.says("стоп")
    assert "Автоплатёж удалён" in anna.screen.text
    payment = (await house.payments.history(ANNA)).items[0]
    await house.settlement.take(card.saved(payment.reference, "card-1"))
    assert await autopays_of(house) == []


async def test_the_word_stop_without_an_autopay_says_so(anna: Person) -> None:
    await anna.says("стоп")
    assert "Автоплатежей у вас нет" in anna.screen.text


async def test_an_unlinked_card_needs_another_before_it_goes_on(
    anna: Person, house: House, saved: int
) -> None:
    await connect_whatsapp(anna)
    await house.saved_cards.unlink(ANNA, saved, 1)
    other = await keep_card(house, "4444")
    [view] = await autopays_of(house)
    await anna.taps("Изменить автоплатёж")
    assert "карта отвязана" in anna.screen.text
    await anna.taps("Возобновить")
    await anna.taps("•••• 4444")
    await anna.taps("Согласиться:")
    [view] = await autopays_of(house)
    assert view.autopay.card_id == other


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14.12", date(2026, 12, 14)),
        ("1.2", date(2027, 2, 1)),
        ("14.12.26", date(2026, 12, 14)),
        ("14.12.2026", date(2026, 12, 14)),
        ("22.11", None),
        ("31.02", None),
        ("14.12.2028", None),
        ("tomorrow", None),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, read: date | None) -> None:
    assert read_coming_day(typed, date(2026, 11, 22)) == read


async def test_pay_now_leads_to_a_summary_whose_switch_connects(
    anna: Person, house: House, card: CardBank
) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    await anna.taps("Оплатить сейчас картой")
    await anna.taps("☐ Автоплатёж")
    assert "WhatsApp +7 999" in anna.screen.text
    assert "без отдельного вопроса" in anna.screen.text, "the consent stands there"
    payment = (await house.payments.history(ANNA)).items[0]
    await house.settlement.take(card.saved(payment.reference, "card-1"))
    [view] = await autopays_of(house)
    assert view.card is not None
    [(text, _update, _ended)] = await consents(house)
    assert text in anna.screen.text


@pytest.mark.usefixtures("topped_up")
async def test_pay_now_leads_to_a_top_up_of_that_sum(anna: Person) -> None:
    await anna.says("/autopay")
    await anna.taps("Подключить: пополнение баланса")
    await anna.taps("Оплатить сейчас картой")
    assert f"10{NBSP}₽" in anna.screen.text
    assert "☐ Автоплатёж" in anna.screen.buttons


@pytest.mark.usefixtures("saved")
async def test_after_a_payment_one_tap_on_the_consent_connects_the_same_again(
    anna: Person, house: House, topped_up: int
) -> None:
    await anna.says("/start")
    await anna.taps_data(ConnectAfter(payment=topped_up, anew=True).pack())
    assert f"10{NBSP}₽ каждые 30 дней" in anna.screen.text
    await anna.taps(f"Подключить: 10{NBSP}₽")
    [view] = await autopays_of(house)
    assert view.autopay.amount == Money(1000, "RUB")
    await anna.taps_data(ConnectAfter(payment=topped_up).pack())
    assert "У вас подключён автоплатёж" in anna.screen.text, "a second tap shows the one that stands"


@pytest.mark.usefixtures("saved")
async def test_a_risen_price_is_told_and_agreed_to_anew(anna: Person, house: House) -> None:
    await connect_whatsapp(anna)
    [view] = await autopays_of(house)
    await house.books.database.write(lambda tx: tx.autopays.change(view.autopay.id, minor=90000))
    await anna.taps("Изменить автоплатёж")
    assert f"Теперь цена 990{NBSP}₽, а вы соглашались на 900{NBSP}₽" in anna.screen.text
    await anna.taps_data(AgreePrice(autopay=view.autopay.id, anew=True).pack())
    await anna.taps(f"Согласиться: 990{NBSP}₽")
    [view] = await autopays_of(house)
    assert view.autopay.amount == Money(99000, "RUB")


async def test_money_of_a_cycle_that_was_paid_meanwhile_is_kept_or_given_back(
    anna: Person, house: House, topped_up: int
) -> None:
    await anna.says("/start")
    await anna.taps_data(GiveBack(payment=topped_up, keep=True).pack())
    assert "остаются на балансе" in anna.screen.text
    await anna.taps_data(GiveBack(payment=topped_up).pack())
    assert "не нашлось" in anna.screen.text, "no autopay brought this money"


@pytest.mark.usefixtures("saved")
async def test_past_eight_the_list_has_pages_and_goes_on_where_it_was(anna: Person, house: House) -> None:
    lines = [(f"li-{number}", "line", f"Line {number}") for number in range(6, 16)]
    await give_lines(house.books.database, ANNA, *lines)
    await anna.says("/autopay")
    assert sum("Подключить" in words for words in anna.screen.buttons) == 8
    await anna.taps("›")
    assert any("2 из 2" in words for words in anna.screen.buttons)
    rest = [words for words in anna.screen.buttons if "Подключить" in words]
    assert len(rest) == 4
    await anna.taps_data(Agree(seen="0123456789abcdef").pack())
    assert rest[0] in anna.screen.buttons, "a stale button leaves him where he was"


@pytest.mark.parametrize("card", [FakeGateway("yookassa_card", currencies=("RUB",))])
@pytest.mark.usefixtures("card")
async def test_what_nobody_can_charge_is_told_once_and_has_no_button(anna: Person) -> None:
    await anna.says("/autopay")
    assert "Line 5, WhatsApp +7 999: Автоматических списаний" in anna.screen.text
    assert not any("Подключить" in words for words in anna.screen.buttons)


@pytest.mark.usefixtures("saved")
async def test_where_receipts_go_is_asked_with_the_consent(
    anna: Person, house: House, card: CardBank
) -> None:
    needing(card, needs_contact=True, needs_email=True)
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    assert "Куда прислать чек" in anna.screen.text
    await anna.says("+79991234567")
    assert "Куда прислать чек" in anna.screen.text
    assert not await autopays_of(house)
    await anna.says("anna@example.org")
    await anna.taps(f"Подключить: 990{NBSP}₽ каждый месяц")
    [view] = await autopays_of(house)
    assert view.autopay.connector_id == "wa-1"


@pytest.mark.usefixtures("saved")
async def test_what_has_ended_says_why_until_another_takes_its_place(anna: Person, house: House) -> None:
    await connect_whatsapp(anna)
    [view] = await autopays_of(house)

    def unpaid(tx: Tx) -> None:
        end(tx, view.autopay, AutopayReason.GRACE_PERIOD_EXPIRED)

    await house.books.database.write(unpaid)
    await anna.says("/autopay")
    assert "Недавно закончился. WhatsApp +7 999" in anna.screen.text
    assert "Он закончился: долг слишком долго" in anna.screen.text
    await connect_whatsapp(anna)
    await anna.says("/autopay")
    assert "Недавно" not in anna.screen.text
