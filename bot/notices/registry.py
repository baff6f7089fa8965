"""The shape of a notice: a kind, and one function that turns its facts into a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from aiogram.types import ForceReply, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.domain.documents import Enclosure, File
from bot.domain.talk import Attached
from bot.notices.card_keepers import with_its_keeper

Keyboard: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be sent. `photo` and `document` are file ids, `topic` a forum topic's name.

    `attached` is what else a person sent, with the text below it.
    `replaces` is an older message in the chat whose buttons are of no use any more: a link that was paid.
    `enclosures` are files, made when the message is sent, `files` need no making. An `album` is
    file ids with their kind and caption, up to ten of one kind. `under` is a card whose message it answers;
    with `redraws` that card is brought up to date as well. `afterwards` stay below a card that is closed.
    """

    text: str
    keyboard: Keyboard | None = None
    photo: str = ""
    document: str = ""
    attached: Attached | None = None
    topic: str = ""
    silent: bool = False
    replaces: int = 0
    enclosures: tuple[Enclosure, ...] = ()
    files: tuple[File, ...] = ()
    album: tuple[Mapping[str, str], ...] = ()
    under: int = 0
    redraws: bool = False
    afterwards: InlineKeyboardMarkup | None = None


Writer: TypeAlias = Callable[[Payload], Rendered]


@dataclass(frozen=True, slots=True)
class Kind:
    write: Writer
    lives: timedelta


_to_customers: dict[str, Kind] = {}
_to_operators: dict[str, Kind] = {}


def notice(kind: str, *, lives: timedelta = timedelta(days=3)) -> Callable[[Writer], Writer]:
    """Register how a kind of notice reads to a customer, and for how long it is worth sending.

    The writer runs in the reader's language and sees the payload as the service gave it: money is `Money`.
    """
    return _register(_to_customers, kind, lives)


def operators_notice(kind: str, *, lives: timedelta = timedelta(days=3)) -> Callable[[Writer], Writer]:
    """The same for the operators' group, which may be told of a thing by the same name in other words."""
    return _register(_to_operators, kind, lives)


def render(kind: str, payload: Payload, *, to_operators: bool) -> Rendered:
    rendered = _kinds(to_operators)[kind].write(payload)
    return with_its_keeper(rendered, payload) if to_operators else rendered


def write_for_operators(kind: str, payload: Payload) -> Rendered:
    """What a notice to operators says, for another that says it as well."""
    return _to_operators[kind].write(payload)


def life_of(kind: str, *, to_operators: bool) -> timedelta:
    """How long it is worth trying to send it; a kind nobody registered is not worth a second try."""
    known = _kinds(to_operators).get(kind)
    return known.lives if known else timedelta(0)


def kinds(*, to_operators: bool) -> frozenset[str]:
    """Every kind that can be sent; a test compares them with what services write."""
    return frozenset(_kinds(to_operators))


def _kinds(to_operators: bool) -> dict[str, Kind]:
    return _to_operators if to_operators else _to_customers


def _register(known: dict[str, Kind], kind: str, lives: timedelta) -> Callable[[Writer], Writer]:
    def register(write: Writer) -> Writer:
        if kind in known:
            raise ValueError(f"two notices are called {kind}")
        known[kind] = Kind(write, lives)
        return write

    return register
