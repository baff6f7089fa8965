"""The same words in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in some languages; the first one written stands in for those that are missing."""

    by_language: Mapping[str, str]

    def in_language(self, language: str) -> str:
        return self.by_language.get(language) or next(iter(self.by_language.values()))
