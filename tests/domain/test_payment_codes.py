import re

import pytest

from bot.domain.payment_codes import CODE_LENGTH, BadCode, check_digit, masked_name, new_code, read_code

BODY = "00123456789"
CODE = BODY + check_digit(BODY)


@pytest.mark.parametrize(
    ("body", "digit"),
    [("00123456", "6"), ("001234567", "1"), ("000000001", "3"), ("009876543", "1"), ("00428193", "6")],
)
def test_check_digit_is_that_of_damm(body: str, digit: str) -> None:
    assert check_digit(body) == digit


def test_every_wrong_digit_and_every_swap_of_neighbours_is_noticed() -> None:
    for place, digit in enumerate(CODE):
        for other in set("0123456789") - {digit}:
            with pytest.raises(BadCode):
                read_code(CODE[:place] + other + CODE[place + 1 :])
    for place in range(CODE_LENGTH - 1):
        left, right = CODE[place], CODE[place + 1]
        if left != right:
            with pytest.raises(BadCode):
                read_code(CODE[:place] + right + left + CODE[place + 2 :])


@pytest.mark.parametrize("place", range(2, CODE_LENGTH))
def test_digit_left_out_is_always_noticed(place: int) -> None:
    with pytest.raises(BadCode):
        read_code(CODE[:place] + CODE[place + 1 :])


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        f" {CODE}\n",
        CODE[2:],
        CODE[1:],
        f"{CODE[:4]} {CODE[4:8]} {CODE[8:]}",
        CODE[:6] + "\u00a0" + CODE[6:],
    ],
)
def test_spaces_and_lost_zeros_do_no_harm(typed: str) -> None:
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "code_digits"),
        ("   ", "code_digits"),
        ("00123x567892", "code_digits"),
        ("٠٠١٢٣٤٥٦٧٨٩٢", "code_digits"),
        ("²²²", "code_digits"),
        ("-" + CODE[1:], "code_digits"),
        ("1e10", "code_digits"),
        (CODE + "0", "code_length"),
        ("0" + CODE, "code_length"),
        ("1234566", "code_length"),
        ("0" * CODE_LENGTH, "code_length"),
        ("9" * CODE_LENGTH, "code_prefix"),
        (CODE[:-1] + str((int(CODE[-1]) + 1) % 10), "code_mistyped"),
        ("9" * 5000, "code_length"),
    ],
)
def test_what_is_no_code_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadCode) as refused:
        read_code(typed)
    assert refused.value.code == reason


def test_new_codes_are_of_one_shape_and_not_alike() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"00[1-9]\d{9}", code) and read_code(code) == code for code in codes)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Иван Петров", "И*** П."),
        ("Anna", "A***"),
        ("anna maria popescu", "A*** M."),
        ("ООО «Ромашка»", "О*** Р."),
        ("🙂 Anna", "A***"),
        ("", "***"),
        ("12345", "***"),
        ("<b>Eve</b>", "B*** E."),
    ],
)
def test_name_is_masked(name: str, masked: str) -> None:
    assert masked_name(name) == masked
