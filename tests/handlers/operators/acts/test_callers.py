"""/order in the group: somebody on the telephone gets a link, an invoice, and a way into Telegram."""

from __future__ import annotations

from bot.domain.states import OrderState
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import customers, orders
from tests.handlers.operators_rig import OPERATOR, Group


async def test_an_operator_orders_for_somebody_on_the_telephone(
    house: House, sqlite_database: Database, group: Group
) -> None:
    oleg = group.person(OPERATOR)
    await oleg.says("/order vera@example.org")
    await oleg.taps("➕ Новый человек", group.newest)
    assert "vera@example.org" in group.newest.text, "what was typed is not to be typed again"
    await oleg.replies(group.newest, "Вера Иванова")
    choice = group.newest
    assert not [each for each in choice.buttons if "Помощник" in each], "Stars are paid in a chat"
    await oleg.taps("➕ Мобильное приложение под ключ", choice)
    await oleg.taps("‹ Назад", group.telegram.messages[choice.id])
    assert group.telegram.messages[choice.id].buttons == choice.buttons
    await oleg.taps("➕ WhatsApp", group.telegram.messages[choice.id])
    await oleg.replies(group.newest, "WhatsApp +7 999")
    terms = group.newest
    month = next(button for button in terms.buttons if "1 месяц" in button)
    await oleg.taps(month, terms)
    made = group.telegram.messages[terms.id]
    assert "Заказ 1, Вера Иванова: WhatsApp +7 999" in made.text
    assert any("v" in each and "Отправить" in each for each in made.buttons)
    assert not any("vera@example.org" in each for each in made.buttons), "addresses are masked in the group"
    row = await sqlite_database.read(lambda tx: tx.connection.execute(orders.select()).one())
    assert (row.state, row.customer_id < 0) == (OrderState.AWAITING, True)


async def test_a_caller_is_led_into_telegram(house: House, sqlite_database: Database, group: Group) -> None:
    oleg = group.person(OPERATOR)
    await oleg.says("/link")
    await oleg.taps("➕ Новый человек", group.newest)
    await oleg.replies(group.newest, "Вера Иванова, +7 999 123-45-67")
    await oleg.taps("Ссылка в Telegram", group.newest)
    assert "30 дней" in group.newest.text
    query = customers.select().where(customers.c.id < 0)
    caller = await sqlite_database.read(lambda tx: tx.connection.execute(query).one())
    assert caller.name == "Вера Иванова"


async def test_what_is_made_to_order_is_told_in_one_message(
    house: House, sqlite_database: Database, group: Group
) -> None:
    oleg = group.person(OPERATOR)
    await oleg.says("/order")
    await oleg.taps("➕ Новый человек", group.newest)
    await oleg.replies(group.newest, "Вера Иванова, vera@example.org")
    choice = group.newest
    await oleg.taps("➕ Мобильное приложение под ключ", choice)
    year = next(each for each in group.telegram.messages[choice.id].buttons if "12 месяцев" in each)
    await oleg.taps(year, group.telegram.messages[choice.id])
    await oleg.replies(group.newest, "Меню, карта, два языка")
    assert "Заказ 1, Вера Иванова: Мобильное приложение под ключ" in group.newest.text
    assert "Скопировать ссылку" in group.newest.buttons
