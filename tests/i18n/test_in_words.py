"""Sums in words, in four languages; num2words is the oracle where it speaks the language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from num2words import num2words

from bot.domain.money import Money
from bot.i18n import speaking
from bot.i18n.in_words import in_words
from bot.i18n.numerals import NUMERALS

LARGEST = 10**15 - 1
"""More than that no sum is read from outside (Money.parse)."""

OF_THE_US = {"ru": "США", "be": "ЗША"}


@pytest.mark.parametrize(
    ("code", "amount", "words"),
    [
        ("ru", Money(150000, "RUB"), "Одна тысяча пятьсот рублей 00 копеек"),
        ("ru", Money(0, "RUB"), "Ноль рублей 00 копеек"),
        ("ru", Money(101, "RUB"), "Один рубль 01 копейка"),
        ("ru", Money(200202, "KGS"), "Две тысячи два сома 02 тыйына"),
        ("ru", Money(1_111_11, "KGS"), "Одна тысяча сто одиннадцать сомов 11 тыйынов"),
        ("ru", Money(2150, "BYN"), "Двадцать один белорусский рубль 50 копеек"),
        ("ru", Money(4203, "USD"), "Сорок два доллара США 03 цента"),
        ("ru", Money(100, "EUR"), "Один евро 00 центов"),
        ("ru", Money(-100, "KZT"), "Минус один тенге 00 тиынов"),
        ("be", Money(2550, "BYN"), "Дваццаць пяць беларускіх рублёў 50 капеек"),
        ("be", Money(200102, "BYN"), "Дзве тысячы адзін беларускі рубель 02 капейкі"),
        ("be", Money(2200, "KGS"), "Дваццаць два сомы 00 тыйынаў"),
        ("ky", Money(150000, "KGS"), "Бир миң беш жүз сом 00 тыйын"),
        (
            "ky",
            Money(12_345_678_90, "KGS"),
            "Он эки миллион үч жүз кырк беш миң алты жүз жетимиш сегиз сом 90 тыйын",
        ),
        ("ky", Money(11000, "RUB"), "Жүз он рубль 00 копейка"),
        ("ky", Money(2105, "BYN"), "Жыйырма бир беларусь рубли 05 копейка"),
        ("en", Money(150000, "RUB"), "One thousand five hundred Russian roubles 00 kopecks"),
        ("en", Money(100101, "USD"), "One thousand and one US dollars 01 cent"),
        ("en", Money(1234500, "KGS"), "Twelve thousand three hundred and forty-five Kyrgyz soms 00 tyiyns"),
    ],
)
def test_sum_is_spelled_as_papers_do(code: str, amount: Money, words: str) -> None:
    with speaking(code):
        assert in_words(amount) == words


@given(st.integers(0, LARGEST))
@example(1_000)
@example(2_000_000_000)
@example(11_012_013_014)
def test_numbers_agree_with_the_oracle(number: int) -> None:
    for code in ("ru", "be", "en"):
        assert NUMERALS[code].say(number) == num2words(number, lang=code).replace(",", "")


@given(
    st.integers(0, LARGEST),
    st.sampled_from(["RUB", "BYN", "KZT", "USD", "EUR"]),
    st.sampled_from(["ru", "be"]),
)
def test_sums_agree_with_the_oracle(minor: int, currency: str, code: str) -> None:
    """Its hundredths are words, ours are digits; the noun beside them is the same."""
    exact = Decimal(minor).scaleb(-2)  # an int would be read as kopecks
    whole, hundredths = num2words(exact, lang=code, to="currency", currency=currency).split(", ")
    with speaking(code):
        ours = in_words(Money(minor, currency)).replace(f" {OF_THE_US[code]}", "")
    assert ours == f"{whole[0].upper()}{whole[1:]} {minor % 100:02} {hundredths.split()[-1]}"


@given(st.integers(0, LARGEST), st.sampled_from(["RUB", "BYN", "KGS", "KZT", "USD", "EUR"]))
def test_no_two_sums_read_alike(minor: int, currency: str) -> None:
    for code in NUMERALS:
        with speaking(code):
            assert in_words(Money(minor, currency)) != in_words(Money(minor + 1, currency))
            assert "  " not in in_words(Money(minor, currency))


def test_kyrgyz_numbers_are_made_of_their_parts() -> None:
    """There is no oracle: each part of a number is said before the rest, in the order of its digits."""
    say = NUMERALS["ky"].say
    for hundreds in range(100, 1000, 100):
        for tens in range(10, 100, 10):
            for ones in range(1, 10):
                assert say(hundreds + tens + ones) == f"{say(hundreds)} {say(tens)} {say(ones)}"
    assert say(21_045_000_300) == f"{say(21)} миллиард {say(45)} миллион {say(300)}"


def test_what_has_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="has no name"):
        NUMERALS["ru"].say(10**18)
