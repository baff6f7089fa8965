"""Addresses outside the house that a setting names: nothing secret travels to them unlocked."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_locked(url: str) -> bool:
    """HTTPS, or HTTP that never leaves this very machine: secrets travel there."""
    address = urlsplit(url)
    is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)
    return is_safe and bool(address.hostname)


def is_near(host: str) -> bool:
    """On one's own machine or network, where http:// is good enough."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def _outside(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise ValueError("is not an address")
    if parts.username or parts.password:
        raise ValueError("holds a password, which the log would show")
    if parts.scheme == "http" and not is_near(parts.hostname):
        raise ValueError("begins with http://, which anybody on the way can read and change")
    return url


OutsideUrl = Annotated[str, AfterValidator(_outside)]
"""HTTPS everywhere but on one's own machine and network; it may have a query."""
