"""A seller's CSV, read line by line; a spreadsheet's habits are understood or told kindly."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from bot.domain.errors import ImportRefused
from bot.services.connector_fields import BadField

T = TypeVar("T")

SAVE_AS_UTF8 = 'save it as "CSV UTF-8" in the spreadsheet'


@dataclass(frozen=True, slots=True)
class CsvTable(Generic[T]):
    """`columns` must stand in the header, `optional` may; `read` makes a row of a line's number and texts."""

    columns: Sequence[str]
    read: Callable[[int, Mapping[str, str]], T]
    optional: Collection[str] = ()

    def rows(self, path: Path) -> Iterator[T | str]:
        """Each row, or a sentence that begins with its line's number; no file is ImportRefused."""
        try:
            with path.open("rb") as file:
                yield from self._rows(file)
        except OSError as error:
            raise ImportRefused([f"{path} cannot be read: {error.strerror}"]) from None

    def _rows(self, file: BinaryIO) -> Iterator[T | str]:
        lines = _Lines(file)
        try:
            header = next(lines, "")
            separator = max((",", ";", "\t"), key=header.count)
            names = self._names(next(csv.reader([header], delimiter=separator), []))
            table = csv.reader(lines, delimiter=separator, strict=True)
            while (begins := lines.number + 1) and (values := next(table, None)) is not None:
                if any(value.strip() for value in values):
                    yield self._row(begins, names, values)
        except (csv.Error, UnicodeError) as error:
            yield f"line {lines.number}: {_why_unreadable(error)}"
        except BadField as problem:
            yield f"line 1: {problem}"

    def _names(self, header: list[str]) -> list[str]:
        names = [name.strip().lower() for name in header]
        if missing := [name for name in self.columns if name not in names]:
            raise BadField(f"the header lacks {', '.join(missing)}: write {','.join(self.columns)}")
        known = [*self.columns, *self.optional]
        if twice := [name for name in known if names.count(name) > 1]:
            raise BadField(f"the header has {', '.join(twice)} twice: keep one")
        if strange := [name for name in names if name not in known]:
            raise BadField(f'unknown column "{strange[0][:40]}": the columns are {",".join(known)}')
        return names

    def _row(self, line: int, names: list[str], values: list[str]) -> T | str:
        if len(values) != len(names):
            counts = f"{len(values)} values under {len(names)} columns"
            return f"line {line}: {counts}: put a text with a separator in quotes"
        try:
            return self.read(line, {name: value.strip() for name, value in zip(names, values, strict=True)})
        except BadField as problem:
            return f"line {line}: {problem}"


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
