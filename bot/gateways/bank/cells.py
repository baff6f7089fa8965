"""What stands in one field of a bank's file: sums, days, names, and text that is safe to keep."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from bot.domain.errors import BadStatement

LONGEST_NAME = 300
LONGEST_PURPOSE = 2000
"""Banks allow 210 characters; what is far beyond it is not worth keeping."""

_SUM = re.compile(r"(-?)(\d{1,15})(?:[.,](\d{1,2})0*)?", re.ASCII)
_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2})(?:T.*)?", re.ASCII)
_TAX_NUMBER = r"(?:ИНН|INN|УНП|UNP)\s*:?\s*(\d{9,14})\b(?:\s*/?\s*(?:КПП\s*:?\s*)?\d{9}\b)?[\s,;/]*"
_LEADING_TAX_NUMBER = re.compile(rf"^\W*{_TAX_NUMBER}", re.IGNORECASE)
_NO_NUMBER = re.compile(r"0*")


def clean(text: str, longest: int) -> str:
    """One line of printable text: no blanks in a row, nothing that a database or a chat chokes on."""
    joined = " ".join(text.split())
    if not joined.isprintable():
        joined = "".join(letter for letter in joined if letter.isprintable())
    return joined[:longest].rstrip()


def bad_sum(text: str, line: int) -> BadStatement:
    return BadStatement("bad_sum", line, told=clean(text, 40))


def minor_units(text: str, line: int) -> int:
    """Hundredths of "1500.00", "1500,5" or "1 500"; a file with anything else is refused."""
    found = _SUM.fullmatch("".join(text[:60].split()))
    if found is None:
        raise bad_sum(text, line)
    sign, whole, fraction = found.groups(default="")
    minor = int(whole + fraction.ljust(2, "0"))
    return -minor if sign else minor


def day(text: str, line: int) -> date:
    found = _day(text.strip()[:40])
    if found is None:
        raise BadStatement("bad_day", line, told=clean(text, 40))
    return found


@lru_cache(maxsize=1024)
def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        told = date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None
    return told if 1990 <= told.year < 2100 else None


def account_number(text: str) -> str:
    """As the catalogue writes it: no blanks, capitals."""
    return "".join(text.split()).upper()[:64]


def payer(name: str, tax_number: str) -> tuple[str, str]:
    """Name and tax number apart: banks write «ИНН 7707083893 ООО "Ромашка"» into the name."""
    name, number = clean(name, LONGEST_NAME), clean(tax_number, 20)
    if _NO_NUMBER.fullmatch(number):
        number = ""
    if found := _LEADING_TAX_NUMBER.match(name):
        number, name = number or found[1], name[found.end() :]
    return name, "" if _NO_NUMBER.fullmatch(number) else number
