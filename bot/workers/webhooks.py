"""The loop that sends webhooks: its own, so that a slow seller holds up neither notices nor callbacks."""

from __future__ import annotations

import asyncio
from collections import Counter

import structlog

from bot.domain.webhooks import Outcome, Webhook
from bot.services.webhooks import WebhookService

AT_ONCE = 16
"""So many to one address; a slow one takes no other's room."""

POLL_SECONDS = 1.0
GATHER_SECONDS = 0.02
DRAIN_SECONDS = 5.0

log = structlog.get_logger(__name__)


class WebhookWorker:
    """Any number may run side by side; `database.when_committed(worker.wake)` makes it look at once."""

    def __init__(self, webhooks: WebhookService) -> None:
        self._webhooks = webhooks
        self._news = asyncio.Event()
        self._on_their_way: dict[asyncio.Task[None], str] = {}
        self._outcomes: list[Outcome] = []
        self._stopping = False

    def wake(self) -> None:
        self._news.set()

    def stop(self) -> None:
        """Take nothing more; `run` returns when what is on its way has ended, or was given up."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        if not self._webhooks.addresses:
            return
        while not self._stopping:
            try:
                await self._round()
            except Exception:  # a worker's loop: it goes on when the books answer again
                log.exception("webhooks.round_failed")
                await asyncio.sleep(POLL_SECONDS)
            await self._wait_for_news()
        await self._drain()

    async def _round(self) -> None:
        await self._write_down()
        taken = Counter(self._on_their_way.values())
        room = {address: AT_ONCE - taken[address] for address in self._webhooks.addresses}
        ids = await self._webhooks.waiting(room) if any(room.values()) else []
        for webhook in await self._webhooks.take(ids) if ids else ():
            self._on_their_way[asyncio.create_task(self._see_off(webhook))] = webhook.address

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
                await asyncio.sleep(GATHER_SECONDS)
        except TimeoutError:
            pass
        self._news.clear()

    async def _see_off(self, webhook: Webhook) -> None:
        try:
            self._outcomes.append(await self._webhooks.deliver(webhook))
        except Exception:  # a worker's loop: its lease ends, and it is tried again
            log.exception("webhook.failed", kind=webhook.kind, address=webhook.address)
        finally:
            task = asyncio.current_task()
            assert task is not None
            del self._on_their_way[task]
            self._news.set()

    async def _write_down(self) -> None:
        """Keep the outcomes until they are written: if the books are shut now, they are not forgotten."""
        outcomes = self._outcomes[:]
        if outcomes:
            await self._webhooks.note(outcomes)
            del self._outcomes[: len(outcomes)]

    async def _drain(self) -> None:
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=DRAIN_SECONDS)
        given_up = list(self._on_their_way)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        await self._write_down()
