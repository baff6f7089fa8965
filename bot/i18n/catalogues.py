"""The catalogues in locales/, and which of them the present task speaks."""

from __future__ import annotations

import gettext
import pathlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "locales"

LANGUAGES = {"ru": "Русский", "en": "English", "be": "Беларуская", "ky": "Кыргызча"}
"""Each under its own name, as its speakers look for it."""

_FALLBACKS = {"be": ("ru", "en"), "ky": ("ru", "en"), "ru": ("en",), "en": ()}

PluralRule = Callable[[int], int]


@dataclass(slots=True)
class _Texts:
    """What a language says, holes already filled from the languages it falls back to."""

    sentences: dict[str, str] = field(default_factory=dict)
    plurals: dict[str, tuple[tuple[str, ...], PluralRule]] = field(default_factory=dict)


class _Default:
    language = "ru"


_spoken: ContextVar[str | None] = ContextVar("language", default=None)


def choose_default(code: str) -> None:
    """The language of those whose own we do not speak; told once, at start. Reads its catalogue."""
    _Default.language = code if code in LANGUAGES else "ru"
    _texts(_Default.language)


def default_language() -> str:
    return _Default.language


def language() -> str:
    """The language spoken here and now."""
    return _spoken.get() or _Default.language


def language_of(code: str | None) -> str:
    """The language for Telegram's or a browser's code ("ru-RU"), or the default where we do not speak it."""
    short = (code or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else _Default.language


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside, every text comes in this language; other tasks do not notice."""
    token = _spoken.set(code if code in LANGUAGES else _Default.language)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(sentence: str, /, **blanks: object) -> str:
    """The sentence in the language spoken here, its blanks filled."""
    found = _texts(language()).sentences.get(sentence, sentence)
    return found.format(**blanks) if blanks else found


def ngettext(one: str, many: str, count: int, /, **blanks: object) -> str:
    """The form that this number takes; `{count}` is the number itself."""
    forms, rule = _texts(language()).plurals.get(one, ((one, many), _english))
    return forms[rule(count)].format(count=count, **blanks)


def N_(sentence: str) -> str:  # noqa: N802 (the name that gatherers of texts know)
    """Mark a sentence for the catalogues that is looked up later with `_`."""
    return sentence


def _english(count: int) -> int:
    return 0 if count == 1 else 1


@cache
def _texts(code: str) -> _Texts:
    texts = _Texts()
    for each in (*reversed(_FALLBACKS[code]), code):
        own = _written_in(each)
        texts.sentences |= own.sentences
        texts.plurals |= own.plurals
    return texts


@cache
def _written_in(code: str) -> _Texts:
    """What stands in one file, without what it falls back to; each file is read once, for it takes 40 ms."""
    from babel.messages.pofile import read_po

    with (FOLDER / code / "LC_MESSAGES" / "bot.po").open("rb") as file:
        catalogue = read_po(file)
    texts, rule = _Texts(), gettext.c2py(catalogue.plural_expr)
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            if message.string:
                texts.sentences[message.id] = str(message.string)
        elif isinstance(message.string, tuple) and all(message.string):
            texts.plurals[message.id[0]] = (message.string, rule)
    return texts
