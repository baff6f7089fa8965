"""Files that people are given: what is wanted, and the file made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to be made when it is sent: its kind, and ids and choices that say what goes into it."""

    kind: str
    subject: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file ready to be sent; `media` is its type, "application/pdf"."""

    name: str
    media: str
    content: bytes
