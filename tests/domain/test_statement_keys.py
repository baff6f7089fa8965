"""One transfer has one key in every file; two equal transfers have two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.money import Money
from bot.domain.statement_keys import LineKeys
from bot.domain.statements import StatementLine

LINE = StatementLine(
    account="40702810938000000001",
    booked_on=date(2026, 11, 18),
    number="57",
    amount=Money(150000, "RUB"),
    payer_name='ООО "Ромашка"',
    payer_tax_number="7707083893",
    payer_account="40702810900000002851",
    purpose="Оплата по счету INV-2026-000123",
)


def key(line: StatementLine) -> str:
    return LineKeys().key(line)


def test_equal_transfers_of_a_file_are_two_and_the_same_two_in_the_next() -> None:
    first, second = LineKeys(), LineKeys()
    keys = [first.key(LINE), first.key(LINE)]
    assert len(set(keys)) == 2
    assert [second.key(LINE), second.key(replace(LINE, number="58")), second.key(LINE)][::2] == keys


@pytest.mark.parametrize(
    "other",
    [
        {"account": "40702810938000000009"},
        {"booked_on": date(2026, 11, 19)},
        {"number": "58"},
        {"amount": Money(150001, "RUB")},
        {"amount": Money(150000, "BYN")},
        {"payer_account": "40702810900000002852"},
        {"purpose": "Оплата по счету INV-2026-000124"},
        {"reference": "R1"},
    ],
)
def test_every_fact_counts(other: dict[str, object]) -> None:
    assert key(replace(LINE, **other)) != key(LINE)  # type: ignore[arg-type]  # one field at a time


def test_facts_do_not_run_into_each_other() -> None:
    assert key(replace(LINE, number="5", payer_account="7")) != key(
        replace(LINE, number="57", payer_account="")
    )


def test_blanks_and_names_do_not_count() -> None:
    assert key(replace(LINE, purpose=" Оплата  по счету INV-2026-000123", payer_name="ROMASHKA")) == key(LINE)


def test_payer_without_an_account_is_known_by_the_tax_number() -> None:
    nameless = replace(LINE, payer_account="")
    assert key(nameless) != key(replace(nameless, payer_tax_number="500100732259"))


def test_reference_stands_for_the_facts_but_not_for_the_sum() -> None:
    """Some banks give one reference to a whole batch."""
    told = replace(LINE, reference="R1")
    assert key(told) == key(replace(told, purpose="Something else", number=""))
    assert key(told) != key(replace(told, amount=Money(1, "RUB")))
