"""Requisites as an operator types them from the telephone, in one line."""

from __future__ import annotations

import re

from bot.domain.errors import CustomerError
from bot.domain.payer_details import PayerDetails
from bot.domain.requisites import PartyKind

COUNTRIES = {"RUB": "RU", "BYN": "BY", "KGS": "KG"}
"""Whose rules the numbers of a payer obey who pays in that currency."""

_FIRM = re.compile(r"(\d{9,14})[ ,/]+(?:(\d{9})[ ,/]+)?([^;]+?)(?:;(.*))?", re.DOTALL)
_ENTREPRENEUR_NUMBER = {"RU": 12}
_ENTREPRENEUR = re.compile(r"(?:ИП|ЖИ|Индивидуальн\w+ предпринимател\w+)\b", re.IGNORECASE)


def read_requisites(words: str, currency: str) -> PayerDetails:
    """«7707083893 770701001 ООО «Ромашка»; Москва, Тверская, 1», or the name alone of a private person."""
    country = COUNTRIES.get(currency)
    if country is None:
        raise CustomerError("method_gone")
    text = words.strip()
    if not text[:1].isdigit():
        return PayerDetails(PartyKind.PERSON, country, text)
    found = _FIRM.fullmatch(text)
    if found is None:
        raise CustomerError("requisites_words")
    number, kpp, name, address = (part.strip() if part else "" for part in found.groups())
    is_alone = len(number) == _ENTREPRENEUR_NUMBER.get(country) or _ENTREPRENEUR.match(name) is not None
    kind = PartyKind.ENTREPRENEUR if is_alone else PartyKind.ORGANISATION
    return PayerDetails(kind, country, name, number, kpp, address)
