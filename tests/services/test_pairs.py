"""Any two units of one payer at once: a thousand mixed pairs, no error, and exact books."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from bot.domain.errors import CustomerError
from bot.domain.events import Callback
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, LINE, OWNER, WHATSAPP
from tests.services.money import begun, price_of

PAIRS = 1000

Act = Callable[[], Awaitable[object]]


class Hands:
    """Everything that can happen to Anna's money, each with what is at hand at the moment."""

    def __init__(self, house: House, database: Database, fake: FakeGateway, chance: random.Random) -> None:
        self._house, self._database, self._fake, self._chance = house, database, fake, chance
        self._orders: list[int] = []
        self._references: list[str] = []
        self._callbacks: list[Callback] = []

    def acts(self) -> list[Act]:
        return [self.place, self.pay, self.repeat, self.refund, self.take_back, self.cancel, self.check]

    async def place(self) -> None:
        lines = self._chance.choice([[WHATSAPP], [LINE], [LINE, WHATSAPP]])
        order = await self._house.orders.place(ANNA, lines, 1)
        self._orders.append(order.id)
        self._references.append(await begun(self._house, self._database, order))

    async def pay(self) -> None:
        if self._references:
            callback = self._fake.pay(self._chance.choice(self._references[-5:]))
            self._callbacks.append(callback)
            await self._tell(callback)

    async def repeat(self) -> None:
        if self._callbacks:
            await self._tell(self._chance.choice(self._callbacks[-5:]))

    async def take_back(self) -> None:
        order = await self._house.orders.place(ANNA, [WHATSAPP], 1)
        reference = await begun(self._house, self._database, order)
        await self._tell(self._fake.pay(reference))
        await self._tell(self._fake.refund_by_hand(reference, price_of(order)))

    async def refund(self) -> None:
        history = await self._house.payments.history(ANNA)
        if history.items:
            payment = self._chance.choice(history.items)
            await self._house.refunds.refund(payment.id, payment.amount, who=OWNER, reason="")

    async def cancel(self) -> None:
        if self._orders:
            await self._house.orders.cancel(ANNA, self._chance.choice(self._orders[-5:]))

    async def check(self) -> None:
        history = await self._house.payments.history(ANNA)
        if history.items:
            await self._house.payments.check(ANNA, history.items[0].id)

    async def _tell(self, callback: Callback) -> None:
        reply = await self._house.callbacks.receive("fake", callback)
        assert reply.status == 200, reply


async def test_a_thousand_mixed_pairs_of_one_payer_meet_no_error(
    house: House, database: Database, fake: FakeGateway
) -> None:
    chance = random.Random(20261121)
    hands = Hands(house, database, fake, chance)
    await hands.place()
    for _ in range(PAIRS):
        await asyncio.gather(*(_kindly(chance.choice(hands.acts())) for _ in range(2)))


async def _kindly(act: Act) -> None:
    """What a customer or an operator is told no to is no error."""
    try:
        await act()
    except CustomerError:
        return
