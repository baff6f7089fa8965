"""Words that let the person who knows a thing recognise it, and tell nobody else what it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

DOT = "•"
LONGEST = 96

_NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d)*")
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~«»„“”‘’–—…№•]+")
"""Whatever is no digit, blank or punctuation: so marks, and letters of any script, never stand beside it."""


def masked(text: str, public: Collection[str] = ()) -> str:
    """«WhatsApp +7 9•• •••-••-67»: the words that everybody knows, first letters, a number's ends."""
    known = {word.casefold() for word in public}
    plain = unicodedata.normalize("NFKC", text)
    hidden = _WORD.sub(lambda found: _word(found[0], known), plain)
    return _NUMBER.sub(lambda found: _number(found[0]), hidden)[:LONGEST]


def masked_email(address: str) -> str:
    """«i***@example.org»: whose it is knows, and how long it is is not told."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def words_of(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def _word(word: str, public: Collection[str]) -> str:
    """How long it is is not told either."""
    return word if word.casefold() in public or len(word) == 1 else word[0] + DOT * 3


def _number(number: str) -> str:
    """A telephone number keeps two digits at either end, a shorter one less, one of two digits itself."""
    count = sum(map(str.isdigit, number))
    if count <= 2:
        return number
    first, last = (2, count - 2) if count >= 7 else (0, count - (2 if count >= 5 else 1))
    place = -1
    shown = []
    for sign in number:
        place += sign.isdigit()
        shown.append(DOT if sign.isdigit() and first <= place < last else sign)
    return "".join(shown)
