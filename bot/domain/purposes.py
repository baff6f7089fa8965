"""Numbers of our invoices in what a payer's bookkeeper typed as the purpose of a transfer."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.invoices import invoice_number

_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЅЈΑΒΕΗΙΚΜΝΟΡΤΥΧΖ",
    "ABEKMHOPCTYXISJABEHIKMNOPTYXZ",
)
"""Letters of the Cyrillic and Greek alphabets that nobody tells from Latin ones by eye."""

_DASHES = re.compile(r"[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d_~-]+")
_BLANKS_AT_DASH = re.compile(r"\s*-\s*")
_BLANKS_AT_SIGN = re.compile(r"(№|N[ºo°]?|#)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"INV\s*-?\s*(20\d\d)\s*-?\s*(0{0,5}\d{1,6})(?!\d)((?:\s+\d+)*)", re.ASCII)
_DIGITS = 6
_MOST_DIGITS = 7
"""One zero too many is a slip; more digits are something else."""


def invoice_numbers(purpose: str) -> tuple[str, ...]:
    """Each number once, as we write it (INV-2026-000123), in the order in which they are named."""
    found = (
        invoice_number(int(year), place)
        for year, digits, behind in _NUMBER.findall(_plain(purpose))
        for place in _places(digits, behind.split())
    )
    return tuple(dict.fromkeys(found))


def _places(digits: str, behind: list[str]) -> list[int]:
    """What the digits may mean: a bank that breaks lines, or a blank, may have cut a number in two.

    Then it is more than one number, and a person says which.
    """
    read = [digits]
    for more in behind:
        if len(read[-1]) < _DIGITS:
            read.append(read[-1] + more)
    return [int(each) for each in read if len(each) <= _MOST_DIGITS and 0 < int(each) < 10**_DIGITS]


def _plain(purpose: str) -> str:
    """As if it had been typed carefully: Latin capitals, one kind of dash, no blanks where none belong."""
    text = unicodedata.normalize("NFKC", purpose).upper().translate(_LOOK_ALIKES)
    text = _BLANKS_AT_DASH.sub("-", _DASHES.sub("-", text))
    return _BLANKS_AT_SIGN.sub(r"\1", text)
