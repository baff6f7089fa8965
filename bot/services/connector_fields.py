"""What may stand in each field of a connector, whether a file, a form or the API brings it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from datetime import date

from bot.domain.contacts import normal_email, normal_phone

LONGEST_ID = 40
LONGEST_WORDS = 64
YEARS = range(2000, 2101)
ID_PATTERN = r"[A-Za-z0-9._/+@#-]{1,40}"
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
    re.compile(
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII
    ),  # as spreadsheets rewrite it
)


class BadField(Exception):
    """A value that is not taken; the message says why and the mend."""


def is_id(text: str) -> bool:
    return re.fullmatch(ID_PATTERN, text) is not None


def read_id(text: str) -> str:
    if not is_id(text):
        raise BadField(f'id "{text[:40]}": use 1 to 40 letters (a-z), digits and . _ - / + @ #')
    return text


def read_words(column: str, text: str) -> str:
    if not 1 <= len(text) <= LONGEST_WORDS or not text.isprintable():
        raise BadField(f'{column} "{text[:40]}": write 1 to {LONGEST_WORDS} characters on one line')
    return text


def read_tariff(text: str, known: Collection[str]) -> str:
    if text in known:
        return text
    near = difflib.get_close_matches(text, known, 1, 0.6)
    raise BadField(
        f'tariff "{text[:40]}" is not in the catalogue: '
        + (f'did you mean "{near[0]}"?' if near else f"it has {', '.join(known)}")
    )


def read_date(text: str) -> date | None:
    """Empty where nothing was ever paid."""
    if not text:
        return None
    found = next((match for pattern in _DATES if (match := pattern.fullmatch(text))), None)
    try:
        if found is not None and int(found["year"]) in YEARS:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise BadField(f'paid_until "{text}": there is no such day') from None
    raise BadField(f'paid_until "{text[:40]}": write it as 2026-12-14')


def read_telegram_id(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 1 << 52:
        raise BadField(f'telegram_id "{text[:40]}": write the number of a person, without a name or a sign')
    return int(text)


def read_phone(text: str) -> str:
    """Spreadsheets take a number's plus away."""
    if not text:
        return ""
    phone = normal_phone(text) or (normal_phone(f"+{text}") if text.isdigit() else None)
    if phone is None:
        raise BadField(f'phone "{text[:40]}": write it with its country, as +7 495 123-45-67')
    return phone


def read_email(text: str) -> str:
    if not text:
        return ""
    email = normal_email(text)
    if email is None:
        raise BadField(f'email "{text[:60]}": write one address, as anna@example.org')
    return email
