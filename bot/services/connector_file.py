"""The seller's CSV of connectors, read line by line; a spreadsheet's habits are understood or told kindly."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from bot.domain.catalogue import Catalogue
from bot.domain.contacts import normal_email, normal_phone
from bot.domain.errors import ImportRefused
from bot.domain.imports import ImportedConnector

COLUMNS = ("id", "kind", "title", "tariff", "paid_until", "telegram_id", "phone", "email")
LONGEST_WORDS = 64
YEARS = range(2000, 2101)
SAVE_AS_UTF8 = 'save it as "CSV UTF-8" in the spreadsheet'
_ID = re.compile(r"[A-Za-z0-9._/+@#-]{1,40}")
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
    re.compile(
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII
    ),  # as spreadsheets rewrite it
)


class BadField(Exception):
    """A value that is not taken; the message says why and the mend."""


def read_connectors(path: Path, catalogue: Catalogue) -> Iterator[ImportedConnector | str]:
    """Each line as a connector, or as a sentence that begins with its number; no file is ImportRefused."""
    try:
        with path.open("rb") as file:
            yield from _read(file, catalogue)
    except OSError as error:
        raise ImportRefused([f"{path} cannot be read: {error.strerror}"]) from None


def _read(file: BinaryIO, catalogue: Catalogue) -> Iterator[ImportedConnector | str]:
    lines = _Lines(file)
    try:
        header = next(lines, "")
        separator = max((",", ";", "\t"), key=header.count)
        columns = _columns(next(csv.reader([header], delimiter=separator), []))
        table = csv.reader(lines, delimiter=separator, strict=True)
        while (begins := lines.number + 1) and (values := next(table, None)) is not None:
            if any(value.strip() for value in values):
                yield _row(begins, columns, values, catalogue)
    except (csv.Error, UnicodeError) as error:
        yield f"line {lines.number}: {_why_unreadable(error)}"
    except BadField as problem:
        yield f"line 1: {problem}"


class _Lines:
    """Decodes line by line: a wrong encoding has its line, and a big file is never held whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        raw = next(self._file)
        self.number += 1
        return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")


def _why_unreadable(error: csv.Error | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return f"this is not UTF-8 (a spreadsheet's own encoding, perhaps Windows-1251): {SAVE_AS_UTF8}"
    return f"this is not CSV ({error}): close every quotation mark, and {SAVE_AS_UTF8}"


def _columns(header: list[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    if missing := [name for name in COLUMNS if name not in names]:
        raise BadField(f"the header lacks {', '.join(missing)}: write {','.join(COLUMNS)}")
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        raise BadField(f"the header has {', '.join(twice)} twice: keep one")
    if strange := [name for name in names if name not in COLUMNS]:
        raise BadField(f'unknown column "{strange[0][:40]}": the columns are {",".join(COLUMNS)}')
    return names


def _row(line: int, columns: list[str], values: list[str], catalogue: Catalogue) -> ImportedConnector | str:
    if len(values) != len(columns):
        counts = f"{len(values)} values under {len(columns)} columns"
        return f"line {line}: {counts}: put a text with a separator in quotes"
    row = {name: value.strip() for name, value in zip(columns, values, strict=True)}
    try:
        tariff = _tariff(row["tariff"], catalogue.tariffs)
        return ImportedConnector(
            line=line,
            id=_id(row["id"]),
            kind=_words("kind", row["kind"] or catalogue.tariffs[tariff].kind),
            title=_words("title", row["title"]),
            tariff=tariff,
            paid_until=_date(row["paid_until"]),
            telegram_id=_telegram_id(row["telegram_id"]),
            phone=_phone(row["phone"]),
            email=_email(row["email"]),
        )
    except BadField as problem:
        return f"line {line}: {problem}"


def _id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        raise BadField(f'id "{text[:40]}": use 1 to 40 letters (a-z), digits and . _ - / + @ #')
    return text


def _words(column: str, text: str) -> str:
    if not 1 <= len(text) <= LONGEST_WORDS or not text.isprintable():
        raise BadField(f'{column} "{text[:40]}": write 1 to {LONGEST_WORDS} characters on one line')
    return text


def _tariff(text: str, known: Collection[str]) -> str:
    if text in known:
        return text
    near = difflib.get_close_matches(text, known, 1, 0.6)
    raise BadField(
        f'tariff "{text[:40]}" is not in the catalogue: '
        + (f'did you mean "{near[0]}"?' if near else f"it has {', '.join(known)}")
    )


def _date(text: str) -> date | None:
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


def _telegram_id(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 1 << 52:
        raise BadField(f'telegram_id "{text[:40]}": write the number of a person, without a name or a sign')
    return int(text)


def _phone(text: str) -> str:
    """Spreadsheets take a number's plus away."""
    if not text:
        return ""
    phone = normal_phone(text) or (normal_phone(f"+{text}") if text.isdigit() else None)
    if phone is None:
        raise BadField(f'phone "{text[:40]}": write it with its country, as +7 495 123-45-67')
    return phone


def _email(text: str) -> str:
    if not text:
        return ""
    email = normal_email(text)
    if email is None:
        raise BadField(f'email "{text[:60]}": write one address, as anna@example.org')
    return email
