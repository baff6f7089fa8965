"""Lists as the API gives them: newest first, filtered, page by page with a cursor."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.money import Json

EQUAL = ("status", "payment_id")
COMPARED = ("created_at", "captured_at")


def one_page(items: Iterable[Json], query: Mapping[str, str]) -> Json:
    """The page that begins at the cursor; the answer has a cursor only when more follows."""
    limit = _limit(query)
    matching = [item for item in items if _matches(item, query)]
    start = _start(matching, query.get("cursor"))
    page: Json = {"type": "list", "items": matching[start : start + limit]}
    if start + limit < len(matching):
        page["next_cursor"] = matching[start + limit]["id"]
    return page


def _limit(query: Mapping[str, str]) -> int:
    limit = query.get("limit", "10")
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise invalid("limit", "Must be from 1 to 100")
    return int(limit)


def _start(items: list[Json], cursor: str | None) -> int:
    if cursor is None:
        return 0
    for at, item in enumerate(items):
        if item["id"] == cursor:
            return at
    raise invalid("cursor", "Unknown cursor")


def _matches(item: Json, query: Mapping[str, str]) -> bool:
    same = all(item.get(name) == query[name] for name in EQUAL if name in query)
    method = query.get("payment_method")
    if method and item.get("payment_method", {}).get("type") != method:
        return False
    return same and all(_within(item.get(name), name, query) for name in COMPARED)


def _within(written: str | None, name: str, query: Mapping[str, str]) -> bool:
    bounds = {end: query[f"{name}.{end}"] for end in ("gte", "gt", "lte", "lt") if f"{name}.{end}" in query}
    if not bounds:
        return True
    if written is None:
        return False
    moment = datetime.fromisoformat(written)
    limits = {end: _moment(bound, f"{name}.{end}") for end, bound in bounds.items()}
    return (
        ("gte" not in limits or moment >= limits["gte"])
        and ("gt" not in limits or moment > limits["gt"])
        and ("lte" not in limits or moment <= limits["lte"])
        and ("lt" not in limits or moment < limits["lt"])
    )


def _moment(written: str, parameter: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise invalid(parameter, "Must be a date and time in ISO 8601") from None
    if moment.tzinfo is None:
        raise invalid(parameter, "The time zone is missing")
    return moment
