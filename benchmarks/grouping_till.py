"""The till with the real delivery to a Telegram over HTTP, and what its books say the group was told."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from sqlalchemy import func, select

from benchmarks.till import Till, listener_app, serve, standing
from bot.domain.notices import OPERATORS
from bot.domain.states import NoticeState
from bot.domain.takings import Span
from bot.i18n import choose_default, speaking
from bot.middlewares.send_rate import SendRate
from bot.storage.ledger import source
from bot.storage.tables import accounts, outbox, transfers
from bot.storage.tx import Tx
from bot.workers.delivery import Delivery


@dataclass(frozen=True)
class Told:
    """A notice for the group, and after how many seconds it, or the digest that tells it, was there."""

    kind: str
    seconds: float
    needs_person: bool
    folded: bool


def told(tx: Tx) -> list[Told]:
    rows = {row.id: row for row in tx.connection.execute(select(outbox).where(outbox.c.address == OPERATORS))}

    def teller(row: Any) -> Any:
        return teller(rows[row.folded_into]) if row.folded_into else row

    return [
        Told(
            row.kind,
            (teller(row).sent_at - row.created_at).total_seconds(),
            not row.informs,
            bool(row.folded_into),
        )
        for row in rows.values()
    ]


def waiting(tx: Tx) -> int:
    query = select(func.count()).where(outbox.c.address == OPERATORS, outbox.c.state == NoticeState.DUE.value)
    return int(tx.connection.scalar(query) or 0)


def came(tx: Tx) -> int:
    """By the ledger, in minor units."""
    query = select(func.sum(transfers.c.minor)).join(accounts, accounts.c.id == transfers.c.from_account)
    return int(tx.connection.scalar(query.where(accounts.c.name == source("fake"))) or 0)


class Group:
    def __init__(self, till: Till) -> None:
        self._till = till

    async def waiting(self, _request: web.Request) -> web.Response:
        return web.json_response({"waiting": await self._till.database.read(waiting)})

    async def told(self, _request: web.Request) -> web.Response:
        house, database = self._till.house, self._till.database
        today = house.takings.today()
        report = await house.takings.report(Span(today, today))
        notices = await database.read(told)
        return web.json_response(
            {
                "ledger": await database.read(came),
                "report": report.total("RUB").came.minor,
                "notices": [vars(each) for each in notices],
            }
        )


def delivery(till: Till, telegram: int) -> Delivery:
    api = TelegramAPIServer.from_base(f"http://127.0.0.1:{telegram}")
    bot = Bot("42:BENCH", session=AiohttpSession(api=api))
    bot.session.middleware(SendRate())
    return Delivery(bot, till.house.outbox, speak=speaking, operators_language="ru")


async def main(wishes: dict[str, Any]) -> None:
    choose_default("ru")
    async with standing(wishes, lambda till: delivery(till, wishes["telegram"])) as till:
        group, app = Group(till), listener_app(till)
        app.router.add_get("/bench/waiting", group.waiting)
        app.router.add_get("/bench/told", group.told)
        await serve(app)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
