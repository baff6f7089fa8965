"""Which numbers must not stay in a chat."""

from __future__ import annotations

import pytest

from bot.domain.card_numbers import holds_card_number


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "my card 4111 1111 1111 1111, exp 12/27",
        "5555-5555-5555-4444",
        "2200 0000 0000 0004",
        "2720990500000002",
        "9112380000000002",
        "9417000000000008",
    ],
)
def test_card_numbers_are_seen(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # wrong check digit
        "+7 999 123-45-67",
        "40702810900000000001",  # a bank account: twenty digits
        "1234567890123",
        "order 17, 990 roubles",
        "",
        "٤١١١١١١١١١١١١١١١",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_card_number(text)
