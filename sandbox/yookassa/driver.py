"""The sandbox's YooKassa, driven from tests: who paid with which card, what the bot was told.

async with Bank("http://127.0.0.1:8082") as bank:
    payment = await bank.newest()
    await bank.pays(payment, card="insufficient_funds")
    await bank.faults(notifications="off")
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.driver_session import DriverSession, Json

PATIENCE = 15


class Bank(DriverSession):
    async def payments(self) -> list[Json]:
        """Newest first."""
        found: list[Json] = await self.get("/control/payments")
        return found

    async def newest(self) -> Json:
        payments = await self.payments()
        assert payments, "nobody has asked for a payment yet"
        return payments[0]

    async def pays(
        self, payment: Json, *, card: str = "success", method: str = "bank_card", behaviour: str = "pays"
    ) -> Json:
        """A card by its number or by what comes of it: success, 3ds, insufficient_funds, …

        `behaviour` is that of the card from then on, where this payment saves it: see sandbox/cards.py.
        """
        wanted = {"card": card, "method": method, "behaviour": behaviour}
        return await self._act(f"/control/payments/{payment['id']}/pay", **wanted)

    async def cards(self) -> list[Json]:
        """Those that the shop keeps, newest first: token, masked, behaviour, charges."""
        found: list[Json] = await self.get("/control/cards")
        return found

    async def card_behaves(self, card: Json, behaviour: str) -> Json:
        return await self._act(f"/control/cards/{card['token']}", behaviour=behaviour)

    async def sells_elsewhere(self) -> None:
        """Sell something past the bot, through the same shop."""
        async with self.session.post("/cabinet/sell", allow_redirects=False) as answer:
            assert answer.status == 303

    async def expires(self, payment: Json) -> Json:
        return await self._act(f"/control/payments/{payment['id']}/expire")

    async def refunds(self, payment: Json, value: str = "") -> Json:
        """In the cabinet, by hand: all that is left, or a value such as "100.00"."""
        return await self._act(f"/control/payments/{payment['id']}/refund", amount=value)

    async def notifications(self) -> list[Json]:
        """What was sent to the bot, with the answers, oldest first."""
        found: list[Json] = await self.get("/control/notifications")
        return found

    async def calls(self, method: str, path: str) -> list[Json]:
        """What the bot asked of the API, oldest first; status None: no answer yet."""
        found: list[Json] = await self.get("/control/calls")
        return [call for call in found if call["method"] == method and call["path"].startswith(path)]

    async def is_asked(self, method: str, path: str) -> None:
        """Wait until such a call has come."""
        await _until(lambda: self.calls(method, path))

    async def is_heard(self) -> None:
        """Wait until the bot has accepted a notification."""

        async def accepted() -> bool:
            return any(sent["state"] == "accepted" for sent in await self.notifications())

        await _until(accepted)

    async def _act(self, path: str, **body: Any) -> Json:
        answer: Json = await self.post(path, body)
        return answer


async def _until(found: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await found():  # noqa: ASYNC110 (it happens behind HTTP)
            await asyncio.sleep(0.02)
