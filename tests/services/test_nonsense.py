"""What no provider should say and no file should hold, and what becomes of the money all the same."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import AttemptState, ExtensionCause
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import events
from bot.storage.tx import Tx
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, OWNER, WHATSAPP, Count
from tests.services.money import balance, begun, paid_until
from tests.services.test_refunds import make_due


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


async def test_a_line_that_is_paid_for_ever_can_still_be_paid(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    """Sellers write 9999-12-31 for "without end"; money that came for such a line must be booked."""

    def without_end(tx: Tx) -> None:
        line = tx.connectors.get(WHATSAPP)
        assert line is not None
        tx.connectors.extend(line, date.max, anchor_day=31, cause=ExtensionCause.IMPORT)

    await database.write(without_end)
    reply = await house.callbacks.receive("fake", fake.pay(await begun(house, database, order)))
    assert reply.result == "booked"
    assert await paid_until(database, WHATSAPP) == date.max


async def test_money_in_another_currency_can_go_back(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference, Money(500, "USD")))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    attempt = await house.refunds.refund(payment.id, Money(200, "USD"), who=OWNER, reason="")
    assert attempt.state is AttemptState.KNOWN
    assert await balance(database, "USD") == Money(300, "USD")


async def test_a_refund_that_cannot_be_asked_about_holds_up_no_other(
    house: House, database: Database, fake: FakeGateway, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    fake.day = Day.LOST
    made = [await house.refunds.refund(payment.id, Money(100, "RUB"), who=OWNER, reason="") for _ in range(3)]
    fake.day = Day.GOOD
    ask = fake.ask_refund

    async def stumbles(request):  # type: ignore[no-untyped-def]  # it stands in for a method
        if request.reference == made[0].reference:
            raise RuntimeError("a surprise")
        return await ask(request)

    monkeypatch.setattr(fake, "ask_refund", stumbles)
    await make_due(database)
    with pytest.raises(RuntimeError):
        await house.refunds.ask_due()
    known = await database.read(lambda tx: [tx.attempts.get(each.id) for each in made])
    assert [each.state for each in known if each] == ["sent", "known", "known"]


@pytest.mark.parametrize("minor", [0, -99000])
async def test_nothing_and_less_than_nothing_is_not_booked(
    house: House, database: Database, fake: FakeGateway, order: Order, count: Count, minor: int
) -> None:
    callback = fake.pay(await begun(house, database, order), Money(minor, "RUB"))
    assert (await house.callbacks.receive("fake", callback)).status == 403
    assert await count(events) == 0


async def test_a_refund_of_more_than_was_asked_for_is_seen_by_the_proof(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    """The provider says it sent back another sum than we asked: the books follow the money."""
    reference = await begun(house, database, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    fake.day = Day.SILENT
    attempt = await house.refunds.refund(payment.id, Money(10000, "RUB"), who=OWNER, reason="")
    fake.day = Day.GOOD
    told = fake._sent_back(payment.provider_payment, Money(12000, "RUB"), attempt.reference)
    assert (await house.callbacks.receive("fake", fake.callback(told))).status == 200
    assert await balance(database) == Money(-2000, "RUB")
