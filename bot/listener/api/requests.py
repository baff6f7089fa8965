"""A request of the seller's system, read strictly: what is not understood whole is not understood."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.domain.seller import Expected, Fault, Once, SellerRefused
from bot.listener.limits import read_body

M = TypeVar("M", bound=BaseModel)

SECONDS_FOR_BODY = 10
LARGEST = 256 * 1024
MOST_FAULTS = 50
_ETAGS = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W/)?"[\x21\x23-\x7e]*"\s*)*')
_STRONG = re.compile(r'(?<!W/)"(\d{1,9})"')
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Body:
    """What came, and the bytes it came as."""

    parsed: Any
    raw: bytes

    def read_as(self, shape: type[M]) -> M:
        """The body in that shape; SellerRefused lists what does not fit."""
        try:
            return shape.model_validate_json(self.raw)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False, include_input=False)
            faults = [Fault(_pointer(each["loc"]), _why(each["msg"])) for each in problems]
            raise SellerRefused("invalid", faults=faults[:MOST_FAULTS]) from None


async def read(request: web.Request) -> Body:
    """The body, bounded in size and time, as JSON that every parser reads alike."""
    if request.content_type != "application/json":
        raise SellerRefused("not-json")
    raw = await read_body(request, SECONDS_FOR_BODY, LARGEST)
    return Body(_parse(raw), raw)


def once(request: web.Request, body: Body) -> Once | None:
    """What makes a repeat of this request known; a key stands for one request to the letter."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if _KEY.fullmatch(key) is None:
        raise SellerRefused("malformed", "Idempotency-Key is 1 to 255 visible ASCII signs")
    said = (
        request.method,
        request.path,
        request.headers.get("If-Match"),
        request.headers.get("If-None-Match"),
    )
    digest = hashlib.sha256(json.dumps(said).encode() + b"\n" + body.raw).hexdigest()
    return Once(key, digest)


def expected(request: web.Request) -> Expected:
    """What the seller believes to find, by If-Match and If-None-Match (RFC 9110)."""
    nothing = request.headers.get("If-None-Match")
    if nothing is not None and nothing.strip() != "*":
        raise SellerRefused("malformed", "If-None-Match is * here, or left out")
    match = request.headers.get("If-Match")
    if match is None:
        return Expected(nothing=nothing is not None)
    if nothing is not None:
        raise SellerRefused("malformed", "If-Match and If-None-Match exclude each other")
    if match.strip() == "*":
        return Expected(something=True)
    if _ETAGS.fullmatch(match) is None:
        raise SellerRefused("malformed", 'If-Match is an ETag as it was sent, such as "7"')
    return Expected(sequences=frozenset(int(number) for number in _STRONG.findall(match)))


def _parse(body: bytes) -> Any:
    """What JSON parsers disagree about is refused: keys that stand twice, NaN, endless nesting."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SellerRefused("malformed", _why_not_json(error)) from None


def _why_not_json(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"not JSON at line {error.lineno}, column {error.colno}"
        case UnicodeDecodeError():
            return "not UTF-8"
        case RecursionError():
            return "nested too deep"
    return str(error)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _pointer(path: tuple[int | str, ...]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _why(message: str) -> str:
    return message.removeprefix("Value error, ")
