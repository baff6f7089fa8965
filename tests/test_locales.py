"""The catalogues against the code: nothing missing, nothing stale, the same blanks everywhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import TypeVar

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.i18n import LANGUAGES, sentences

Sentence = str | tuple[str, str]
N = TypeVar("N", bound=ast.AST)

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def sentences_of() -> set[Sentence]:
    """What the code says, as pybabel sees it."""
    found = extract_from_dir("bot", keywords=KEYWORDS, comment_tags=())
    return {
        message if isinstance(message, str) else (message[0], message[1])
        for _path, _line, message, _comments, _context in found
    }


def catalogue(code: str) -> Catalog:
    with Path(f"locales/{code}/LC_MESSAGES/bot.po").open("rb") as file:
        return read_po(file, locale=code)


def texts(code: str) -> dict[Sentence, tuple[str, ...]]:
    told: dict[Sentence, tuple[str, ...]] = {}
    for message in catalogue(code):
        if message.id:
            key = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
            told[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return told


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_of_the_code_stands_in_the_catalogue(code: str) -> None:
    assert sentences_of() - texts(code).keys() == set(), "run: make locales"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_is_stale(code: str) -> None:
    assert texts(code).keys() - sentences_of() == set(), "run: make locales"
    assert not catalogue(code).obsolete, "take out what the code no longer says"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_is_complete(code: str) -> None:
    assert [sentence for sentence, told in texts(code).items() if not all(told)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_blanks_are_the_same_in_every_language(code: str) -> None:
    for sentence, told in texts(code).items():
        blanks = blanks_of(sentence if isinstance(sentence, str) else sentence[1])
        assert [text for text in told if text and blanks_of(text) != blanks] == []


def test_every_refusal_of_a_service_has_a_sentence() -> None:
    """A code without one would be told as "That did not work"."""
    codes = set()
    for path in Path("bot").rglob("*.py"):
        codes |= set(re.findall(r'CustomerError\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert codes - sentences.ERRORS.keys() == set()


def test_no_sentence_hides_in_an_f_string() -> None:
    """Whoever gathers the sentences does not look there, so it would never be translated."""
    hidden = []
    for path in Path("bot").rglob("*.py"):
        for text in _all(ast.parse(path.read_text(encoding="utf-8")), ast.JoinedStr):
            for call in _all(text, ast.Call):
                marks = isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
                if marks and isinstance(call.args[0], ast.Constant):
                    hidden.append(f"{path}:{call.lineno}")
    assert hidden == []


def _all(tree: ast.AST, kind: type[N]) -> list[N]:
    return [node for node in ast.walk(tree) if isinstance(node, kind)]


def blanks_of(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}
