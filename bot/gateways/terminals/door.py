"""The addresses a network calls from."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address


class Allowed:
    """An allow-list; an empty one lets everybody pass to the next lock."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network]) -> None:
        self._networks = tuple(networks)
        self.holds = lru_cache(maxsize=1024)(self._holds)

    def _holds(self, address: str) -> bool:
        if not self._networks:
            return True
        try:
            caller = ip_address(address)
        except ValueError:
            return False
        caller = getattr(caller, "ipv4_mapped", None) or caller
        return any(caller in network for network in self._networks)
