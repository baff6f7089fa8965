"""The loop that sends webhooks: its own, so that a slow seller holds up neither notices nor callbacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.domain.webhooks import Outcome, Webhook
from bot.services.webhooks import WebhookService
from bot.workers.sending import SendingWorker

AT_ONCE = 16
"""So many to one address."""


class WebhookWorker(SendingWorker[Webhook, str, Outcome]):
    """Sends webhooks; its roads are the addresses they go to. Without any it ends at once."""

    def __init__(self, webhooks: WebhookService) -> None:
        super().__init__("webhook")
        self._webhooks = webhooks

    async def run(self) -> None:
        if self._webhooks.addresses:
            await super().run()

    async def run_dry(self) -> None:
        if self._webhooks.addresses:
            await super().run_dry()

    async def _take(self, taken: Counter[str]) -> Iterable[tuple[Webhook, str]]:
        room = {address: AT_ONCE - taken[address] for address in self._webhooks.addresses}
        ids = await self._webhooks.waiting(room) if any(room.values()) else []
        return [(webhook, webhook.address) for webhook in (await self._webhooks.take(ids) if ids else ())]

    async def _deliver(self, item: Webhook) -> Outcome:
        return await self._webhooks.deliver(item)

    async def _note(self, outcomes: list[Outcome]) -> None:
        await self._webhooks.note(outcomes)
