"""Who is named on a paper: the seller, the buyer, and the bank account the money goes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartyKind(StrEnum):
    PERSON = "person"
    ENTREPRENEUR = "entrepreneur"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Party:
    """A buyer or seller as a paper names it. `country` (RU, BY, KG) says whose rules its numbers obey.

    `kpp` is of Russian organisations alone.
    """

    kind: PartyKind
    name: str
    country: str = "RU"
    tax_number: str = ""
    kpp: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a transfer in that currency goes. `correspondent` is "" where a country's banks have none."""

    currency: str
    number: str
    bank: str
    bic: str
    correspondent: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for the seller: «Генеральный директор», «Иванова А. А.»."""

    post: str
    name: str


@dataclass(frozen=True, slots=True)
class SellerDetails:
    """The seller as he stood when a paper was issued."""

    party: Party
    account: BankAccount
    signer: Signer | None = None
    registration: str = ""
    """ОГРН, ОГРНИП or what else his country writes there."""
