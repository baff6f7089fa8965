"""[autopay] and [suspension] of the catalogue: the usual terms, and mistakes told with their line."""

from __future__ import annotations

import pytest

from bot.domain.autopay_terms import SuspensionTerms
from bot.domain.catalogue_file import parse_catalogue
from bot.domain.errors import CatalogueError
from bot.domain.money import Money
from tests.domain.test_catalogue import GOOD

LINE = GOOD.count("\n") + 2
"""Where the first key of a section stands that is written below."""


def test_nothing_said_means_the_usual_terms_and_no_suspension() -> None:
    catalogue = parse_catalogue(GOOD)
    terms = catalogue.autopay
    assert (terms.grace_days, terms.limited_days, terms.kept_days) == (3, 14, 30)
    assert terms.limits_for("RUB").most == Money(1_000_000, "RUB")
    assert catalogue.suspension is None


def test_a_section_alone_lets_suspend_within_the_usual_limits() -> None:
    assert parse_catalogue(GOOD + "[suspension]\n").suspension == SuspensionTerms(10, 6)
    said = parse_catalogue(GOOD + "[suspension]\nleast_days = 14\nmost_months = 3\n")
    assert said.suspension == SuspensionTerms(14, 3)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[suspension]\nleast_days = 0", 'least_days "0": write a whole number from 1 to 365'),
        ('[suspension]\nleast_days = "10"', 'least_days "10": write a whole number'),
        ("[suspension]\nleast_days = true", 'least_days "true": write a whole number'),
        ("[suspension]\nmost_months = 25", 'most_months "25": write a whole number from 1 to 24'),
        ("[suspension]\nmonths = 6", 'unknown key "months"'),
        ("[autopay]\ngrace_days = -1", 'grace_days "-1": write a whole number from 1 to 365'),
        ("[autopay]\nlimited_days = 2", "it would be limited before the grace is over"),
        ("[autopay]\nkept_days = 1.5", 'kept_days "1.5": write a whole number'),
    ],
)
def test_a_mistake_is_told_with_its_line(written: str, said: str) -> None:
    with pytest.raises(CatalogueError) as told:
        parse_catalogue(f"{GOOD}{written}\n")
    assert f"line {LINE}: " in str(told.value)
    assert said in str(told.value)
