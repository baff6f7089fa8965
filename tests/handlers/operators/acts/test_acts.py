"""Acts in the group: a button under a record, a question, and what follows the answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain import periods
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.records import RecordKind
from bot.domain.states import OrderState, Role
from bot.handlers.operators.acts.dates import read_shift
from bot.keyboards.acts import Act, What
from bot.keyboards.records import acts_on
from bot.services.acts.dates import Shift
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.autopays import connect
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import CASHIER, OPERATOR, OWNER, Group, Operator
from tests.handlers.rig import Seen

LINE = "line-of-the-acts"


@pytest.fixture
async def line(house: House, sqlite_database: Database) -> str:
    def add(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        tx.connectors.add(Connector(LINE, "line", "Line 5", "line", payer, None, None))

    await sqlite_database.write(add)
    return LINE


async def offered(house: House, kind: RecordKind, id_: str | int, role: Role) -> list[str]:
    record = await house.records.get(OWNER, kind, str(id_))
    return [button.callback_data or "" for button in acts_on(record, role)]


async def press(person: Operator, what: What, about: str | int) -> Seen:
    """Press the act's button; the question that follows."""
    await person.says("/todo")
    await person.taps_data(Act(what=what, about=str(about)).pack(), person.group.newest)
    return person.group.newest


@pytest.mark.parametrize(
    ("typed", "shift", "reason"),
    [
        ("+7 простой 3 дня", Shift(days=7), "простой 3 дня"),
        ("3 дня, ошибка", Shift(days=3), "ошибка"),
        ("14.12.2026 ошибка импорта", Shift(to=date(2026, 12, 14)), "ошибка импорта"),
        ("7", Shift(days=7), ""),
    ],
)
def test_how_a_date_is_moved_is_read_from_plain_words(typed: str, shift: Shift, reason: str) -> None:
    assert read_shift(typed) == (shift, reason)


@pytest.mark.parametrize("typed", ["", "неделя", "31.02.2026 ошибка", "7.5 дня", "1000000 зачем"])
def test_what_moves_no_date_gets_an_example(typed: str) -> None:
    with pytest.raises(CustomerError):
        read_shift(typed)


async def test_a_cashier_moves_a_date_silently(house: House, group: Group, line: str) -> None:
    assert any("act:date" in each for each in await offered(house, RecordKind.CONNECTOR, line, Role.CASHIER))
    assert not any(
        "act:date" in each for each in await offered(house, RecordKind.CONNECTOR, line, Role.OPERATOR)
    )
    clara = group.person(CASHIER)
    question = await press(clara, What.DATE, line)
    await clara.replies(question, "+7 простой молча")
    until = periods.today(house.acts.dates._zone) + timedelta(days=7)
    connector = await house.acts.dates.of(CASHIER, line)
    assert connector.paid_until == until
    assert "не сообщ" in group.newest.text
    assert await group.told_to_customers() == []


async def test_the_second_hears_who_moved_it(house: House, group: Group, line: str) -> None:
    clara, olga = group.person(CASHIER), group.person(OWNER)
    first, second = await press(clara, What.DATE, line), await press(olga, What.DATE, line)
    await clara.replies(first, "+7 простой")
    await olga.replies(second, "+7 простой")
    assert "Clara" in group.newest.text


async def test_an_operator_stops_autopay_and_card(
    house: House, sqlite_database: Database, group: Group, line: str
) -> None:
    connected = await sqlite_database.write(lambda tx: connect(tx, ANNA, line))
    oleg = group.person(OPERATOR)
    menu = await press(oleg, What.CARDS, ANNA)
    assert len(menu.buttons) == 2
    await oleg.taps_data(Act(what=What.AUTOPAY_OFF, about=str(connected.autopay_id)).pack(), menu)
    await oleg.replies(group.newest, "попросил по телефону")
    assert await house.autopays.all(ANNA) == []
    await oleg.taps_data(Act(what=What.UNLINK, about=str(connected.card_id)).pack(), menu)
    await oleg.replies(group.newest, "попросил по телефону")
    assert await house.saved_cards.all(ANNA) == []


async def test_a_customer_is_blocked_and_let_in_again(house: House, group: Group) -> None:
    clara = group.person(CASHIER)
    assert any("act:block" in each for each in await offered(house, RecordKind.CUSTOMER, ANNA, Role.CASHIER))
    await clara.replies(await press(clara, What.BLOCK, ANNA), "чужие карты")
    customer = await house.customers.get(ANNA)
    assert customer is not None and customer.blocked_because == "чужие карты"
    assert any("unblock" in each for each in await offered(house, RecordKind.CUSTOMER, ANNA, Role.CASHIER))
    await clara.replies(await press(clara, What.UNBLOCK, ANNA), "разобрались")
    customer = await house.customers.get(ANNA)
    assert customer is not None and customer.blocked_at is None


async def test_an_operator_without_the_role_hears_which_it_takes(house: House, group: Group) -> None:
    oleg = group.person(OPERATOR)
    await press(oleg, What.BLOCK, ANNA)
    assert "кассир" in group.toast.lower()


async def test_a_cashier_marks_an_order_paid_after_one_more_tap(
    house: House, group: Group, line: str
) -> None:
    order = await house.orders.place(ANNA, [line], 1)
    offers = await offered(house, RecordKind.ORDER, order.id, Role.CASHIER)
    assert any("markpaid" in each for each in offers)
    clara, olga = group.person(CASHIER), group.person(OWNER)
    price = order.prices[0]
    question = await press(clara, What.MARK_PAID, order.id)
    await clara.replies(question, f"{price.decimal()} {price.currency} ПКО-17 наличные в офисе")
    sure = group.newest
    (button,) = sure.buttons
    await olga.taps(button, sure)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING, "it was not her question"
    await clara.taps(button, sure)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


async def test_money_without_an_owner_is_given_from_a_customers_record(
    house: House, sqlite_database: Database, group: Group
) -> None:
    stray = Paid("fake", "m-1", "lost-with-a-restore", Money(12_345, "RUB"), provider_payment="p-1")
    await house.settlement.take(stray)
    clara = group.person(CASHIER)
    menu = await press(clara, What.STRAY, ANNA)
    (button,) = menu.buttons
    await clara.taps(button, menu)
    sure = group.newest
    (yes,) = sure.buttons
    await clara.taps(yes, sure)
    payer = await sqlite_database.read(lambda tx: tx.customers.person(ANNA))
    assert await house.acts.money.balance(CASHIER, payer, "RUB") == Money(12_345, "RUB")
    await press(clara, What.STRAY, ANNA)
    assert group.newest.buttons == []
