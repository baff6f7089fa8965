"""Files for the chat: written as a notice, made and sent by the worker, so that no tap waits for them."""

from __future__ import annotations

from bot.domain.documents import Enclosure
from bot.domain.states import Lane
from bot.storage.tx import Tx


def give(tx: Tx, customer_id: int, *files: Enclosure, key: str = "") -> None:
    """Send a customer files he asked for; with a key only once."""
    wanted = [{"kind": file.kind, "subject": dict(file.subject)} for file in files]
    tx.outbox.to_customer(customer_id, "documents", lane=Lane.TAPS, key=key, files=wanted)
