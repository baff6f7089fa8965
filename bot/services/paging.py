"""Lists as a screen shows them: a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

LENGTH = 8


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`total` counts all that is listed, on every page."""

    items: list[T]
    page: int
    pages: int
    total: int


def page_of(look: Callable[[int, int], list[T]], total: int, wanted: int) -> Page[T]:
    """`look` takes how many and after how many; a page beyond the last is the last."""
    pages = max(1, -(-total // LENGTH))
    page = min(max(wanted, 0), pages - 1)
    return Page(look(LENGTH, page * LENGTH), page, pages, total)
