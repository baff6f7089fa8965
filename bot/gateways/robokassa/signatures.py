"""What is signed, in which order, and by which hash: every base string of Robokassa, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from bot.gateways.base import signatures_match

OWN_DATA = ("Shp_", "shp_", "SHP_")
"""How the names of the shop's own fields begin; they come back with every message and are signed."""

MODIFIERS = (
    "OutSumCurrency", "UserIp", "Receipt", "StepByStep", "ResultUrl2", "SuccessUrl2", "SuccessUrl2Method",
    "FailUrl2", "FailUrl2Method", "Token",
)  # fmt: skip
"""Fields that are signed when they are sent, in this order; one that is not sent leaves no empty slot."""


class Signer:
    """One shop's way of signing: every message of it uses the hash that its cabinet is set to."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm.lower()
        self.digest("")

    def digest(self, text: str) -> str:
        return hashlib.new(self._algorithm, text.encode(), usedforsecurity=False).hexdigest()

    def matches(self, claimed: str, bases: Iterable[str]) -> bool:
        """Whether it is the signature of one of these; Robokassa writes it in capitals, others do not."""
        lowered = claimed.lower()
        return any(signatures_match(lowered, self.digest(base)) for base in bases)


def payment(fields: Mapping[str, str], password1: str) -> str:
    """The payment page: of all that is optional, only the number keeps its slot when it is not sent."""
    head = [fields["MerchantLogin"], fields["OutSum"], fields.get("InvId", "")]
    modifiers = [fields[name] for name in MODIFIERS if name in fields]
    return ":".join([*head, *modifiers, password1, *own_data(fields)])


def charge(fields: Mapping[str, str], password1: str) -> str:
    """A repeated payment by the card of an earlier one, whose own number is not signed."""
    head = [fields["MerchantLogin"], fields["OutSum"], fields["InvoiceID"]]
    modifiers = [fields[name] for name in ("Receipt", "ResultUrl2") if name in fields]
    return ":".join([*head, *modifiers, password1, *own_data(fields)])


def capture(login: str, out_sum: str, number: str, password1: str, receipt: str = "") -> str:
    """Taking held money."""
    return ":".join(filter(None, [login, out_sum, number, receipt, password1]))


def release(login: str, number: str, password1: str) -> str:
    """Letting held money go: the sum's slot stays, empty."""
    return f"{login}::{number}:{password1}"


def state(login: str, number: str, password2: str) -> str:
    """Asking what became of an operation."""
    return f"{login}:{number}:{password2}"


def told(fields: Mapping[str, str], password: str) -> list[str]:
    """What Robokassa tells: ResultURL with password #2, SuccessURL with password #1.

    There are two, because its own programs differ in how they sort names that differ in case.
    """
    bases = []
    for order in (str, str.casefold):
        own = own_data(fields, sorted(own_names(fields), key=order))
        bases.append(":".join([fields["OutSum"], fields["InvId"], password, *own]))
    return bases if bases[0] != bases[1] else bases[:1]


def own_names(fields: Iterable[str]) -> list[str]:
    return [name for name in fields if name.startswith(OWN_DATA)]


def own_data(fields: Mapping[str, str], names: Sequence[str] | None = None) -> list[str]:
    """The shop's own fields as they are signed: name=value, by name."""
    return [f"{name}={fields[name]}" for name in names or sorted(own_names(fields))]
