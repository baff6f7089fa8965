"""/refund and its cards: one screen to choose on, a second person where one is needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.payments import Payment
from bot.domain.refunds import RefundState
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import Day
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import OWNER, Group, Operator


@pytest.fixture
async def payment(house: House, sqlite_database: Database) -> Payment:
    return await paid_for(house, sqlite_database)


async def paid_for(house: House, database: Database, months: int = 1) -> Payment:
    order = await house.orders.place(ANNA, ["wa-1"], months)
    link = await house.payments.start(ANNA, order.id, "fake")
    begun = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert begun is not None
    fake = house.refunds._gateways["fake"]
    await house.callbacks.receive("fake", fake.pay(begun.reference))  # type: ignore[attr-defined]  # the fake's own
    paid = await database.read(lambda tx: tx.payments.get(link.payment_id))
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
    assert "✅ 500\N{NO-BREAK SPACE}₽ возвращено." in done.text
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


@pytest.fixture
async def dear(house: House, sqlite_database: Database) -> Payment:
    """A year at once: from 5 000 ₽ on it takes a second person."""
    return await paid_for(house, sqlite_database, months=12)


async def test_a_second_person_agrees_on_the_card(
    house: House, sqlite_database: Database, group: Group, clara: Operator, dear: Payment
) -> None:
    await group.hang_up_news()
    await clara.says(f"/refund {dear.id} 6000 ошибка")
    await clara.taps("Вернуть 6", group.newest)
    assert await state_of(sqlite_database, dear) is RefundState.PROPOSED
    (card,) = await group.hang_up_news()
    assert "ждёт второго человека" in card.text
    await clara.taps("Подтвердить", card)
    assert await state_of(sqlite_database, dear) is RefundState.PROPOSED, "the second person is another id"
    olga = group.person(OWNER)
    await olga.taps("Подтвердить", group.telegram.messages[card.id])
    await olga.taps("Да, вернуть", group.telegram.messages[card.id])
    assert await state_of(sqlite_database, dear) is RefundState.DONE
    assert "Olga" in group.telegram.messages[card.id].text


async def test_a_customers_wish_is_taken_up_or_declined(
    house: House, sqlite_database: Database, group: Group, clara: Operator, payment: Payment
) -> None:
    await house.refund_wishes.ask(ANNA, payment.id, "оплатила дважды")
    card = (await group.hang_up_news())[-1]
    assert "просит возврат" in card.text and "оплатила дважды" in card.text
    await clara.taps("Отказать", card)
    await clara.replies(group.newest, "услуга оказана")
    assert await state_of(sqlite_database, payment) is RefundState.DECLINED
    assert not group.telegram.messages[card.id].buttons
    await house.refund_wishes.ask(ANNA, payment.id, "оплатила дважды")
    card = (await group.hang_up_news())[-1]
    await clara.taps("Возврат", card)
    assert "оплатила дважды" in group.newest.text
    await clara.taps("Вернуть 990", group.newest)
    assert await state_of(sqlite_database, payment) is RefundState.DONE


async def test_what_could_not_be_sent_is_tried_again_or_sent_by_hand(
    house: House, sqlite_database: Database, group: Group, clara: Operator, payment: Payment
) -> None:
    house.refunds._gateways["fake"].day = Day.REFUSES  # type: ignore[attr-defined]  # the fake's own
    await clara.says(f"/refund {payment.id} 100 ошибка")
    await clara.taps("Вернуть 100", group.newest)
    card = (await group.hang_up_news())[-1]
    await clara.taps("Переводом", card)
    await clara.taps("Да, вручную", group.telegram.messages[card.id])
    task = (await group.hang_up_news())[-1]
    assert "Верните 100" in task.text
    await clara.taps("Отправлено", task)
    await clara.replies(group.newest, "118/22.11.2026")
    assert await state_of(sqlite_database, payment) is RefundState.DONE
    assert "118/22.11.2026" in group.telegram.messages[task.id].text


async def test_a_lost_answer_takes_two_who_looked(
    house: House, sqlite_database: Database, group: Group, clara: Operator, payment: Payment
) -> None:
    fake = house.refunds._gateways["fake"]
    fake.replay_window, fake.day = timedelta(0), Day.SILENT  # type: ignore[attr-defined]  # the fake's own
    await clara.says(f"/refund {payment.id} 100 ошибка")
    await clara.taps("Вернуть 100", group.newest)
    card = (await group.hang_up_news())[-1]
    await clara.taps("Не ушли", card)
    await clara.taps("Да, в кабинете этого нет", group.telegram.messages[card.id])
    assert "Должен посмотреть и второй" in group.telegram.messages[card.id].text
    olga = group.person(OWNER)
    await olga.taps("Вижу то же самое", group.telegram.messages[card.id])
    await olga.taps("Да, проверено", group.telegram.messages[card.id])
    assert await state_of(sqlite_database, payment) is RefundState.FAILED
