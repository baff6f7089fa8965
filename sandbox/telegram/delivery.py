"""Updates by webhook: several at once, each repeated until the bot says 2xx."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from sandbox import clock
from sandbox.telegram.errors import ApiError
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.server import BotApi, ConnectionDroppedError
from sandbox.telegram.updates import Webhook
from sandbox.telegram.world import World

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
TIMEOUT = aiohttp.ClientTimeout(total=60)


class WebhookDelivery:
    def __init__(self, world: World, api: BotApi) -> None:
        self._world = world
        self._api = api
        self._in_hand: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver for as long as the application lives."""
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            try:
                while True:
                    self._start_what_is_due(session)
                    await self._world.updates.changed.wait()
            finally:
                for task in self._in_hand.values():
                    task.cancel()

    def _start_what_is_due(self, session: aiohttp.ClientSession) -> None:
        webhook = self._world.updates.webhook
        if webhook is None:
            return
        for update in self._world.updates.pending():
            number = update["update_id"]
            if number in self._in_hand or len(self._in_hand) >= webhook.max_connections:
                continue
            self._in_hand[number] = asyncio.create_task(self._deliver(session, update))

    async def _deliver(self, session: aiohttp.ClientSession, update: Json) -> None:
        attempt = 0
        try:
            while webhook := self._world.updates.webhook:
                if await self._accepted(session, webhook, update):
                    self._world.updates.confirm(update["update_id"])
                    break
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
                attempt += 1
        finally:
            del self._in_hand[update["update_id"]]
            self._world.updates.changed.fire()

    async def _accepted(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        if self._world.faults["connection"].value != "works":
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with session.post(
                webhook.url, json=update, headers=headers, allow_redirects=False
            ) as answer:
                if answer.status // 100 == 2:
                    await self._obey(await _asked_in_answer(answer))
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = f"Connection failed: {type(error).__name__}"
        webhook.last_error, webhook.last_error_date = problem, clock.seconds()
        return False

    async def _obey(self, asked: Json) -> None:
        """A webhook's answer may itself be one call, whose result nobody learns."""
        name = str(asked.pop("method", ""))
        if not name:
            return
        try:
            await self._api.run(name, Fields(asked))
        except (ApiError, ConnectionDroppedError):
            return


async def _asked_in_answer(answer: aiohttp.ClientResponse) -> Json:
    if answer.content_type == "application/json":
        body: Any = await answer.json()
        return body if isinstance(body, dict) else {}
    if not answer.content_type.startswith("multipart/"):
        return {}
    asked: Json = {}
    async for part in aiohttp.MultipartReader.from_response(answer):
        if isinstance(part, aiohttp.BodyPartReader) and part.name:
            asked[part.name] = await part.text()
    return asked
