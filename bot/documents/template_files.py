"""The templates of papers: the shipped ones, and an operator's own that stand before them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.errors import KassirError

SHIPPED = Path(__file__).with_name("templates")

_PLACE = re.compile(r"┌─ (.+):(\d+):(\d+)")
_PACKAGE = re.compile(r'"@[^"\n]*"')


class TemplateBroken(KassirError):
    """A template that typst does not take; the message names the file, the line and the mend."""


@dataclass(frozen=True, slots=True)
class Templates:
    """The text of each template by file name. Files beside them (a logo) are read from `folder`."""

    folder: Path
    texts: Mapping[str, bytes]
    own: frozenset[str] = field(default_factory=frozenset)
    """Names of the operator's."""

    @classmethod
    def shipped(cls) -> Templates:
        return cls(SHIPPED, _read(SHIPPED))

    @classmethod
    def with_own(cls, folder: Path) -> Templates:
        """The operator's in front: those of ours that he left alone use his, and his use ours.

        Raises TemplateBroken where the folder cannot be read, or a template wants what would be fetched.
        """
        try:
            own = _read(folder)
        except (OSError, UnicodeDecodeError) as trouble:
            raise TemplateBroken(f"{folder} cannot be read: {trouble}") from None
        for name, text in own.items():
            _refuse_packages(name, text)
        return cls(folder, _read(SHIPPED) | own, frozenset(own))

    @property
    def strangers(self) -> tuple[str, ...]:
        """Files of the operator's that have no counterpart: misspelt, unless others of his import them."""
        return tuple(sorted(self.own - _read(SHIPPED).keys()))


def diagnosed(template: str, diagnostic: str, hints: list[str]) -> str:
    """typst's word in one line: «invoice.typ, line 3: unknown variable: foo (hint: …)»."""
    says = diagnostic.partition("\n")[0].removeprefix("error: ").removeprefix("warning: ")
    place = _PLACE.search(diagnostic)
    where = f"{Path(place[1]).name}, line {place[2]}" if place else template
    hint = f" ({'; '.join(hints)})" if hints else ""
    return f"{where}: {says}{hint}"


def _read(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.typ"))}
    return {name: text.encode() for name, text in texts.items()}


def _refuse_packages(name: str, text: bytes) -> None:
    """typst would fetch them from the net while a customer waits."""
    for number, line in enumerate(text.decode().splitlines(), 1):
        if found := _PACKAGE.search(line):
            raise TemplateBroken(
                f"{name}, line {number}: packages such as {found[0]} are not fetched "
                "(put its files beside the template and import them by name)"
            )
