"""Everything that is kept of a person, as a file he can read."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from bot.documents.registry import Sources, Subject, document
from bot.domain.documents import File
from bot.domain.money import Money
from bot.domain.periods import now
from bot.i18n import wall_clock

JSON = "application/json; charset=utf-8"


@document("personal_data")
async def personal_data(sources: Sources, subject: Subject, _language: str) -> File:
    """Of `customer_id`: tables and columns as the books name them, sums and times as people write them."""
    found = await sources.house.personal_data.everything(int(subject["customer_id"]))
    whole = {
        "made_at": wall_clock(now()).isoformat(timespec="seconds"),
        "by": sources.catalogue.seller.legal_name,
        "data": {name: [_row(row) for row in rows] for name, rows in found.items()},
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2, default=_written)
    return File(f"my-data-{now():%Y-%m-%d}.json", JSON, text.encode())


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """What is empty is left out, and a sum is one thing."""
    told = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    minor, currency = told.pop("minor", None), told.pop("currency", None)
    if minor is not None and currency is not None:
        told["amount"] = str(Money(minor, currency))
    elif currency is not None:
        told["currency"] = currency
    return told


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return wall_clock(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
