"""«Запросить возврат»: the rules, a reason, how it stands, and taking it back."""

from __future__ import annotations

import pytest

from bot.domain.payments import Payment
from bot.domain.refunds import RefundPlan
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, BOB, CASHIER, OWNER
from tests.handlers.rig import Chat, Person


@pytest.fixture
async def payment(house: House, sqlite_database: Database, card: FakeGateway) -> Payment:
    order = await house.orders.place(ANNA, ["wa-1"], 1)
    link = await house.payments.start(ANNA, order.id, "yookassa_card")
    begun = await sqlite_database.read(lambda tx: tx.payments.get(link.payment_id))
    assert begun is not None
    await house.callbacks.receive("yookassa_card", card.pay(begun.reference))
    return begun


async def test_a_customer_asks_sees_that_it_waits_and_takes_it_back(anna: Person, payment: Payment) -> None:
    await anna.says("/history")
    await anna.taps("✅")
    await anna.taps("Запросить возврат")
    assert "возвращаются на ту же карту" in anna.screen.text
    await anna.taps("Запросить возврат", on=anna.screen)
    await anna.says("оплатила не то")
    assert "Запрос принят" in anna.screen.text
    assert "Решает оператор" in anna.screen.text
    await anna.taps("‹ Назад")
    assert anna.screen.button("Запросить возврат") is None
    await anna.taps("Что с возвратом")
    await anna.taps("Отозвать запрос")
    await anna.taps("Да, отозвать")
    assert "Запрос отозван" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "990" in anna.screen.text


async def test_what_went_back_can_not_be_asked_for_again(
    anna: Person, house: House, payment: Payment
) -> None:
    await house.refund_requests.propose(CASHIER, RefundPlan(payment.id, reason="by agreement"))
    await anna.says("/history")
    await anna.taps("✅")
    await anna.taps("Запросить возврат")
    assert "возвращать нечего" in anna.screen.text
    assert anna.screen.button("Запросить возврат") is None


async def test_an_owner_who_is_alone_agrees_in_his_private_chat(
    house: House, sqlite_database: Database, chat: Chat, card: FakeGateway
) -> None:
    """What a cashier proposed above a sum, where only the owner is left to agree."""
    order = await house.orders.place(ANNA, ["wa-1"], 12)
    link = await house.payments.start(ANNA, order.id, "yookassa_card")
    begun = await sqlite_database.read(lambda tx: tx.payments.get(link.payment_id))
    assert begun is not None
    await house.callbacks.receive("yookassa_card", card.pay(begun.reference))
    decided = await house.refund_requests.propose(CASHIER, RefundPlan(begun.id, reason="by agreement"))
    olga = chat.person(OWNER, "Olga", "ru")
    await olga.says("/start")
    await olga.taps_data(f"rfalone:{decided.request.id}:0:1")
    assert "Отменить это будет нельзя" in olga.screen.text
    await olga.taps("Да, вернуть")
    assert "возвращено" in olga.screen.text
    bob = chat.person(BOB, "Bob", "en")
    await bob.says("/start")
    await bob.taps_data(f"rfalone:{decided.request.id}:1:0")
    assert "role" in bob.screen.text
