"""Kinds of values that settings have in common."""

from __future__ import annotations

import ipaddress
import json
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def listed(value: object) -> object:
    """JSON as .env.example shows it, or simply commas: `[1, 2]` and `1, 2` are the same list."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("is not a list such as [1, 2]") from None


def _network(value: object) -> object:
    try:
        return ipaddress.ip_network(str(value))
    except ValueError:
        raise ValueError("is not an address or a network such as 10.0.0.0/8") from None


def _zone(value: object) -> object:
    try:
        return ZoneInfo(value) if isinstance(value, str) else value
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is not a time zone") from None


Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(listed)]
Networks = Annotated[
    tuple[Annotated[Network, BeforeValidator(_network)], ...], NoDecode, BeforeValidator(listed)
]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
