"""Sums as people type them, and those that are offered to be tapped."""

from __future__ import annotations

import re

from bot.domain.errors import CustomerError
from bot.domain.money import Limits, Money

_SUM = re.compile(r"(\d{1,12}(?:[.,]\d{1,2})?)([^\d.,+-]{0,9})\.?", re.ASCII)
_UNITS = {
    "RUB": ("₽", "р", "руб", "рубль", "рубля", "рублей", "rub"),
    "BYN": ("br", "р", "руб", "рубль", "рубля", "рублей", "рублёў", "рублі", "byn"),
    "KGS": ("с", "сом", "сома", "сомов", "som", "kgs"),
    "KZT": ("₸", "т", "тг", "тенге", "kzt"),
    "USD": ("$", "usd"),
    "EUR": ("€", "eur"),
}
ROUND = (10, 50, 100, 300)
"""Round sums to pick from, in times the least one: 100, 500, 1 000 and 3 000 ₽."""


def read_sum(text: str, currency: str) -> Money:
    """«990», «1 000,50 ₽», "500 руб."; raises for another currency's word and for anything that is no sum."""
    found = _SUM.fullmatch("".join(text.split()).lower())
    if found is None or found[2] not in ("", *_UNITS.get(currency, ())):
        raise CustomerError("bad_amount")
    return Money.typed(found[1], currency)


def within(amount: Money, limits: Limits) -> Money:
    """The same sum; refused with the limits where it is out of them."""
    if amount < limits.least:
        raise CustomerError("sum_too_small", least=limits.least, most=limits.most)
    if amount > limits.most:
        raise CustomerError("sum_too_large", least=limits.least, most=limits.most)
    return amount


def round_sums(limits: Limits) -> list[Money]:
    return [each for times in ROUND if (each := limits.least * times) <= limits.most]
