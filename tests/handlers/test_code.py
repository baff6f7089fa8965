"""Payment codes in the chat: one's own, and whose a code is."""

from __future__ import annotations

import pytest

from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.payment_codes import new_code
from bot.gateways.base import Gateway
from bot.gateways.terminals.gateway import Terminals
from bot.gateways.terminals.settings import TerminalSettings
from bot.i18n.code_words import spaced_code
from bot.services.house import House
from bot.services.links import LinkKind
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, BOB, give_lines
from tests.handlers.rig import Person

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    """A card, and networks in soms and roubles."""
    networks = {
        name: TerminalSettings.model_validate(
            {"secret": "a-secret-path-of-tests", "currency": currency, "allow": ["127.0.0.1"]}
        )
        for name, currency in (("elsom", "KGS"), ("gorod", "RUB"))
    }
    return [card, Terminals(networks)]


async def choose_code(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Терминал или кошелёк")


async def code_of(house: House, database: Database, customer_id: int) -> str:
    payer = await database.write(lambda tx: tx.customers.person(customer_id))
    return await house.codes.code(customer_id, payer)


async def test_without_a_code_the_way_to_one_is_told(anna: Person) -> None:
    await anna.says("/start")
    await anna.taps("Код оплаты")
    assert "кода оплаты пока нет" in anna.screen.text
    await anna.taps("Оплатить")
    assert "Что оплачиваем" in anna.screen.text


async def test_own_code_stands_in_groups_and_is_copied_bare(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    code = await code_of(house, sqlite_database, ANNA)
    await anna.says("/code")
    assert spaced_code(code) in anna.screen.text
    assert f"Баланс: 0{NBSP}₽; к оплате: Line 5, 450{NBSP}₽" in anna.screen.text
    button = anna.screen.button("Скопировать код")
    assert button is not None
    assert button["copy_text"] == {"text": code}


async def test_own_code_is_known_with_lost_zeros_and_spaces(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    code = await code_of(house, sqlite_database, ANNA)
    await anna.says("/code")
    await anna.taps("Проверить код")
    await anna.says(f"{code[2:6]} {code[6:]}")
    assert "это ваш код" in anna.screen.text
    await anna.taps("Проверить другой код")
    assert "Пришлите код" in anna.screen.text


async def test_somebody_elses_code_shows_a_mask_and_nothing_more(
    anna: Person, bob: Person, house: House, sqlite_database: Database
) -> None:
    await bob.says("/start")
    code = await code_of(house, sqlite_database, BOB)
    await anna.says("/code")
    await anna.taps("Проверить код")
    await anna.says(code)
    assert "B***" in anna.screen.text
    assert "Bob" not in anna.screen.text


async def test_wrong_codes_are_told_kindly_and_the_next_try_follows(anna: Person) -> None:
    await anna.says("/code")
    await anna.taps("Проверить код")
    for text, said in (("сто", "цифр"), ("1234", "цифр"), (new_code(), "ни у кого нет")):
        await anna.says(text)
        assert said in anna.messages[-1].text
    await anna.taps("‹ Назад")
    assert "кода оплаты пока нет" in anna.screen.text


async def test_guessing_ends_soon(anna: Person) -> None:
    await anna.says("/code")
    await anna.taps("Проверить код")
    for _ in range(6):
        await anna.says(new_code())
    assert "через час" in anna.messages[-1].text


async def test_order_is_paid_by_the_code_that_the_chat_shows(anna: Person, house: House) -> None:
    await choose_code(anna)
    assert "Терминал или кошелёк" in anna.screen.text
    await anna.taps("Показать код оплаты")
    (mine,) = await house.codes.mine(ANNA)
    screen = anna.screen
    assert spaced_code(mine.code) in screen.text
    assert f"990{NBSP}₽" in screen.text
    assert "«Город»" in screen.text
    assert "Elsom" not in screen.text, "its money is another"
    assert "Ждём оплату" in screen.text
    assert screen.buttons[0] == "Скопировать код"
    paid = Paid("gorod", "77", "", Money(99000, "RUB"), provider_payment="77", account=mine.code)
    await house.settlement.take(paid)
    await anna.taps("Проверить оплату")
    assert "зачислены" in anna.screen.text


async def test_a_method_in_two_currencies_has_a_button_for_each(anna: Person, house: House) -> None:
    await anna.says("/pay")
    await anna.taps("Line 5")
    await anna.taps("1 месяц")
    assert f"Терминал или кошелёк — 450{NBSP}₽ / 480{NBSP}сом" in anna.screen.text
    await anna.taps(f"Терминал или кошелёк · 480{NBSP}сом")
    assert f"К оплате: 480{NBSP}сом" in anna.screen.text
    await anna.taps("Показать код оплаты")
    assert "Elsom" in anna.screen.text
    (mine,) = await house.codes.mine(ANNA)
    paid = Paid("elsom", "78", "", Money(48000, "KGS"), provider_payment="78", account=mine.code)
    await house.settlement.take(paid)
    await anna.says("/start")
    await anna.taps(f"Ещё раз: Line 5, 1 месяц, 480{NBSP}сом")
    assert f"К оплате: 480{NBSP}сом" in anna.screen.text, "paid as last time, with one tap"


async def test_code_is_shown_again_from_the_answer_to_check(anna: Person) -> None:
    await choose_code(anna)
    await anna.taps("Проверить оплату")
    assert "ещё не пришли" in anna.screen.text
    await anna.taps("Показать код оплаты")
    assert "Ждём оплату" in anna.screen.text
    await anna.taps("Отменить заказ")
    assert "отменён" in anna.toast


async def test_steps_are_told_in_the_customers_language(
    bob: Person, house: House, sqlite_database: Database
) -> None:
    await bob.says("/start")
    await give_lines(sqlite_database, BOB, ("ho-1", "hosting", "Site"))
    await bob.says("/pay")
    await bob.taps("1 month")
    await bob.taps("Show the payment code")
    assert "Open the app and tap “Services”, then “Others”." in bob.screen.text
    assert "Account number" in bob.screen.text


async def test_code_of_another_persons_payment_is_not_shown(anna: Person, bob: Person, house: House) -> None:
    await choose_code(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await bob.says("/start")
    await bob.taps_data(f"code:{payment.id}:0")
    (mine,) = await house.codes.mine(ANNA)
    assert all(spaced_code(mine.code) not in seen.text for seen in bob.messages)


async def test_forwarded_link_of_a_code_shows_the_code(anna: Person, house: House) -> None:
    await choose_code(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    report = await house.payments.details(ANNA, payment.id)
    view = await house.links.open_link(report.url.rpartition("/")[2])
    (mine,) = await house.codes.mine(ANNA)
    assert (view.kind, view.code, view.url) == (LinkKind.LIVE, mine.code, "")
