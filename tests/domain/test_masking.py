"""What a masked title still tells, and what it does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.masking import masked

PUBLIC = ("WhatsApp", "Line")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("WhatsApp +7 999 123-45-67", "WhatsApp +7 9•• •••-••-67"),
        ("whatsapp 79991234567", "whatsapp 79•••••••67"),
        ("+996 (555) 12-34-56", "+99• (•••) ••-••-56"),
        ("Line 5", "Line 5"),
        ("Line 1234", "Line •••4"),
        ("Анна Петрова", "А••• П•••"),
        ("anna.petrova@example.org", "a•••.p•••@e•••.o•••"),
        ("@anna_shop", "@a•••_s•••"),
        ("sip100123", "s•••••••23"),
        ("и\u0306од", "й•••"),
        ("नमस्ते", "न•••"),
        ("", ""),
    ],
)
def test_a_mask_lets_who_knows_it_recognise_it(title: str, told: str) -> None:
    assert masked(title, PUBLIC) == told


@given(st.text(alphabet="abcdefgh ÿя1234567890+-()", max_size=64))
def test_no_word_and_no_long_number_is_told_whole(title: str) -> None:
    told = masked(title)
    for whole in re.findall(r"[^\W\d]{2,}|\d{3,}", title):
        assert whole not in told
