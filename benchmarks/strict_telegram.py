"""A Telegram that takes 20 messages a minute for a group and 30 a second over all; others get a 429."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from benchmarks.bare import serve
from tests.telegram import Call, FakeTelegram, Fault, too_many

GROUP_A_MINUTE, OVERALL_A_SECOND = 20, 30


@dataclass
class Window:
    """So many in any time of that length."""

    most: int
    seconds: float
    _lately: deque[float] = field(default_factory=deque)

    def has_room(self, moment: float) -> bool:
        while self._lately and self._lately[0] <= moment - self.seconds:
            self._lately.popleft()
        return len(self._lately) < self.most

    def take(self, moment: float) -> None:
        self._lately.append(moment)

    def opens_after(self, moment: float) -> int:
        """Whole seconds, as Telegram has them."""
        return int(self._lately[0] + self.seconds - moment) + 1


class StrictTelegram(FakeTelegram):
    def __init__(self) -> None:
        super().__init__()
        self.turned_away = 0
        self._overall = Window(OVERALL_A_SECOND, 1.0)
        self._group = Window(GROUP_A_MINUTE, 60.0)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        app.router.add_get("/bench/group", self.group)
        return app

    async def group(self, _request: web.Request) -> web.Response:
        """What the group was told, and when by the clock of this process."""
        told = [{"at": call.at, "text": call.text} for call in self.calls if _is_for_group(call)]
        return web.json_response({"told": told, "turned_away": self.turned_away})

    def _fault(self, call: Call) -> Fault | None:
        windows = [self._overall, self._group] if _is_for_group(call) else [self._overall]
        full = [window for window in windows if not window.has_room(call.at)]
        if full:
            self.turned_away += 1
            return too_many(max(window.opens_after(call.at) for window in full))
        for window in windows:
            window.take(call.at)
        return super()._fault(call)


def _is_for_group(call: Call) -> bool:
    return call.chat_id < 0


if __name__ == "__main__":
    asyncio.run(serve(StrictTelegram().app()))
