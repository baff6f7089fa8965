"""Facts of a notice as JSON and back: money, dates and moments come out as they went in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.domain.money import Money

_MONEY = {"minor", "currency"}


def to_json(value: Any) -> Any:
    match value:
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case dict():
            return {key: to_json(part) for key, part in value.items()}
        case list() | tuple():
            return [to_json(part) for part in value]
    return value


def from_json(value: Any) -> Any:
    match value:
        case {"minor": int(minor), "currency": str(currency)} if value.keys() == _MONEY:
            return Money(minor, currency)
        case {"at": str(text)} if len(value) == 1:
            return datetime.fromisoformat(text)
        case {"date": str(text)} if len(value) == 1:
            return date.fromisoformat(text)
        case dict():
            return {key: from_json(part) for key, part in value.items()}
        case list():
            return [from_json(part) for part in value]
    return value
