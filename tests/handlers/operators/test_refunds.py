"""/refund and its cards: one screen to choose on, a second person where one is needed."""

from __future__ import annotations

import pytest

from bot.domain.payments import Payment
from bot.domain.refunds import RefundState
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import Group, Operator


@pytest.fixture
async def payment(house: House, sqlite_database: Database) -> Payment:
    order = await house.orders.place(ANNA, ["wa-1"], 1)
    link = await house.payments.start(ANNA, order.id, "fake")
    begun = await sqlite_database.read(lambda tx: tx.payments.get(link.payment_id))
    assert begun is not None
    fake = house.refunds._gateways["fake"]
    await house.callbacks.receive("fake", fake.pay(begun.reference))  # type: ignore[attr-defined]
    paid = await sqlite_database.read(lambda tx: tx.payments.get(link.payment_id))
    assert paid is not None
    return paid


async def state_of(database: Database, payment: Payment) -> RefundState | None:
    request = await database.read(lambda tx: tx.refund_requests.last_of(payment.id))
    return request.state if request else None


async def test_a_cashier_refunds_a_part_and_shortens_the_line(
    sqlite_database: Database, group: Group, clara: Operator, payment: Payment
) -> None:
    await clara.says(f"/refund {payment.id}")
    screen = group.newest
    assert "Возврат по платежу" in screen.text
    await clara.taps("Другая сумма", screen)
    await clara.replies(group.newest, "500")
    await clara.taps("Сократить", group.telegram.messages[screen.id])
    text = group.telegram.messages[screen.id].text
    assert "500\N{NO-BREAK SPACE}₽ из 990\N{NO-BREAK SPACE}₽" in text
    assert "→" in text
    await clara.taps("Вернуть 500\N{NO-BREAK SPACE}₽", group.telegram.messages[screen.id])
    assert "причину" in group.toast
    await clara.taps("Причина…", group.telegram.messages[screen.id])
    await clara.replies(group.newest, "договорились")
    await clara.taps("Вернуть 500\N{NO-BREAK SPACE}₽", group.telegram.messages[screen.id])
    done = group.telegram.messages[screen.id]
    assert "✔️ 500\N{NO-BREAK SPACE}₽ возвращено." in done.text
    assert not done.buttons
    assert await state_of(sqlite_database, payment) is RefundState.DONE


async def test_a_screen_is_its_own_persons(
    sqlite_database: Database, group: Group, clara: Operator, oleg: Operator, payment: Payment
) -> None:
    await clara.says(f"/refund {payment.provider_payment} 100 ошибка")
    screen = group.newest
    await oleg.taps("Вернуть 100\N{NO-BREAK SPACE}₽", screen)
    assert await state_of(sqlite_database, payment) is None
    await clara.taps("Оставить", screen)
    assert await state_of(sqlite_database, payment) is None


@pytest.mark.parametrize("words", ["/refund 999999", "/refund %", "/refund", "/refund 🙈 5"])
async def test_what_is_no_payment_is_said_to_be_none(group: Group, clara: Operator, words: str) -> None:
    await clara.says(words)
    assert "платеж" in group.newest.text.lower() or "платёж" in group.newest.text.lower()


async def test_a_sum_above_the_rest_leaves_the_plan_as_it_was(
    group: Group, clara: Operator, payment: Payment
) -> None:
    await clara.says(f"/refund {payment.id} 100 ошибка")
    screen = group.newest
    await clara.taps("Другая сумма", screen)
    await clara.replies(group.newest, "100000")
    assert "100\N{NO-BREAK SPACE}₽ из" in group.telegram.messages[screen.id].text
