"""Formatted text as Telegram reads it: HTML into plain text and entities, links and commands found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.fields import Json

PLAIN_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
OTHER_TAGS = frozenset({"a", "span", "tg-emoji"})
START = re.compile(r"<([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
END = re.compile(r"</([a-zA-Z][\w-]*)?\s*>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
FOUND = {
    "url": re.compile(r"(?:https?://|t\.me/)[^\s<>\"»)]+[^\s<>\"»).,:;!?]"),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z]\w{3,31}"),
    "bot_command": re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/<>])"),
    "phone_number": re.compile(r"(?<!\w)\+\d(?:[\s()-]{0,2}\d){7,14}"),
}


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    start: int
    entity: Json | None


class _HtmlReader:
    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._at = 0
        self._text = ""
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self._at < len(self._markup):
            letter = self._markup[self._at]
            if letter == "<":
                self._tag()
            elif letter == "&":
                self._reference()
            else:
                self._text += letter
                self._at += 1
        if self._open:
            raise unreadable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return self._text, self._entities

    def _where(self) -> str:
        return f"at byte offset {len(self._markup[: self._at].encode())}"

    def _reference(self) -> None:
        match = REFERENCE.match(self._markup, self._at)
        code = int(match[1] or "0") or int(match[2] or "0", 16) if match else 0
        if match is None or (not match[3] and not 0 < code < 0x110000):
            self._text += "&"
            self._at += 1
            return
        self._text += NAMED[match[3]] if match[3] else chr(code)
        self._at = match.end()

    def _tag(self) -> None:
        end = END.match(self._markup, self._at)
        if end:
            self._close(end)
            return
        start = START.match(self._markup, self._at)
        if start is None and ">" not in self._markup[self._at :]:
            raise unreadable(f"Unclosed start tag {self._where()}")
        name = start[1].lower() if start else self._markup[self._at + 1 :].split(">")[0].split(" ")[0]
        if start is None or (name not in PLAIN_TAGS and name not in OTHER_TAGS):
            raise unreadable(f'Unsupported start tag "{name}" {self._where()}')
        self._open.append(_Open(name, len(self._text), self._entity(name, _attributes(start[2]))))
        self._at = start.end()

    def _entity(self, tag: str, attributes: dict[str, str]) -> Json | None:
        if tag == "a":
            return {"type": "text_link", "url": attributes.get("href", "")}
        if tag == "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
        if tag == "span":
            if attributes.get("class") != "tg-spoiler":
                raise unreadable(f'Tag "span" must have class "tg-spoiler" {self._where()}')
            return {"type": "spoiler"}
        if tag == "blockquote" and "expandable" in attributes:
            return {"type": "expandable_blockquote"}
        if tag == "code" and self._open and self._open[-1].tag == "pre":
            language = attributes.get("class", "").removeprefix("language-")
            if language and self._open[-1].entity is not None:
                self._open[-1].entity["language"] = language
            return None
        return {"type": PLAIN_TAGS[tag]}

    def _close(self, end: re.Match[str]) -> None:
        if not self._open:
            raise unreadable(f"Unexpected end tag {self._where()}")
        last = self._open.pop()
        name = (end[1] or last.tag).lower()
        if name != last.tag:
            expected = f'expected "</{last.tag}>", found "</{name}>"'
            raise unreadable(f"Unmatched end tag {self._where()}, {expected}")
        self._at = end.end()
        if last.entity is not None:
            self._entities.append(_placed(last.entity, self._text, last.start, len(self._text)))


def unreadable(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")


def _attributes(source: str) -> dict[str, str]:
    return {m[1].lower(): _unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(source)}


def _unescape(text: str) -> str:
    return REFERENCE.sub(
        lambda m: NAMED[m[3]] if m[3] else chr(int(m[1] or "0") or int(m[2] or "0", 16)), text
    )


def _placed(entity: Json, text: str, start: int, end: int) -> Json:
    """Offsets count UTF-16 units, as in every Telegram client."""
    offset = utf16_length(text[:start])
    return {"offset": offset, "length": utf16_length(text[start:end]), **entity}


def read_text(source: str, parse_mode: str, entities: Any = None) -> tuple[str, list[Json]]:
    """The text as people see it and its entities, trimmed as Telegram trims."""
    if parse_mode.lower() == "html":
        text, found = _HtmlReader(source).read()
    elif parse_mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, found = source, [dict(entity) for entity in entities or []]
    text, found = _trimmed(text, found)
    found += _detected(text, found)
    return text, sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    length = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        end = min(length, entity["offset"] + entity["length"] - cut)
        linkless = entity["type"] == "text_link" and ":" not in entity["url"] and "." not in entity["url"]
        if end > start and not linkless:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


def _detected(text: str, entities: list[Json]) -> list[Json]:
    closed = [e for e in entities if e["type"] in {"code", "pre", "text_link"}]
    found: list[Json] = []
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            entity = _placed({"type": kind}, text, match.start(), match.end())
            if not any(_overlap(entity, other) for other in closed + found):
                found.append(entity)
    return found


def _overlap(one: Json, other: Json) -> bool:
    ends = one["offset"] + one["length"], other["offset"] + other["length"]
    return bool(one["offset"] < ends[1] and other["offset"] < ends[0])
