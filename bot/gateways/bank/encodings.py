"""In which letters a file is written: found out from its bytes, because headers often err."""

from __future__ import annotations

import codecs
from pathlib import Path

from bot.domain.errors import BadStatement

CHUNK = 1 << 18
PADDING = "\ufeff\x00\x1a \t\r\n"
"""What editors and DOS programs leave before and after the text."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_KEYWORDS = ("ВерсияФормата", "Кодировка", "СекцияРасчСчет", "СекцияДокумент")


def encoding_of(path: Path) -> str:
    """A mark at the beginning, else strict UTF-8, else the one of cp866 and cp1251 that makes sense."""
    beginning = beginning_of(path)
    marked = _mark(beginning)
    if marked and not _decodes(path, marked):
        raise BadStatement("bad_letters")
    if marked:
        return marked
    return "utf-8" if _decodes(path, "utf-8") else _single_byte(beginning)


def beginning_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(CHUNK)


def plain_text(beginning: bytes) -> str:
    """Enough to see what it is: ASCII reads right in every one of these encodings."""
    return beginning.decode(_mark(beginning) or "latin-1", "ignore").lstrip(PADDING)


def _mark(beginning: bytes) -> str:
    return next((name for mark, name in _MARKS if beginning.startswith(mark)), "")


def _decodes(path: Path, encoding: str) -> bool:
    """Whether all of it is in that encoding. Half a letter at the very end means that the file was cut."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    if decoder.getstate()[0]:
        raise BadStatement("cut")
    return True


def _single_byte(beginning: bytes) -> str:
    """The words of the format tell; where none is met, what the header says."""
    for encoding in ("cp1251", "cp866"):
        if any(word.encode(encoding) in beginning for word in _KEYWORDS):
            return encoding
    return "cp866" if b"=DOS" in beginning else "cp1251"
