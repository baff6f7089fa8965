"""What a paper has to know of its buyer, checked field by field: each refusal says what to mend."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.domain.contacts import demand_email
from bot.domain.errors import CustomerError
from bot.domain.requisites import Party, PartyKind
from bot.domain.tax_numbers import has_kpp, normal_kpp, normal_tax_number

NAME_LENGTH = 160
"""What a bank's payment order holds for a payer's name."""
ADDRESS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class PayerDetails:
    """A payer as his papers name him, and where they go besides the chat."""

    kind: PartyKind
    country: str
    name: str
    tax_number: str = ""
    kpp: str = ""
    address: str = ""
    email: str = ""

    @property
    def party(self) -> Party:
        return Party(self.kind, self.name, self.country, self.tax_number, self.kpp, self.address)


def needs_tax_number(kind: PartyKind) -> bool:
    """A person may leave it out."""
    return kind is not PartyKind.PERSON


def needs_address(kind: PartyKind) -> bool:
    """An organisation's stands on the closing papers; an entrepreneur's is where he lives."""
    return kind is PartyKind.ORGANISATION


def checked(details: PayerDetails) -> PayerDetails:
    """The same, each field in its normal form; a CustomerError names the first that is wrong."""
    kind, country = details.kind, details.country
    return PayerDetails(
        kind=kind,
        country=country,
        name=normal_name(details.name),
        tax_number=_tax_number(details),
        kpp=normal_kpp(details.kpp, country, kind) if details.kpp or has_kpp(country, kind) else "",
        address=_address(details),
        email=demand_email(details.email) if details.email else "",
    )


def normal_name(text: str) -> str:
    """In one line, quotes and all; refused where it is longer than banks take."""
    name = _one_line(text)
    if not name:
        raise CustomerError("title_missing")
    if len(name) > NAME_LENGTH:
        raise CustomerError("payer_name_too_long", most=NAME_LENGTH, count=len(name))
    return name


def normal_address(text: str) -> str:
    address = _one_line(text)
    if not any(letter.isalpha() for letter in address):
        raise CustomerError("bad_address")
    if len(address) > ADDRESS_LENGTH:
        raise CustomerError("address_too_long", most=ADDRESS_LENGTH, count=len(address))
    return address


def _tax_number(details: PayerDetails) -> str:
    if not details.tax_number and not needs_tax_number(details.kind):
        return ""
    return normal_tax_number(details.tax_number, details.country, details.kind)


def _address(details: PayerDetails) -> str:
    if not details.address and not needs_address(details.kind):
        return ""
    return normal_address(details.address)


def _one_line(text: str) -> str:
    """Without line ends, control characters, and marks that nobody sees."""
    visible = (" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text)
    return " ".join("".join(each for each in visible if unicodedata.category(each) != "Cf").split())
