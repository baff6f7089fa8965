"""The seller's CSV of connectors, read line by line; a spreadsheet's habits are understood or told kindly."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.domain.catalogue import Catalogue
from bot.domain.errors import ImportRefused
from bot.domain.imports import ImportedConnector
from bot.services import connector_fields as fields
from bot.services.connector_fields import BadField

COLUMNS = ("id", "kind", "title", "tariff", "paid_until", "telegram_id", "phone", "email")
SAVE_AS_UTF8 = 'save it as "CSV UTF-8" in the spreadsheet'


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
        tariff = fields.read_tariff(row["tariff"], catalogue.tariffs)
        return ImportedConnector(
            line=line,
            id=fields.read_id(row["id"]),
            kind=fields.read_words("kind", row["kind"] or catalogue.tariffs[tariff].kind),
            title=fields.read_words("title", row["title"]),
            tariff=tariff,
            paid_until=fields.read_date(row["paid_until"]),
            telegram_id=fields.read_telegram_id(row["telegram_id"]),
            phone=fields.read_phone(row["phone"]),
            email=fields.read_email(row["email"]),
        )
    except BadField as problem:
        return f"line {line}: {problem}"
