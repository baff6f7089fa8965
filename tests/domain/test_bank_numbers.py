"""Keys of Russian accounts by the worked table, and the shapes of the neighbours' accounts."""

from __future__ import annotations

import pytest

from bot.domain.bank_numbers import (
    account_fits,
    correspondent_fits,
    is_belarusian_iban,
    is_bic,
    problem_with,
)
from bot.domain.requisites import BankAccount


@pytest.mark.parametrize(
    ("bic", "account", "fits"),
    [
        ("044030827", "40702810900000002851", True),
        ("044525225", "40702810938000000001", True),
        ("044525225", "40702810900000002851", False),
        ("044106001", "40701810000001002118", True),
        ("044525225", "4070281093800000000", False),
        ("944525225", "40702810938000000001", False),
        ("044525225", "4070281093800000000١", False),
    ],
)
def test_the_key_of_an_account_fits_its_bank_alone(bic: str, account: str, fits: bool) -> None:
    assert account_fits(account, bic) is fits


@pytest.mark.parametrize(
    ("bic", "account", "fits"),
    [
        ("044525225", "30101810400000000225", True),
        ("044525974", "30101810145250000974", True),
        ("044030974", "30101810145250000974", False),
        ("044525225", "40702810938000000001", False),
    ],
)
def test_a_correspondent_account_has_a_key_of_its_own(bic: str, account: str, fits: bool) -> None:
    assert correspondent_fits(account, bic) is fits


@pytest.mark.parametrize("bic", ["04452522", "0445252255", "044 525225", "344525225", "О44525225", ""])
def test_what_is_no_bic(bic: str) -> None:
    assert not is_bic(bic)


def test_belarusian_accounts_are_ibans() -> None:
    assert is_belarusian_iban("BY13NBRB3600900000002Z00AB00")
    assert not is_belarusian_iban("BY14NBRB3600900000002Z00AB00")
    assert not is_belarusian_iban("DE89370400440532013000")


@pytest.mark.parametrize(
    ("account", "country", "words"),
    [
        (
            BankAccount("RUB", "40702810938000000001", "Сбербанк", "044525225", "30101810400000000225"),
            "RU",
            "",
        ),
        (BankAccount("RUB", "40702810938000000001", "Сбербанк", "44525225"), "RU", "9 digits"),
        (BankAccount("RUB", "40702810938000000002", "Сбербанк", "044525225"), "RU", "number has 20"),
        (
            BankAccount("RUB", "40702810938000000001", "Сбербанк", "044525225", "30101810400000000226"),
            "RU",
            "correspondent has 20",
        ),
        (BankAccount("BYN", "BY13NBRB3600900000002Z00AB00", "НБРБ", "NBRBBY2X"), "BY", ""),
        (BankAccount("BYN", "BY14NBRB3600900000002Z00AB00", "НБРБ", "NBRBBY2X"), "BY", "an IBAN"),
        (BankAccount("BYN", "BY13NBRB3600900000002Z00AB00", "НБРБ", "AKBBBY2X"), "BY", "8 or 11"),
        (BankAccount("KGS", "1280010000000001", "Банк", "128001"), "KG", ""),
        (BankAccount("KGS", "1280010000000001", "Банк", "12800"), "KG", "6 digits"),
        (BankAccount("KGS", "128001000000000", "Банк", "128001"), "KG", "16 digits"),
        (BankAccount("EUR", "whatever", "Bank", "X"), "DE", ""),
    ],
)
def test_the_seller_is_told_what_is_wrong_with_his_account(
    account: BankAccount, country: str, words: str
) -> None:
    problem = problem_with(account, country)
    assert words in problem
    assert bool(words) == bool(problem)
