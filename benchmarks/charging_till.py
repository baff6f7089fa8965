"""The till with its chat and autopays that are due; `/bench/charge` lets the clock begin with them."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import ColumnElement, Table, and_, func, select

from benchmarks.autopay_rows import fill
from benchmarks.chat_till import with_chat
from benchmarks.till import Till, serve, standing
from bot.domain.autopays import AutopayStep
from bot.domain.periods import now
from bot.domain.states import AttemptKind, AttemptState
from bot.i18n import choose_default
from bot.storage.tables import attempts, autopays
from bot.workers.clock import Chore, Clock

LOOK_EVERY = 5.0
SOON = timedelta(seconds=30)


class Charging:
    """What the running bot's clock does with autopays, from when it is told to."""

    def __init__(self, till: Till) -> None:
        self._till = till
        house = till.house
        self._clock = Clock(
            [
                Chore("charge_autopays", LOOK_EVERY, house.autopay_charging.charge_due),
                Chore("do_autopay_steps", LOOK_EVERY, house.autopay_steps.do_due),
            ]
        )
        self._task: asyncio.Task[None] | None = None

    async def begin(self, _request: web.Request) -> web.Response:
        self._task = asyncio.create_task(self._clock.run())
        return web.json_response({})

    async def left(self, _request: web.Request) -> web.Response:
        """How many are still to be charged or to be heard of, and how many were put off."""
        soon = autopays.c.due_at <= now() + SOON
        to_charge = autopays.c.step == AutopayStep.CHARGE.value
        unheard = and_(
            attempts.c.kind == AttemptKind.CHARGE.value, attempts.c.state != AttemptState.KNOWN.value
        )
        due, open_, later = (
            await self._count(autopays, to_charge & soon),
            await self._count(attempts, unheard),
            await self._count(autopays, to_charge & ~soon),
        )
        return web.json_response({"left": due + open_, "put_off": later})

    async def _count(self, table: Table, where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(where)
        return await self._till.database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))

    async def end(self) -> None:
        self._clock.stop()
        if self._task is not None:
            await self._task


async def main(wishes: dict[str, Any]) -> None:
    choose_default("ru")
    async with standing(wishes) as till, with_chat(till, Path(wishes["folder"])) as app:
        await fill(till.database, wishes["autopays"], due=wishes["autopays"])
        charging = Charging(till)
        app.router.add_get("/bench/charge", charging.begin)
        app.router.add_get("/bench/left", charging.left)
        await serve(app)
        await charging.end()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
