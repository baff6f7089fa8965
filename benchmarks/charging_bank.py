"""A bank that charges saved cards, so many a second and a few at once: to what is above it says 429."""

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from benchmarks.bare import Bank, bare_app, serve

CALLS_A_SECOND = 50
AT_ONCE = 10
"""What was not used lately, up to so many: a fifth of a second in which neither process had its turn."""


class ChargingBank(Bank):
    """Remembers what it charged, and the moments of the first and of the last charge."""

    def __init__(self) -> None:
        super().__init__()
        self._room, self._looked = float(AT_ONCE), time.monotonic()  # calls, a part of one as well
        self._first = self._last = 0.0
        self.charges: dict[str, int] = {}
        self.turned_away = 0

    async def make(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        if "payment_method_id" not in wanted:
            return await super().make(request)
        if not self._has_room(time.monotonic()):
            self.turned_away += 1
            return web.json_response({"type": "error", "code": "too_many_requests"}, status=429)
        reference = request.headers["Idempotence-Key"]
        self.charges[reference] = self.charges.get(reference, 0) + 1
        return web.json_response(self.paid(wanted))

    async def told(self, _request: web.Request) -> web.Response:
        twice = sum(times > 1 for times in self.charges.values())
        counts = {"charges": len(self.charges), "twice": twice, "turned_away": self.turned_away}
        return web.json_response(counts | {"seconds": self._last - self._first})

    def _has_room(self, moment: float) -> bool:
        passed, self._looked = moment - self._looked, moment
        self._room = min(self._room + passed * CALLS_A_SECOND, AT_ONCE)
        if self._room < 1:
            return False
        self._room -= 1
        self._first, self._last = self._first or moment, moment
        return True


async def main() -> None:
    bank = ChargingBank()
    app = bare_app(bank)
    app.router.add_get("/bench/charges", bank.told)
    await serve(app)


if __name__ == "__main__":
    asyncio.run(main())
