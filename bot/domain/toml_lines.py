"""Where each key of a TOML text stands: tomllib reads values and forgets their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys from the top of the document, with a number for each place in an array: ("phones", 0, "number")."""

_PIECE = re.compile(
    r"""(?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}[\s\S]*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<skipped>[ \t\r]+|\#[^\n]*)
    |(?P<mark>[\[\]{}=,.\n])
    |(?P<bare>[^\s\[\]{}=,.\#"']+)""",
    re.VERBOSE | re.DOTALL,
)
_END = ""


def key_lines(text: str) -> Mapping[Path, int]:
    """The line of every table, key and array element of a text that tomllib has accepted."""
    scan = _Scan(text)
    scan.document()
    return scan.lines


class _Scan:
    """Walks over the pieces of a valid document; being valid, it needs no errors of its own."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._pieces = list(_pieces(text))
        self._at = 0

    def document(self) -> None:
        table: Path = ()
        while (piece := self._peek()) != _END:
            if piece == "\n":
                self._next()
            elif piece == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`; the name of an array of tables means its last element so far."""
        line = self._line()
        self._next()
        is_array = self._peek() == "["
        if is_array:
            self._next()
        keys = self._keys("]")
        if is_array:
            self._next()
        path: Path = ()
        for place, key in enumerate(keys):
            path = self._note((*path, key), line)
            if is_array and place == len(keys) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = self._note((*path, self._counts[path]), line)
        return path

    def _pair(self, table: Path) -> None:
        line, path = self._line(), table
        for key in self._keys("="):
            path = self._note((*path, key), line)
        self._value(path)

    def _keys(self, closing: str) -> list[str]:
        keys = []
        while (piece := self._next()) != closing:
            if piece != ".":
                keys.append(_unquoted(piece))
        return keys

    def _value(self, path: Path) -> None:
        if self._peek() == "{":
            self._inline_table(path)
        elif self._peek() == "[":
            self._array(path)
        else:
            while self._peek() not in {"\n", ",", "]", "}", _END}:  # 990.00 and dates are several pieces
                self._next()

    def _inline_table(self, path: Path) -> None:
        self._next()
        while (piece := self._peek()) != "}":
            if piece in {",", "\n"}:
                self._next()
            else:
                self._pair(path)
        self._next()

    def _array(self, path: Path) -> None:
        self._next()
        place = 0
        while (piece := self._peek()) != "]":
            if piece in {",", "\n"}:
                self._next()
                continue
            self._value(self._note((*path, place), self._line()))
            place += 1
        self._next()

    def _note(self, path: Path, line: int) -> Path:
        self.lines.setdefault(path, line)
        return path

    def _peek(self) -> str:
        return self._pieces[self._at][0]

    def _line(self) -> int:
        return self._pieces[self._at][1]

    def _next(self) -> str:
        piece = self._peek()
        self._at += 1
        return piece


def _pieces(text: str) -> list[tuple[str, int]]:
    pieces = []
    line = 1
    for found in _PIECE.finditer(text):
        piece = found.group()
        if found.lastgroup != "skipped":
            pieces.append((piece, line))
        line += piece.count("\n")
    return [*pieces, (_END, line)]


def _unquoted(key: str) -> str:
    return key[1:-1] if key[0] in "\"'" else key
