"""Order forms of the catalogue: [[tariffs.<id>.form]], [[tariffs.<id>.stages]] and what is promised."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.catalogue_values import optional_words, words
from bot.domain.form_terms import (
    USUAL_FILES,
    USUAL_MEGABYTES,
    USUAL_STAGES,
    AnswerKind,
    MadeToOrder,
    Option,
    Question,
    Stage,
)
from bot.domain.toml_table import Table

KEYS = ("form", "stages", "review_hours", "pay_days", "terms", "once")
MOST_QUESTIONS = 20
MOST_OPTIONS = 12
MOST_STAGES = 8
LARGEST_NUMBER = 1_000_000_000
FARTHEST_DAY = 365
_QUESTION_KEYS = (
    *("name", "title", "kind", "optional", "help"),
    *("options", "least", "most", "files", "megabytes"),
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,15}")


def read_made_to_order(tariff: Table) -> MadeToOrder | None:
    """None where a tariff has no form."""
    if "form" not in tariff:
        for key in KEYS:
            if key in tariff:
                tariff.wrong(key, f'"{key}" has no use here', f"add [[{tariff.name}.form]], or leave it out")
        return None
    form = tuple(_question(each) for each in tariff.tables("form"))
    _each_once(tariff, "form", [question.name for question in form], MOST_QUESTIONS)
    stages = tuple(_stage(each) for each in tariff.tables("stages"))
    if "stages" in tariff:
        _each_once(tariff, "stages", [stage.name for stage in stages], MOST_STAGES)
    usual = MadeToOrder(form)
    return MadeToOrder(
        form=form,
        review_hours=tariff.number("review_hours", usual.review_hours, most=720),
        pay_days=tariff.number("pay_days", usual.pay_days, most=60),
        stages=stages or USUAL_STAGES,
        terms=optional_words(tariff, "terms"),
        once=tariff.flag("once"),
    )


def _question(table: Table) -> Question:
    table.only(_QUESTION_KEYS)
    kind = AnswerKind(table.choice("kind", list(AnswerKind), AnswerKind.TEXT))
    _only_for(table, ("options",), kind is AnswerKind.CHOICE)
    _only_for(table, ("least",), kind in (AnswerKind.NUMBER, AnswerKind.DATE))
    _only_for(table, ("most",), kind is AnswerKind.NUMBER)
    _only_for(table, ("files", "megabytes"), kind.is_file)
    options = tuple(_option(each) for each in table.tables("options"))
    if kind is AnswerKind.CHOICE:
        _each_once(table, "options", [option.name for option in options], MOST_OPTIONS)
    farthest = FARTHEST_DAY if kind is AnswerKind.DATE else LARGEST_NUMBER
    least, most = _bound(table, "least", farthest), _bound(table, "most", farthest)
    if least is not None and most is not None and least > most:
        table.wrong("least", "least is more than most", "write the smaller number as least")
    return Question(
        name=_name(table),
        title=words(table, "title"),
        kind=kind,
        required=not table.flag("optional"),
        help=optional_words(table, "help"),
        options=options,
        least=least,
        most=most,
        files=table.number("files", USUAL_FILES, most=USUAL_FILES),
        megabytes=table.number("megabytes", USUAL_MEGABYTES, most=USUAL_MEGABYTES),
    )


def _option(table: Table) -> Option:
    table.only(("name", "title"))
    return Option(_name(table), words(table, "title"))


def _stage(table: Table) -> Stage:
    table.only(("name", "title", "days"))
    return Stage(_name(table), words(table, "title"), table.number("days", 0, least=0, most=365))


def _bound(table: Table, key: str, farthest: int) -> int | None:
    return table.number(key, 0, least=-farthest, most=farthest) if key in table else None


def _name(table: Table) -> str:
    name = table.string("name", example="site")
    if _NAME.fullmatch(name) is None:
        table.wrong("name", f'name "{name}"', "use 1 to 16 of a-z, 0-9 and _, a letter first")
    return name


def _only_for(table: Table, keys: Iterable[str], fits: bool) -> None:
    for key in keys:
        if key in table and not fits:
            table.wrong(key, f'"{key}" has no use for this kind of question', "leave it out, or change kind")


def _each_once(table: Table, key: str, names: list[str], most: int) -> None:
    if not 0 < len(names) <= most:
        table.wrong(key, f"{len(names)} of {key}", f"write from 1 to {most}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        table.wrong(key, f'name "{twice}" stands twice in {key}', "give each a name of its own")
