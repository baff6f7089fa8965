"""The till with its chat and a past of many payments; `/bench/report` makes what operators ask of it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import delete

from benchmarks.chat_till import with_chat
from benchmarks.takings_rows import fill
from benchmarks.till import OPERATOR, ZONE, Till, serve, standing
from benchmarks.watch import watch
from bot.documents.registry import Sources, maker_of
from bot.documents.typesetter import Typesetter
from bot.domain import periods
from bot.domain.catalogue_file import read_catalogue
from bot.domain.takings import Span
from bot.i18n import choose_default
from bot.services.takings import facts_of
from bot.storage.tables import report_days


class Reports:
    """What a command of the group costs, from the press until its file could leave."""

    def __init__(self, till: Till) -> None:
        self._house = till.house
        self._database = till.database
        self._sources = Sources(till.house, read_catalogue(Path("catalog.example.toml")), Typesetter())
        self._longest = watch(till.database)

    async def report(self, request: web.Request) -> web.Response:
        """Seconds until it is written down, and until its picture is drawn, which adds it up once more."""
        today = self._house.takings.today()
        span = Span(today - timedelta(days=int(request.query["days"]) - 1), today)
        begun, cpu = time.perf_counter(), time.process_time()
        await self._house.takings.send(OPERATOR, span)
        written = time.perf_counter() - begun
        subject = {"first": span.first.isoformat(), "last": span.last.isoformat()}
        await maker_of("takings")(self._sources, subject, "ru")
        whole, used = time.perf_counter() - begun, time.process_time() - cpu
        return web.json_response({"written": written, "whole": whole, "cpu": used})

    async def waiting(self, _request: web.Request) -> web.Response:
        begun = time.perf_counter()
        await self._house.to_do.waiting(OPERATOR)
        return web.json_response({"whole": time.perf_counter() - begun})

    async def summary(self, _request: web.Request) -> web.Response:
        """The work of one, whatever the hour."""
        begun, today = time.perf_counter(), self._house.takings.today()
        facts_of(await self._house.takings.report(Span(today, today)))
        await self._house.to_do.waiting(OPERATOR)
        return web.json_response({"whole": time.perf_counter() - begun})

    async def forget(self, _request: web.Request) -> web.Response:
        """No day is known as added up any more."""
        await self._database.write(lambda tx: tx.connection.execute(delete(report_days)))
        return web.json_response({})

    async def longest(self, _request: web.Request) -> web.Response:
        return web.json_response(asdict(self._longest))


def midnights(days: int) -> Sequence[datetime]:
    """At which the last days began by the seller's clock, the oldest first."""
    today = periods.today(ZONE)
    return [
        datetime.combine(today - timedelta(days=back), time_of_day(), ZONE) for back in reversed(range(days))
    ]


async def main(wishes: dict[str, Any]) -> None:
    choose_default("ru")
    async with standing(wishes) as till, with_chat(till, Path(wishes["folder"])) as app:
        await fill(till.database, wishes["count"], midnights(wishes["days"]))
        reports = Reports(till)
        for name in ("report", "waiting", "summary", "forget", "longest"):
            app.router.add_get(f"/bench/{name}", getattr(reports, name))
        await serve(app)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
