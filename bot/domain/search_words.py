"""Words that people and things are found by: folded, so that no way of writing hides anybody.

Four sorts stand side by side: words of names; e-mail addresses as a whole; @names; and telephone numbers
backwards after a <, so that their last digits are a beginning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_QUERY = 256
MOST_WORDS_ASKED = 6
MOST_WORDS_KEPT = 24
LONGEST_WORD = 64
FEWEST_DIGITS = 4
"""Fewer tell nobody from another."""
FEWEST_SIGNS = 3
"""Of an address or an @name that is not written to its end."""

_LETTERS = str.maketrans("өүұңқғіґł", "оуункгигl")
"""Kyrgyz and Belarusian letters as those write them who lack the keys."""
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d){5,}")
_TYPED_NUMBER = re.compile(r"\+?[\d\s().\u2010-\u2013-]+")
_CHAT_ADDRESS = re.compile(r"(?:https?://)?t\.me/", re.IGNORECASE)


def cleaned(text: str) -> str:
    """One line of what can be printed, and no more of it than anybody asks for."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_QUERY])
    return " ".join(line.split())


def folded(text: str) -> str:
    """Small letters without their marks: «Алёна Ө.» is «алена о.», as «Ўладзімір» is «уладзимир»."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def words_in(text: str) -> list[str]:
    """The words of a name, each once, in their order."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(folded(text))))


def words_of(
    *names: str, username: str = "", email: str = "", phone: str = "", title: str = ""
) -> frozenset[str]:
    """Everything that a person or a thing may be found by; a `title` may hold a number."""
    kept = dict.fromkeys(word for name in (*names, title) for word in words_in(name))
    found = set(list(kept)[:MOST_WORDS_KEPT])
    if username:
        found.add("@" + folded(username)[:LONGEST_WORD])
    if email:
        found.add(folded(email)[:LONGEST_QUERY])
    for number in (phone, *_NUMBER.findall(title)):
        found |= set(_backwards([_digits(number)]))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for: as it stands, and what words that are kept may begin with."""

    text: str
    words: tuple[str, ...]
    """All of which a name must have, each begun like this."""
    beginnings: tuple[str, ...]
    """One of which an address, an @name or a number backwards must begin with."""
    digits: str
    """Of what is a number however it is written; "" for anything else."""


def wanted(text: str) -> Wanted:
    """Read what was typed: never a pattern, whatever signs are in it."""
    line = _CHAT_ADDRESS.sub("@", cleaned(text)).lstrip("№#").strip()
    is_number = _TYPED_NUMBER.fullmatch(line) is not None
    digits = _digits(line) if is_number else ""
    has_address = "@" in line and " " not in line
    return Wanted(
        text=line,
        words=() if has_address else tuple(words_in(line)[:MOST_WORDS_ASKED]),
        beginnings=tuple(_backwards(_ends(line, digits)) if digits else _signs(folded(line))),
        digits=digits,
    )


def _signs(line: str) -> Iterable[str]:
    if " " in line or len(line) < FEWEST_SIGNS or not (line[0].isalnum() or line[0] == "@"):
        return []
    return [line] if "@" in line else [line, "@" + line]


def _ends(line: str, digits: str) -> list[str]:
    """The number without what dials a country or a town: 8 999, 80 29, 0 555, 00 7 and +7 alike."""
    if line.startswith("+"):
        return [digits]
    if digits.startswith("00"):
        return [digits[2:]]
    if digits.startswith("80") and len(digits) == 11:
        return [digits[2:], digits[1:]]
    if digits.startswith("8") and len(digits) == 11:
        return [digits[1:]]
    return [digits.lstrip("0")]


def _backwards(numbers: Iterable[str]) -> list[str]:
    return ["<" + digits[::-1][:LONGEST_WORD] for digits in numbers if len(digits) >= FEWEST_DIGITS]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
