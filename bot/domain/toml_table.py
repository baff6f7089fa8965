"""One table of a TOML file, asked key by key; whatever is wrong is told with its line and the mend."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable
from typing import NoReturn

from bot.domain.errors import CatalogueError
from bot.domain.toml_lines import Path, key_lines

_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class Table:
    """A table that knows where it stands. Every key must be asked for, or `only` calls it unknown."""

    def __init__(self, values: dict[str, object], path: Path, source: Source) -> None:
        self.values = values
        self.path = path
        self.source = source

    def __contains__(self, key: str) -> bool:
        return key in self.values

    @property
    def name(self) -> str:
        return ".".join(str(key) for key in self.path)

    def only(self, known: Collection[str]) -> None:
        """Refuse keys nobody asks for: a slip of the pen must not be passed over in silence."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, list(known), 1, 0.6)
                mend = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}"
                self.wrong(key, f'unknown key "{key}"', mend)

    def wrong(self, key: str | int | None, reason: str, mend: str) -> NoReturn:
        self.source.wrong(self.path if key is None else (*self.path, key), reason, mend)

    def string(self, key: str, default: str | None = None, *, example: str = "…") -> str:
        value = self.values.get(key, default)
        if value is None:
            self.wrong(None, f'"{key}" is missing{self._place()}', f'add {key} = "{example}"')
        if not isinstance(value, str):
            self.wrong(key, f'"{key}" is not a text', f'put it in quotes: {key} = "{_shown(value)}"')
        if default is None and not value.strip():
            self.wrong(key, f'"{key}" is empty', f'write {key} = "{example}"')
        return value.strip()

    def choice(self, key: str, among: Collection[str], default: str | None = None) -> str:
        options = ", ".join(f'"{option}"' for option in among)
        if key not in self.values and default is None:
            self.wrong(None, f'"{key}" is missing{self._place()}', f"add {key} = one of {options}")
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in among:
            self.wrong(key, f'{key} "{_shown(value)}" is not known', f"write one of {options}")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, f'"{key}" is not a yes or no', f"write {key} = true or {key} = false")
        return value

    def number(self, key: str, usual: int, *, most: int, least: int = 1) -> int:
        value = self.values.get(key, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(key, f'{key} "{_shown(value)}"', f"write a whole number from {least} to {most}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.wrong(key, f'"{key}" is not a list of texts', f'write {key} = ["…", "…"]')
        return tuple(value)

    def table(self, key: str) -> Table:
        """The table under a key, an empty one where it is missing."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f'"{key}" is not a table', f"write it as [{'.'.join([*self._names(), key])}]")
        return Table(value, (*self.path, key), self.source)

    def tables(self, key: str) -> Iterable[Table]:
        """The tables of an array `[[key]]`, none where it is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(key, f'"{key}" is not a list of tables', f"write each as [[{key}]]")
        return [Table(each, (*self.path, key, place), self.source) for place, each in enumerate(value)]

    def _names(self) -> list[str]:
        return [str(key) for key in self.path]

    def _place(self) -> str:
        return f" in [{self.name}]" if self.path else ""


class Source:
    """A whole TOML file: its tables, and the line of everything in them."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        try:
            values = tomllib.loads(text, parse_float=str)  # 990.00 stays the text it was written as
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(f"{name} {_toml_mistake(error, text)}") from None
        self.top = Table(values, (), self)
        self._lines = key_lines(text)

    def wrong(self, path: Path, reason: str, mend: str) -> NoReturn:
        raise CatalogueError(f"{self.name} line {self.line(path)}: {reason}: {mend}")

    def line(self, path: Path) -> int:
        """The line of a key, or of the nearest table around it that is written down."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _toml_mistake(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Say where the file stops being TOML, and the usual mend."""
    found = _AT.fullmatch(str(error))
    reason = found[1] if found else str(error)
    line = int(found[2]) if found and found[2] else text.count("\n") + 1
    written = text.split("\n")[line - 1].strip()[:60]
    return f"line {line}: not TOML ({reason}): {_toml_mend(reason, written)}"


def _toml_mend(reason: str, written: str) -> str:
    if re.search(r"overwrite|declare|twice|mutate|redefine", reason):
        return f'"{written}" stands twice, or is both a value and a table: keep one'
    if re.search(r"=\s*\d+,\d", written):
        return 'write amounts in quotes and with a point: "990.00"'
    if reason.startswith("Invalid value"):
        return 'texts stand in quotes: name = "…"'
    if "newline" in reason or "control character" in reason or "Illegal character" in reason:
        return "a text or a list is not closed on this line"
    return f'look at "{written}"'


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:40]
