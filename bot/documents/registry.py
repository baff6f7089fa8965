"""The shape of a document: a kind, and one function that makes the file of what the services know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.domain.documents import File

if TYPE_CHECKING:
    from bot.documents.typesetter import Typesetter
    from bot.domain.catalogue import Catalogue
    from bot.services.house import House


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a document finds its facts, and what sets it in type."""

    house: House
    catalogue: Catalogue
    typesetter: Typesetter


Subject: TypeAlias = Mapping[str, Any]
Maker: TypeAlias = Callable[[Sources, Subject, str], Awaitable[File]]

_makers: dict[str, Maker] = {}


def document(kind: str) -> Callable[[Maker], Maker]:
    """Register what makes a kind of document of `(sources, subject, language)`.

    The maker runs in that language. It must be ready to run twice: a letter may be sent again.
    """

    def register(maker: Maker) -> Maker:
        if kind in _makers:
            raise ValueError(f"two documents are called {kind}")
        _makers[kind] = maker
        return maker

    return register


def maker_of(kind: str) -> Maker:
    return _makers[kind]


def kinds() -> frozenset[str]:
    """Every kind that can be made; a test compares them with what services enclose."""
    return frozenset(_makers)
