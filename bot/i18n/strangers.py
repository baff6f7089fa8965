"""Words of strangers, made safe to stand among ours: the one place that cleans and shortens."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 64
MESSAGE_LENGTH = 4096

# Marks that turn the direction of everything after them, and invisible ones that break a line's look.
_MARKS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PLAIN = re.compile(r"[\w +().,:@№#/-]{1,64}", re.ASCII)


def shown(words: str, limit: int = NAME_LENGTH) -> str:
    """A name or a title in one line: no control or direction marks, no longer than `limit`.

    Messages bear no markup at all, so `<b>` in a name is just four characters.
    """
    if _PLAIN.fullmatch(words) and len(words) <= limit and "  " not in words:
        return words.strip()
    visible = "".join(" " if unicodedata.category(each) == "Cc" else each for each in _MARKS.sub("", words))
    line = " ".join(visible.split())
    return line if len(line) <= limit else _cut(line, limit - 1) + "…"


def fit(text: str, limit: int = MESSAGE_LENGTH) -> str:
    """Shorten a message to what Telegram takes; it counts in UTF-16, where an emoji is two."""
    if len(text) * 2 <= limit or _units(text) <= limit:
        return text
    kept = text.encode("utf-16-le")[: (limit - 1) * 2].decode("utf-16-le", errors="ignore")
    return kept + "…"


def _cut(line: str, length: int) -> str:
    """Never between a letter and what is joined to it."""
    while length and (unicodedata.combining(line[length]) or line[length] in "\u200d\ufe0f"):
        length -= 1
    return line[:length].rstrip("\u200d ")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
