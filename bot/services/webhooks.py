"""What the worker that sends webhooks asks of the books, and what people do with those that were sent."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from bot.domain import periods
from bot.domain.webhooks import (
    EXTENDED,
    SELLER,
    GivenUp,
    Heard,
    Outcome,
    Postponed,
    Queue,
    Webhook,
)
from bot.gateways.courier import Courier, Reply
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

HOUR = 3600
PAUSES = (5, 30, 120, 600, 1800, HOUR, 3 * HOUR, *[6 * HOUR] * 11)
"""Seconds between tries, about three days of them in all; after the last one it is given up."""

SLOW = timedelta(seconds=5)
"""Whoever was told longer ago that his line is being switched on hears when it is."""

log = structlog.get_logger(__name__)


class WebhookService:
    """At least once, under the same name at every try; what was given up waits for `replay`."""

    def __init__(self, database: Database, courier: Courier, vault: Vault) -> None:
        self.database = database
        self._courier = courier
        self._vault = vault

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where anything is sent to at all."""
        return self._courier.addresses

    @reading
    def waiting(self, tx: Tx, room: Mapping[str, int]) -> list[int]:
        return tx.webhooks.waiting(room)

    @transaction
    def take(self, tx: Tx, ids: Sequence[int]) -> list[Webhook]:
        return tx.webhooks.take(ids)

    @transaction
    def take_back(self, tx: Tx) -> None:
        """At start: what a killed process had in hand need not wait until its lease ends."""
        tx.webhooks.take_back()

    async def deliver(self, webhook: Webhook) -> Outcome:
        """Try once. An answer that was lost leaves it unheard, so it is sent again: at least once."""
        try:
            reply = await self._send(webhook)
        except ValueError as lost:
            return GivenUp(webhook, str(lost))
        if reply.well:
            return Heard(webhook)
        if reply.is_gone or webhook.tries > len(PAUSES):
            log.warning("webhook.given_up", kind=webhook.kind, address=webhook.address, why=str(reply))
            return GivenUp(webhook, str(reply))
        pause = max(PAUSES[webhook.tries - 1] * random.uniform(0.8, 1.2), reply.retry_after)  # noqa: S311 (a jitter)
        log.info("webhook.later", kind=webhook.kind, address=webhook.address, why=str(reply))
        return Postponed(webhook, periods.now() + timedelta(seconds=pause), str(reply))

    @transaction
    def note(self, tx: Tx, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of them; operators hear of the dead, customers of lines long awaited."""
        for outcome in outcomes:
            if not tx.webhooks.note(outcome):
                continue
            if isinstance(outcome, GivenUp):
                _tell_operators(tx, outcome)
            elif isinstance(outcome, Heard) and outcome.webhook.kind == EXTENDED:
                _tell_customer(tx, outcome.webhook)

    @reading
    def queues(self, tx: Tx) -> dict[str, Queue]:
        return tx.webhooks_upkeep.queues()

    async def _send(self, webhook: Webhook) -> Reply:
        if webhook.address == SELLER:
            return await self._courier.tell(webhook.reference, periods.now(), written(webhook))
        body, content_type, query = unpacked(self._vault.unseal(webhook.body or b""))
        return await self._courier.forward(
            webhook.address, webhook.reference, body, content_type=content_type, query=query
        )


def written(webhook: Webhook) -> str:
    """The body, the same at every try."""
    told = {"type": webhook.kind, "timestamp": webhook.created_at.isoformat(), "data": webhook.payload}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def packed(body: bytes, content_type: str, query: str) -> bytes:
    """A callback with what is needed to send it on, ready to be sealed."""
    return json.dumps({"type": content_type, "query": query}).encode() + b"\n" + body


def unpacked(packet: bytes) -> tuple[bytes, str, str]:
    """Body, content type and query."""
    head, _, body = packet.partition(b"\n")
    told: dict[str, Any] = json.loads(head)
    return body, str(told["type"]), str(told["query"])


def _tell_operators(tx: Tx, dead: GivenUp) -> None:
    tx.outbox.to_operators(
        "webhook_died",
        informs=True,
        address=dead.webhook.address,
        webhook_kind=dead.webhook.kind,
        connector_id=dead.webhook.connector_id,
        error=dead.error,
    )


def _tell_customer(tx: Tx, webhook: Webhook) -> None:
    """He was told that it is being switched on; if that took its time, he hears when it was."""
    if webhook.was_heard or periods.now() - webhook.created_at < SLOW:
        return
    bought = tx.orders.bought(str(webhook.payload.get("order") or ""), webhook.connector_id)
    if bought is not None:
        customer_id, title = bought
        tx.outbox.to_customer(customer_id, "switched_on", key=webhook.reference, title=title)
