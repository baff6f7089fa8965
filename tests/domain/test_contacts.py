"""Numbers and addresses as people paste them."""

import pytest

from bot.domain.contacts import normal_email, normal_phone, spaced_phone


@pytest.mark.parametrize(
    "text", ["+7 999 123-45-67", "8 (999) 123-45-67", "\u202a+7\u00a0999\u00a0123-45-67\u202c"]
)
def test_a_number_is_read_however_it_was_copied(text: str) -> None:
    assert normal_phone(text) == "+79991234567"


@pytest.mark.parametrize("text", ["anna@example.org", " anna@example.org\n", "\u200banna@example.org\ufeff"])
def test_an_address_is_read_however_it_was_copied(text: str) -> None:
    assert normal_email(text) == "anna@example.org"


@pytest.mark.parametrize("text", ["", "anna", "<b>a@example.org</b>", "a@", "4111 1111 1111 1111", "😀"])
def test_what_is_neither_is_refused(text: str) -> None:
    assert normal_email(text) is None
    assert normal_phone(text) is None


def test_a_number_is_shown_in_groups() -> None:
    assert spaced_phone("+79991234567") == "+7 999 123-45-67"
    assert spaced_phone("+375171234567") == "+375 17 123-45-67"
    assert spaced_phone("") == ""
