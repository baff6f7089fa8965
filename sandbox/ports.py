"""Which ports the sandbox takes, and whether they are free."""

import random
import socket
from dataclasses import astuple, dataclass, fields

BELOW_EPHEMERAL = range(20_000, 32_000)


class PortTaken(Exception):
    """Somebody else listens where the sandbox wants to."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken, perhaps by another demo that still runs.")


@dataclass(frozen=True)
class Ports:
    page: int
    bot: int
    bank: int
    terminal: int
    seller: int
    webpay: int
    robokassa: int
    mailbox: int
    smtp: int
    transfers: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        return cls(*range(base, base + len(fields(cls))))

    def addresses(self, host: str) -> "Addresses":
        return Addresses(*(f"http://{host}:{port}" for port in astuple(self)))

    def check(self, host: str) -> None:
        for port in astuple(self):
            if not _is_free(host, port):
                raise PortTaken(port)


@dataclass(frozen=True)
class Addresses:
    """Where each of them is, for programs on this machine."""

    page: str
    bot: str
    bank: str
    terminal: str
    seller: str
    webpay: str
    robokassa: str
    mailbox: str
    smtp: str
    transfers: str


def free_ports(host: str = "127.0.0.1") -> Ports:
    """Free ports in a row, below the ephemeral range, where no client's socket can sit."""
    for _ in range(100):
        ports = Ports.from_base(random.choice(BELOW_EPHEMERAL))
        if all(_is_free(host, port) for port in astuple(ports)):
            return ports
    raise PortTaken(BELOW_EPHEMERAL.start)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True
