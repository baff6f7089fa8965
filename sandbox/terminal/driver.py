"""The sandbox's terminals and wallets, driven from tests.

async with Terminals("http://127.0.0.1:8085") as terminals:
    paid = await terminals.pays("elsom", "001234566", "480")
    assert paid["stage"] == "paid"
"""

from __future__ import annotations

from sandbox.driver_session import DriverSession, Json


class Terminals(DriverSession):
    async def checks(self, network: str, account: str, amount: str = "1") -> Json:
        """Ask who this code is: stage, result, payer."""
        return await self._act("/control/check", network=network, account=account, sum=amount)

    async def pays(self, network: str, account: str, amount: str, *, txn_id: str = "") -> Json:
        """Put money in, and wait until the network has a final answer."""
        return await self._act("/control/pay", network=network, account=account, sum=amount, txn_id=txn_id)

    async def register(self, network: str, day: str = "") -> tuple[str, bytes]:
        """The file of a day (2026-11-18, today unless said): its name and what is in it."""
        wanted = {"day": day} if day else {}
        async with self.session.get(f"/registers/{network}", params=wanted) as answer:
            name = answer.content_disposition.filename if answer.content_disposition else None
            return name or "", await answer.read()

    async def _act(self, path: str, **body: str) -> Json:
        said: Json = await self.post(path, body)
        return said
