"""A statement as a file: its form, its letters, its name, and what a bad day does to it."""

import codecs
from dataclasses import dataclass

from sandbox.bank import camt053, one_c
from sandbox.bank.mishaps import CUT
from sandbox.bank.statement import Statement

DOS = "cp866"
PLAIN_QUOTES = str.maketrans("«»„“”", '"' * 5)
"""What DOS has no letters for."""


@dataclass(frozen=True)
class Form:
    """`told` is what the header says of the letters; banks often say one thing and write another."""

    name: str
    title: str
    ending: str
    told: str = ""
    encoding: str = "utf-8"
    mark: bytes = b""

    def write(self, statement: Statement) -> bytes:
        text = one_c.write(statement, self.told) if self.told else camt053.write(statement)
        if self.encoding == DOS:
            text = text.translate(PLAIN_QUOTES)
        return self.mark + text.encode(self.encoding, "replace")


FORMS = {
    form.name: form
    for form in (
        Form("1c", "1С, Windows-1251", "txt", "Windows", "cp1251"),
        Form("1c-utf8", "1С, UTF-8 BOM", "txt", "Windows", mark=codecs.BOM_UTF8),
        Form("1c-dos", "1С, DOS (cp866)", "txt", "DOS", DOS),
        Form("camt053", "camt.053 (XML)", "xml"),
    )
}


def file_of(form: Form, statement: Statement, fault: str) -> tuple[str, bytes]:
    """Its name and what is in it."""
    content = form.write(statement)
    if fault == CUT:
        content = content[: len(content) * 2 // 3]
    days = f"{statement.since:%Y%m%d}-{statement.until:%Y%m%d}"
    return f"{form.name}_{statement.account.number[-4:]}_{days}.{form.ending}", content
