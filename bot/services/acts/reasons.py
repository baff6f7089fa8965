"""Every act has a reason in words; whoever comes second is told who was first."""

from __future__ import annotations

from typing import NoReturn

from bot.domain.errors import CustomerError
from bot.storage.tx import Tx

REASON_LENGTH = 200


def demand_reason(text: str) -> str:
    """The reason on one line; an act without one is refused."""
    words = " ".join(text.split())[:REASON_LENGTH]
    if not words:
        raise CustomerError("reason_missing")
    return words


def refuse_second(tx: Tx, subject: str, *actions: str) -> NoReturn:
    """Tell whoever came too late who was first."""
    first = tx.audit.last(subject, actions)
    if first is None:
        raise CustomerError("already_done")
    raise CustomerError("done_by", who=first)
