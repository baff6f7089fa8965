"""The shape of a notice: a kind, and one function that turns its facts into a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from aiogram.types import ForceReply, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

Keyboard: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be sent. `photo` is a file id, `topic` the name of a forum topic in the group."""

    text: str
    keyboard: Keyboard | None = None
    photo: str = ""
    topic: str = ""
    silent: bool = False


Writer: TypeAlias = Callable[[Payload], Rendered]


@dataclass(frozen=True, slots=True)
class Kind:
    write: Writer
    lives: timedelta


_kinds: dict[str, Kind] = {}


def notice(kind: str, *, lives: timedelta = timedelta(days=3)) -> Callable[[Writer], Writer]:
    """Register how a kind of notice reads, and for how long it is worth sending.

    The writer runs in the reader's language and sees the payload as the service gave it: money is `Money`.
    """

    def register(write: Writer) -> Writer:
        if kind in _kinds:
            raise ValueError(f"two notices are called {kind}")
        _kinds[kind] = Kind(write, lives)
        return write

    return register


def render(kind: str, payload: Payload) -> Rendered:
    return _kinds[kind].write(payload)


def life_of(kind: str) -> timedelta:
    """How long it is worth trying to send it; a kind nobody registered is not worth a second try."""
    return _kinds[kind].lives if kind in _kinds else timedelta(0)


def kinds() -> frozenset[str]:
    """Every kind that can be sent; a test compares them with what services write."""
    return frozenset(_kinds)
