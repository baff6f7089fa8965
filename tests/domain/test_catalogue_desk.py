"""[desk] of the catalogue: when operators work, and what they may do alone."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.catalogue_file import parse_catalogue
from bot.domain.desk_terms import DeskTerms, Hours
from bot.domain.errors import CatalogueError
from bot.domain.money import Money
from bot.domain.states import Role

LEAST = """
[seller]
name = "Kassir"
legal_name = "OOO Kassir"
[help]
email = "help@example.org"
[terms]
version = "1"
text = "…"
[privacy]
version = "1"
text = "…"
[receipt]
vat = "none"
[tariffs.line]
kind = "line"
goods = "service"
title = "Line"
[tariffs.line.prices]
1 = { RUB = "450.00" }
"""


def desk(text: str) -> DeskTerms:
    return parse_catalogue(LEAST + text).desk


def test_without_it_the_usual_counts() -> None:
    terms = desk("")
    assert terms == DeskTerms()
    assert not terms.needs_second(Money(10**9, "RUB"))
    assert terms.allows(Role.OPERATOR, Money(10**9, "RUB"))


def test_everything_it_says_is_read() -> None:
    terms = desk(
        '[desk]\nwork = "10:00-19:30"\nweekend = true\nreply_hours = 2\nquiet = "23:00–07:00"\n'
        'summary_at = ["08:30"]\nsecond_from = { RUB = "5000.00" }\n'
        '[desk.most]\ncashier = { RUB = "100.00" }\n'
    )
    assert terms.work == Hours(time(10), time(19, 30))
    assert (terms.weekend, terms.reply_hours, terms.summary_at) == (True, 2, (time(8, 30),))
    assert terms.quiet is not None
    assert terms.quiet.includes(time(23, 30)) and terms.quiet.includes(time(3))
    assert not terms.quiet.includes(time(7))
    assert terms.needs_second(Money(500_000, "RUB")) and not terms.needs_second(Money(499_999, "RUB"))
    assert not terms.allows(Role.CASHIER, Money(10_001, "RUB"))
    assert terms.allows(Role.CASHIER, Money(10_001, "BYN")), "no limit was set in that currency"
    assert terms.allows(Role.OWNER, Money(10**9, "RUB"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[desk]\nwork = "9-18"', '"9" is no time of day'),
        ('[desk]\nwork = "09:00-09:00"', "it begins when it ends"),
        ('[desk]\nwork = "09:00"', 'write work = "09:00-18:00"'),
        ('[desk]\nquiet = "25:00-07:00"', '"25:00" is no time of day'),
        ("[desk]\nreply_hours = 0", "write a whole number from 1 to 240"),
        ('[desk]\nsecond_from = { ROUBLES = "1" }', 'unknown key "ROUBLES"'),
        ('[desk]\nsecond_from = { RUB = "1,5" }', 'write "1.5'),
        ('[desk.most]\nowner = { RUB = "1" }', 'unknown key "owner"'),
        ('[desk]\nsummary_at = ["noon"]', '"noon" is no time of day'),
        ('[desk]\nworks = "09:00-18:00"', 'did you mean "work"?'),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(CatalogueError) as error:
        desk(text)
    assert told in str(error.value)
    assert "line " in str(error.value)
