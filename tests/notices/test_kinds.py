"""Whatever services write into the outbox, somebody knows how it reads; no notice dies for want of words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.notices  # noqa: F401 (registers every writer)
from bot.domain.notices import DIED, DIGEST, LETTER_REFUSED
from bot.domain.states import EventFate
from bot.notices.registry import kinds

CONSTANTS = {"DIED": DIED, "DIGEST": DIGEST, "LETTER_REFUSED": LETTER_REFUSED}
PLACES = {"to_customer": 1, "to_operators": 0, "to_email": 2, "tell": 3, "told_anywhere": 2}
"""Which argument of each method is the kind."""

HANDS_ON = "notice_places.py"
"""Writes what `tell` was told to write, which is looked for where it is called."""

HANDED_TO_PEOPLE = set(EventFate) - {EventFate.BOOKED, EventFate.RETURNED, EventFate.CLEARING}


def written(method: str) -> set[str]:
    """Every kind that a call of this method names, anywhere below the doors."""
    found: set[str] = set()
    for path in [*Path("bot/services").rglob("*.py"), *Path("bot/storage").glob("*.py")]:
        if path.name == HANDS_ON:
            continue
        module = ast.parse(path.read_text())
        if method == "tell" and "notice_places" not in ast.unparse(module):
            continue
        for call in _calls(module, method):
            found |= set(_values(_kind_of(call, method), module))
    return found


def _calls(module: ast.Module, method: str) -> Iterator[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _is_called(node.func, method):
            yield node


def _is_called(called: ast.expr, method: str) -> bool:
    """`tell` is a function of one module; others have a method of that name."""
    match called:
        case ast.Name(id=name):
            return name == method
        case ast.Attribute(value=of, attr=name):
            return name == method and (name != "tell" or ast.unparse(of) == "notice_places")
    return False


def _kind_of(call: ast.Call, method: str) -> ast.expr:
    return call.args[PLACES[method]]


def _values(kind: ast.expr, module: ast.Module) -> Iterator[str]:
    match kind:
        case ast.Constant(value=str(value)):
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from _values(body, module)
            yield from _values(orelse, module)
        case ast.JoinedStr(values=[ast.Constant(value="money_"), _]):
            yield from (f"money_{fate.value}" for fate in HANDED_TO_PEOPLE)
        case ast.Name(id=name) if name in CONSTANTS:
            yield CONSTANTS[name]
        case ast.Name(id=name):
            yield from _given(name, module)
        case _:
            pytest.fail(f"say the kind plainly: {ast.unparse(kind)}")


def _given(name: str, module: ast.Module) -> list[str]:
    """What a variable is set to, or a function is called with, as far as this module tells."""
    found: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            found += [each for value in _set_to(node, name) for each in _values(value, module)]
        if isinstance(node, ast.FunctionDef) and name in (names := [each.arg for each in node.args.args]):
            for call in _calls(module, node.name):
                found += _values(call.args[_place(names, name, call)], module)
    assert found, f"nobody says what {name} is"
    return found


def _set_to(node: ast.Assign, name: str) -> Iterator[ast.expr]:
    """The value that an assignment gives this name, alone or among others."""
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id == name:
            yield node.value
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=True)
            yield from (value for each, value in pairs if isinstance(each, ast.Name) and each.id == name)


def _place(names: list[str], name: str, call: ast.Call) -> int:
    """Where it stands in the call: without self, and without the tx that a decorator passes."""
    told = [each for each in names if each != "self"]
    passed = call.args and ast.unparse(call.args[0]) == "tx"
    return told.index(name) - (told[0] == "tx" and not passed)


def test_every_notice_to_operators_has_a_writer() -> None:
    written_kinds = written("to_operators")
    assert {"paid_new", "late_revived", "money_review", "provider_unwell", DIED} <= written_kinds
    assert written_kinds | {DIGEST} == kinds(to_operators=True)


def test_every_notice_to_customers_has_a_writer() -> None:
    assert written("to_customer") | written("tell") | written("told_anywhere") == kinds(to_operators=False)
