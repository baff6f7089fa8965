"""Tax numbers of three countries: what is taken, and what is told of what is not."""

from __future__ import annotations

import pytest

from bot.domain.errors import CustomerError
from bot.domain.requisites import PartyKind
from bot.domain.tax_numbers import normal_kpp, normal_tax_number, split_kpp

FIRM, ENTREPRENEUR, PERSON = PartyKind.ORGANISATION, PartyKind.ENTREPRENEUR, PartyKind.PERSON


@pytest.mark.parametrize(
    ("text", "country", "kind", "number"),
    [
        ("7707083893", "RU", FIRM, "7707083893"),
        (" ИНН: 7707 083 893 ", "RU", FIRM, "7707083893"),
        ("500100732259", "RU", ENTREPRENEUR, "500100732259"),
        ("500100732259", "RU", PERSON, "500100732259"),
        ("200988541", "BY", FIRM, "200988541"),
        ("УНП 200988541", "BY", ENTREPRENEUR, "200988541"),
        ("MA1953684", "BY", PERSON, "MA1953684"),
        ("ма1953684", "BY", ENTREPRENEUR, "MA1953684"),
        ("01234567890123", "KG", FIRM, "01234567890123"),
    ],
)
def test_right_numbers_are_taken_as_people_write_them(
    text: str, country: str, kind: PartyKind, number: str
) -> None:
    assert normal_tax_number(text, country, kind) == number


@pytest.mark.parametrize(
    ("text", "country", "kind", "code"),
    [
        ("7707083894", "RU", FIRM, "tax_number_mistyped"),
        ("0000000000", "RU", FIRM, "tax_number_mistyped"),
        ("770708389", "RU", FIRM, "tax_number_length"),
        ("77O7083893", "RU", FIRM, "tax_number_digits"),
        ("٧٧٠٧٠٨٣٨٩٣", "RU", FIRM, "tax_number_digits"),
        ("", "RU", FIRM, "tax_number_digits"),
        ("500100732259", "RU", FIRM, "tax_number_of_person"),
        ("7707083893", "RU", ENTREPRENEUR, "tax_number_of_firm"),
        ("500100732258", "RU", ENTREPRENEUR, "tax_number_mistyped"),
        ("500100732269", "RU", PERSON, "tax_number_mistyped"),
        ("200988542", "BY", FIRM, "tax_number_mistyped"),
        ("20098854", "BY", FIRM, "tax_number_length"),
        ("MA1953684", "BY", FIRM, "tax_number_digits"),
        ("MA195368", "BY", PERSON, "tax_number_length"),
        ("MA1953685", "BY", PERSON, "tax_number_mistyped"),
        ("MAA953684", "BY", PERSON, "tax_number_letters"),
        ("QQ1953684", "BY", PERSON, "tax_number_letters"),
        ("1234567890123", "KG", FIRM, "tax_number_length"),
        ("1234567890123A", "KG", PERSON, "tax_number_digits"),
    ],
)
def test_wrong_numbers_are_told_what_is_wrong(text: str, country: str, kind: PartyKind, code: str) -> None:
    with pytest.raises(CustomerError) as refusal:
        normal_tax_number(text, country, kind)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ["773601001", " кпп 773601001", "7736AB001", "7736ab001"])
def test_a_kpp_has_a_shape(text: str) -> None:
    assert normal_kpp(text, "RU", FIRM) in ("773601001", "7736AB001")


@pytest.mark.parametrize("text", ["0", "77360100", "7736010011", "7736-01001", "A73601001", ""])
def test_anything_else_is_no_kpp(text: str) -> None:
    with pytest.raises(CustomerError, match="bad_kpp"):
        normal_kpp(text, "RU", FIRM)


@pytest.mark.parametrize(("country", "kind"), [("RU", ENTREPRENEUR), ("RU", PERSON), ("BY", FIRM)])
def test_only_russian_organisations_have_a_kpp(country: str, kind: PartyKind) -> None:
    with pytest.raises(CustomerError, match="kpp_not_for_this"):
        normal_kpp("773601001", country, kind)


def test_both_numbers_in_one_message_are_taken_apart() -> None:
    assert split_kpp("ИНН/КПП 7707083893/773601001") == ("7707083893", "773601001")
    assert split_kpp("7707083893 / 773601001") == ("7707083893", "773601001")
    assert split_kpp("7707083893") == ("7707083893", "")
