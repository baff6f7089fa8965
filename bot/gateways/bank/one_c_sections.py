"""Cuts an exchange file into its sections, line by line; what it does not know it passes over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.domain.errors import BadStatement
from bot.gateways.bank.encodings import PADDING

FIRST_LINE = "1CClientBankExchange"
LONGEST_LINE = 1 << 20

HEADER, ACCOUNT, DOCUMENT = "", "РасчСчет", "Документ"
PURPOSE = "НазначениеПлатежа"
PURPOSE_PIECES = tuple(f"{PURPOSE}{place}" for place in range(1, 7))

_PURPOSES = frozenset((PURPOSE, *PURPOSE_PIECES))
_WANTED = _PURPOSES | {
    *("РасчСчет", "ДатаНачала", "ДатаКонца"),
    *("НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток"),
    *("Номер", "Сумма", "ДатаПоступило", "ДатаСписано"),
    *("ПлательщикСчет", "ПлательщикРасчСчет", "Плательщик", "Плательщик1", "ПлательщикИНН"),
    *("ПолучательСчет", "ПолучательРасчСчет"),
}
_BEGINS = "Секция"
_BEGINNING = re.compile(rf"{_BEGINS}(\w+)")
_END = re.compile(r"Конец(\w+)")
_ENDS_OF = {DOCUMENT: "Документа", ACCOUNT: ACCOUNT}
_LAST = "Файла"
_LONGEST_PURPOSE = 10_000
"""One that stands in several lines is not gathered beyond it."""


@dataclass(slots=True)
class Section:
    """A part of the file with the fields that count, the first of each name; `line` is where it begins."""

    kind: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)

    def first(self, *names: str) -> str:
        """The first of these fields that is filled."""
        for name in names:
            if value := self.fields.get(name):
                return value.strip()
        return ""


def sections(path: Path, encoding: str) -> Iterator[Section]:
    """Sections in the order of the file; each account that its header names comes as a header of its own.

    A file that does not say that it ends was cut.
    """
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        numbered = enumerate(iter(partial(file.readline, LONGEST_LINE), ""), 1)
        _skip_first(numbered)
        yield from _cut(numbered)
        for number, text in numbered:
            if text.strip(PADDING):
                raise BadStatement("after_end", number)


def _skip_first(numbered: Iterator[tuple[int, str]]) -> None:
    first = next((bare for _number, text in numbered if (bare := text.strip(PADDING))), "")
    if first != FIRST_LINE:
        raise BadStatement("not_a_statement")


def _cut(numbered: Iterator[tuple[int, str]]) -> Iterator[Section]:
    cutter, number = _Cutter(), 1
    for number, text in numbered:
        if len(text) >= LONGEST_LINE:
            raise BadStatement("long_line", number)
        if section := cutter.take(number, text):
            yield section
        if cutter.ended:
            return
    raise BadStatement("cut", number)


class _Cutter:
    """Keeps the section that is open; outside of all others that is the header."""

    def __init__(self) -> None:
        self.ended = False
        self._section = Section(HEADER, 1)
        self._latest = ""

    def take(self, number: int, text: str) -> Section | None:
        """The section that this line completes."""
        name, equals, value = text.partition("=")
        if name in _WANTED:
            return self._field(number, name, value)
        if equals and not name.startswith(_BEGINS):
            self._latest = ""
            return None
        word = name.strip()
        if found := _BEGINNING.fullmatch(word):
            return self._begin(found[1], number)
        if found := _END.fullmatch(word):
            return self._end(found[1], number)
        self._go_on(word)
        return None

    def _field(self, number: int, name: str, value: str) -> Section | None:
        """Pieces of a purpose keep their blanks: whether one was cut shows in its length."""
        self._latest, fields = name, self._section.fields
        if name == ACCOUNT and self._section.kind == HEADER:
            return Section(HEADER, number, {name: value})
        if not fields.get(name):
            fields[name] = value.rstrip("\n") if value.strip() else ""
        return None

    def _go_on(self, word: str) -> None:
        """Some banks leave line ends in the purpose."""
        if self._latest in _PURPOSES and word:
            text = self._section.fields[self._latest]
            self._section.fields[self._latest] = text if len(text) > _LONGEST_PURPOSE else f"{text} {word}"

    def _begin(self, kind: str, number: int) -> Section | None:
        if self._section.kind != HEADER:
            raise BadStatement("cut", number)
        return self._open(Section(kind, number))

    def _end(self, kind: str, number: int) -> Section | None:
        """Sections of unknown kinds may end with any word but the file's own."""
        self.ended = kind == _LAST
        open_kind = self._section.kind
        expected = _ENDS_OF.get(open_kind, kind) if open_kind != HEADER else _LAST
        if kind != expected or self.ended != (open_kind == HEADER):
            raise BadStatement("cut", number)
        return self._open(Section(HEADER, number))

    def _open(self, section: Section) -> Section | None:
        done, self._section, self._latest = self._section, section, ""
        return done if done.kind != HEADER or done.fields else None
