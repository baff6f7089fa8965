"""What is wrong with the settings, a sentence for each: its name, the reason and the mend."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.config.settings import Settings

PLAINER = {
    "missing": "is missing",
    "too_short": "is too short",
    "int_parsing": "is not a whole number",
    "literal_error": "is not known",
    "string_pattern_mismatch": "is of another shape",
}
"""pydantic's words for the commonest mistakes, said more simply."""


def sentences(problems: Iterable[ErrorDetails]) -> Iterable[str]:
    """One for each setting: what follows from a first mistake is not told."""
    told: dict[tuple[str, ...], str] = {}
    for problem in problems:
        path, reason = _reason(problem)
        is_unknown = problem["type"] == "extra_forbidden"
        told.setdefault(path, _unknown(path) if is_unknown else f"{reason}: {_mend(path)}")
    return [f"{_name(path)}: {words}" for path, words in told.items()]


def _reason(problem: ErrorDetails) -> tuple[tuple[str, ...], str]:
    """Where it is and what is wrong; a check of a whole block names its field itself, `field: reason`."""
    path = tuple(part for part in problem["loc"] if isinstance(part, str) and part.islower())
    reason = problem["msg"].removeprefix("Value error, ")
    named = re.match(r"([a-z_.0-9]+): (.*)", reason, re.DOTALL)
    if named and problem["type"] == "value_error":
        return (*path, *named[1].split(".")), named[2]
    return path, PLAINER.get(problem["type"]) or reason[0].lower() + reason[1:]


def _name(path: Iterable[str]) -> str:
    return "__".join(path).upper()


def _mend(path: tuple[str, ...]) -> str:
    model: type[BaseModel] | None = Settings
    field = None
    for part in _without_given_names(path):
        field = _fields(model).get(part) if model else None
        model = next(iter(_models(field.annotation)), None) if field else None
    return (field and field.description) or "see .env.example"


def _unknown(path: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(_name(path), list(_known_names()), 1, 0.6)
    return (
        f"there is no such setting: did you mean {near[0]}?"
        if near
        else "there is no such setting: take it out"
    )


def _without_given_names(path: tuple[str, ...]) -> tuple[str, ...]:
    """Blocks that the reader names himself, such as networks, are looked up as if they had no name."""
    field = Settings.model_fields.get(path[0]) if path else None
    return (path[0], *path[2:]) if field is not None and _has_given_names(field.annotation) else path


def _has_given_names(annotation: object) -> bool:
    kinds = (annotation, *get_args(annotation))
    return any(get_origin(kind) is dict for kind in kinds)


def _known_names() -> Iterable[str]:
    """Every setting as it is written in the environment."""
    for name, field in Settings.model_fields.items():
        block = next((each for each in _models(field.annotation)), None)
        if block is None:
            yield _name([name])
        else:
            given = ["<name>"] if _has_given_names(field.annotation) else []
            yield from (_name([name, *given, inner]) for inner in _fields(block))


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """By the names that the environment has for them: `from` can't be a name in Python."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)
