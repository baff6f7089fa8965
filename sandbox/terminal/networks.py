"""The payment networks of the street: each has its currency, its clock and its habits in the protocol."""

import re
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

LOCAL = "127.0.0.0/8"
SYMBOLS = {"KGS": "сом", "RUB": "₽", "BYN": "Br", "KZT": "₸"}


@dataclass(frozen=True)
class Network:
    """`number` names the element that must echo a payment's number; `posts`: a form, else a query."""

    name: str
    title: str
    currency: str
    zone: ZoneInfo
    secret: str
    number: str = "osmp_txn_id"
    posts: bool = False
    wallet: bool = False
    password: str = ""
    """For HTTP Basic, where the contract has it; the name is the network's own."""
    notes: tuple[int, ...] = (100, 200, 500, 1000)
    """Sums that people are offered with one touch."""

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.currency]


NETWORKS = {
    network.name: network
    for network in (
        Network("elsom", "Elsom", "KGS", ZoneInfo("Asia/Bishkek"), "elsom-only-in-the-sandbox", wallet=True),
        Network("bereke", "Береке", "KGS", ZoneInfo("Asia/Bishkek"), "bereke-only-in-the-sandbox"),
        Network(
            "gorod",
            "Город",
            "RUB",
            ZoneInfo("Europe/Moscow"),
            "gorod-only-in-the-sandbox",
            posts=True,
            password="basic",
        ),
        Network(
            "kassa",
            "Касса",
            "BYN",
            ZoneInfo("Europe/Minsk"),
            "kassa-only-in-the-sandbox",
            number="txn_id",
            notes=(5, 10, 20, 50),
        ),
        Network(
            "tenge",
            "Tenge",
            "KZT",
            ZoneInfo("Asia/Almaty"),
            "tenge-only-in-the-sandbox",
            number="txn_id",
            posts=True,
            wallet=True,
            notes=(500, 1000, 2000, 5000),
        ),
    )
}


def bot_settings() -> dict[str, str]:
    """What the bot's settings say of these networks."""
    lines = {}
    for network in NETWORKS.values():
        prefix = f"TERMINALS__{network.name.upper()}__"
        lines[f"{prefix}SECRET"] = network.secret
        lines[f"{prefix}CURRENCY"] = network.currency
        lines[f"{prefix}ELEMENT"] = network.number
        lines[f"{prefix}ALLOW"] = LOCAL
        if network.password:
            lines |= {f"{prefix}USER": network.name, f"{prefix}PASSWORD": network.password}
    return lines


def parse_sum(text: str) -> Decimal | None:
    """What a person typed, as money with two places; None for what is not a sum to pay."""
    typed = text.strip().replace(" ", "").replace(",", ".")
    if re.fullmatch(r"\d{1,6}(\.\d{1,2})?", typed, re.ASCII) is None:
        return None
    return Decimal(typed).quantize(Decimal("0.01")) or None
