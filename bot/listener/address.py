"""Who is asking: X-Forwarded-For is believed only as far as proxies we trust wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TrustedProxies:
    """The networks whose X-Forwarded-For is believed; a header from anybody else is ignored."""

    def __init__(self, networks: Iterable[str | Network] = ()) -> None:
        self._networks: tuple[Network, ...] = tuple(ip_network(network, strict=False) for network in networks)
        self._knows = lru_cache(maxsize=1024)(self._in_networks)

    def trusts(self, address: str) -> bool:
        return bool(self._networks) and self._knows(address)

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """Walk from the connection outwards, through trusted hops, to the first one that is not ours.

        `forwarded` are the X-Forwarded-For lines in the order they came; junk ends the walk, since nobody
        we trust vouches for what stands left of it.
        """
        if not forwarded or not self.trusts(peer):
            return peer
        hops = ",".join(forwarded).split(",")
        while hops and self.trusts(peer):
            hop = read_hop(hops.pop())
            if hop is None:
                break
            peer = str(hop)
        return peer

    def _in_networks(self, address: str) -> bool:
        known = read_hop(address)
        return known is not None and any(known in network for network in self._networks)


def read_hop(text: str) -> Address | None:
    """The address in "203.0.113.9", "203.0.113.9:4711", "[2001:db8::1]:443"; None for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))  # without the zone: it means nothing here
    return address


def is_loopback(address: str) -> bool:
    hop = read_hop(address)
    return hop is not None and hop.is_loopback


def neighbourhood(address: str) -> str:
    """Whom a limit counts as one: an address, or the /64 that one IPv6 subscriber gets."""
    hop = read_hop(address)
    if isinstance(hop, IPv6Address):
        return str(ip_network((hop, 64), strict=False))
    return str(hop or address)
