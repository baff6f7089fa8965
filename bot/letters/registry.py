"""The shape of a letter: a kind, and one function that turns its facts into what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from bot.letters.parts import Letter

Payload: TypeAlias = Mapping[str, Any]
Writer: TypeAlias = Callable[[Payload], Letter]

LIVES = timedelta(days=4)
"""Longer than a mail server may be down over a weekend."""


@dataclass(frozen=True, slots=True)
class Kind:
    write: Writer
    lives: timedelta


_kinds: dict[str, Kind] = {}


def letter(kind: str, *, lives: timedelta = LIVES) -> Callable[[Writer], Writer]:
    """Register how a kind of letter reads, and for how long it is worth sending.

    The writer runs in the reader's language and sees the payload as the service gave it: money is `Money`.
    """

    def register(write: Writer) -> Writer:
        if kind in _kinds:
            raise ValueError(f"two letters are called {kind}")
        _kinds[kind] = Kind(write, lives)
        return write

    return register


def compose(kind: str, payload: Payload) -> Letter:
    return _kinds[kind].write(payload)


def life_of(kind: str) -> timedelta:
    """How long it is worth trying to send it; a kind nobody registered is not worth a second try."""
    known = _kinds.get(kind)
    return known.lives if known else timedelta(0)


def kinds() -> frozenset[str]:
    """Every kind that can be written; a test compares them with what services write."""
    return frozenset(_kinds)
