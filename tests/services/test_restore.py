"""Older books, and the providers' lists: what a restore lost comes back once, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.services.house import build_house
from bot.storage.backup import backup, restore
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, CASHIER, OWNER, WHATSAPP, give_anna_her_lines, surroundings
from tests.services.money import balance, begun, notices, paid_until, price_of


class Till:
    """A house that can be set back to how it was when `remember` was called."""

    def __init__(self, url: str, copy: Path, fake: FakeGateway, catalogue: Catalogue) -> None:
        self._url, self._copy, self._fake, self._catalogue = url, copy, fake, catalogue
        self.database = Database.connect(url)
        self.since: datetime = periods.now()

    async def open(self) -> None:
        self.database = Database.connect(self._url)
        await self.database.start()
        self.house = build_house(self.database, surroundings(self._catalogue, self._fake))

    def remember(self) -> None:
        self._copy.unlink(missing_ok=True)
        backup(self._url, self._copy)

    async def fall_back(self) -> None:
        """The disk is lost; the books of `remember` are put in place and the providers are asked."""
        await self.database.close()
        restore(self._url, self._copy)
        await self.open()
        await self.house.reconcile.since(self.since)
        await self.house.reconcile.since(self.since)


@pytest.fixture
async def till(
    sqlite_url: str, tmp_path: Path, fake: FakeGateway, catalogue: Catalogue
) -> AsyncIterator[Till]:
    till = Till(sqlite_url, tmp_path / "copy.db", fake, catalogue)
    await till.open()
    await till.house.customers.greet(ANNA, name="Anna", language="en")
    await till.database.write(give_anna_her_lines)
    yield till
    proof = await till.house.books.prove()
    await till.database.close()
    assert proof.disagreements == []


async def placed(till: Till) -> tuple[Order, str]:
    order = await till.house.orders.place(ANNA, [WHATSAPP], 1)
    return order, await begun(till.house, till.database, order)


async def test_money_of_a_payment_that_was_open_is_booked_again(till: Till, fake: FakeGateway) -> None:
    order, reference = await placed(till)
    till.remember()
    await till.house.callbacks.receive("fake", fake.pay(reference))
    until = await paid_until(till.database, WHATSAPP)
    await till.fall_back()
    assert (await till.house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    assert await paid_until(till.database, WHATSAPP) == until
    assert await balance(till.database) == Money(0, "RUB")


async def test_money_of_a_payment_that_was_lost_waits_for_an_operator(till: Till, fake: FakeGateway) -> None:
    till.remember()
    order, reference = await placed(till)
    await till.house.callbacks.receive("fake", fake.pay(reference))
    await till.fall_back()
    (card,) = await till.house.desk.open_cards(CASHIER)
    event = int(card.subject.removeprefix("event:"))
    await till.house.desk.give_to_customer(CASHIER, card.id, event, ANNA)
    assert await balance(till.database) == price_of(order)


async def test_a_refund_that_was_lost_is_no_debt_of_the_customer(till: Till, fake: FakeGateway) -> None:
    order, reference = await placed(till)
    await till.house.callbacks.receive("fake", fake.pay(reference))
    payment = await till.database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    till.remember()
    await till.house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for it")
    await till.fall_back()
    assert (await till.house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED
    assert await balance(till.database) == Money(0, "RUB")
    assert "taken_back" not in await notices(till.database), "we sent it back ourselves"


async def test_a_payment_and_its_refund_that_were_both_lost_leave_nothing(
    till: Till, fake: FakeGateway
) -> None:
    till.remember()
    order, reference = await placed(till)
    await till.house.callbacks.receive("fake", fake.pay(reference))
    payment = await till.database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    await till.house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for it")
    await till.fall_back()
    assert await till.house.desk.open_cards(CASHIER) == []


async def test_a_refund_on_its_way_when_the_books_were_copied_arrives(till: Till, fake: FakeGateway) -> None:
    order, reference = await placed(till)
    await till.house.callbacks.receive("fake", fake.pay(reference))
    payment = await till.database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    fake.refunds_end = "unfinished"
    await till.house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for it")
    till.remember()
    await till.fall_back()
    assert "refunded" in await notices(till.database)
    assert await balance(till.database) == Money(0, "RUB")
