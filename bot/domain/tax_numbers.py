"""Tax numbers and what stands beside them, by the rules of each country.

How Kyrgyz numbers are made inside is confirmed nowhere, so that their length alone counts.
"""

from __future__ import annotations

import re

from stdnum.by import unp
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
from stdnum.ru import inn

from bot.domain.errors import CustomerError
from bot.domain.requisites import PartyKind

COUNTRY_OF = {"RUB": "RU", "BYN": "BY", "KGS": "KG"}
"""Whose rules a payer's numbers obey, by the currency of the invoice; Russia's for any other."""

FIRM_DIGITS, PERSON_DIGITS, BELARUSIAN, KYRGYZ = 10, 12, 9, 14

_NAMED = re.compile(r"^(?:(?:ИНН|INN)(?:\s*/\s*(?:КПП|KPP))?|УНП|UNP)[\s:№]*", re.IGNORECASE)
_WITH_KPP = re.compile(r"^(?P<inn>[0-9]{10})\s*[/\\]\s*(?P<kpp>\S.*)$")
_KPP = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}", re.ASCII)


def country_for(currency: str) -> str:
    return COUNTRY_OF.get(currency, "RU")


def tax_number_length(country: str, kind: PartyKind) -> int:
    match country:
        case "BY":
            return BELARUSIAN
        case "KG":
            return KYRGYZ
    return FIRM_DIGITS if kind is PartyKind.ORGANISATION else PERSON_DIGITS


def normal_tax_number(text: str, country: str, kind: PartyKind) -> str:
    """The number without what people write around it; a CustomerError says what is wrong with it."""
    number = "".join(_NAMED.sub("", text.strip()).split()).replace("-", "").upper()
    match country:
        case "BY":
            return _belarusian(number, kind)
        case "KG":
            return _of_digits(number, KYRGYZ)
    return _russian(number, kind)


def split_kpp(text: str) -> tuple[str, str]:
    """«ИНН/КПП 7707083893/773601001» taken apart; the second is "" where there is one number alone."""
    found = _WITH_KPP.match(_NAMED.sub("", text.strip()))
    return (found["inn"], found["kpp"]) if found else (text, "")


def has_kpp(country: str, kind: PartyKind) -> bool:
    return country == "RU" and kind is PartyKind.ORGANISATION


def normal_kpp(text: str, country: str, kind: PartyKind) -> str:
    """Of Russian organisations alone; it has a shape and no control digit."""
    if not has_kpp(country, kind):
        raise CustomerError("kpp_not_for_this")
    kpp = "".join(re.sub(r"^(?:КПП|KPP)[\s:№]*", "", text.strip(), flags=re.IGNORECASE).split()).upper()
    if _KPP.fullmatch(kpp) is None:
        raise CustomerError("bad_kpp")
    return kpp


def _russian(number: str, kind: PartyKind) -> str:
    firm = kind is PartyKind.ORGANISATION
    other = PERSON_DIGITS if firm else FIRM_DIGITS
    if number.isascii() and number.isdecimal() and len(number) == other and inn.is_valid(number):
        raise CustomerError("tax_number_of_person" if firm else "tax_number_of_firm")
    _of_digits(number, tax_number_length("RU", kind))
    if number.startswith("00") or not inn.is_valid(number):
        raise CustomerError("tax_number_mistyped")
    return number


def _belarusian(number: str, kind: PartyKind) -> str:
    """Persons have letters in front, which are typed in either alphabet."""
    compact = unp.compact(number)
    if kind is PartyKind.ORGANISATION or compact.isdecimal():
        _of_digits(compact, BELARUSIAN)
    elif len(compact) != BELARUSIAN:
        raise CustomerError("tax_number_length", wanted=BELARUSIAN, count=len(compact))
    try:
        return unp.validate(compact)
    except (InvalidChecksum, InvalidComponent):
        raise CustomerError("tax_number_mistyped") from None
    except ValidationError:
        raise CustomerError("tax_number_letters") from None


def _of_digits(number: str, wanted: int) -> str:
    if not (number.isascii() and number.isdecimal()):
        raise CustomerError("tax_number_digits", wanted=wanted)
    if len(number) != wanted:
        raise CustomerError("tax_number_length", wanted=wanted, count=len(number))
    return number
