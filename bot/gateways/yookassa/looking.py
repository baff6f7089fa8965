"""Finding a payment by our mark where no id is known, as an answer was lost. The API has no filter for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.periods import now
from bot.gateways.yookassa import answers
from bot.gateways.yookassa.api import Api

CLOCKS_DIFFER = timedelta(minutes=10)
AT_ONCE = timedelta(minutes=1)
"""Nearly every payment is created so soon: it is looked for there first, not in a busy shop's whole day."""


async def by_mark(
    api: Api, reference: str, within: timedelta, sent: datetime | None = None
) -> Mapping[str, Any] | None:
    """The payment that bears it, created `within` that time after it was first asked for, or until now."""
    for window in _windows(within, sent):
        async for raw in api.payments(window):
            if answers.mark(raw) == reference:
                return raw
    return None


def _windows(within: timedelta, sent: datetime | None) -> Iterator[dict[str, str]]:
    if sent is not None and sent + AT_ONCE < now():
        yield {"created_at.gte": written(sent - AT_ONCE), "created_at.lte": written(sent + AT_ONCE)}
    begun = sent or now() - within
    window, end = {"created_at.gte": written(begun - CLOCKS_DIFFER)}, begun + within + CLOCKS_DIFFER
    yield window | ({"created_at.lte": written(end)} if end < now() else {})


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
