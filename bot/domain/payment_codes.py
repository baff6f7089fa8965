"""Payment codes: what a payer types at a terminal or in a wallet. Text from end to end, never a number."""

from __future__ import annotations

import re
import secrets

from bot.domain.errors import CustomerError

PREFIX = "00"
RANDOM_DIGITS = 9
CODE_LENGTH = len(PREFIX) + RANDOM_DIGITS + 1
"""As long as a phone number with its country code, which people type at terminals every day."""

_SHAPE = re.compile(rf"00[1-9]\d{{{RANDOM_DIGITS}}}", re.ASCII)
_LONGEST_TEXT = 64

_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's: every wrong digit and every swap of neighbours ends in another check digit."""


class BadCode(CustomerError):
    """Not a payment code, and why: "code_digits", "code_length", "code_prefix" or "code_mistyped"."""


def check_digit(body: str) -> str:
    """The digit that makes a code of this body."""
    interim = 0
    for digit in body:
        interim = _QUASIGROUP[interim][int(digit)]
    return str(interim)


def new_code() -> str:
    """A code that nobody can guess from another; its third digit is never zero, so zeros tell nothing."""
    first = secrets.choice("123456789")
    rest = "".join(secrets.choice("0123456789") for _ in range(RANDOM_DIGITS - 1))
    body = PREFIX + first + rest
    return body + check_digit(body)


def read_code(text: str) -> str:
    """The code in what somebody typed, with the spaces taken out and lost zeros put back; raises BadCode."""
    typed = "".join(text[:_LONGEST_TEXT].split())
    if not (typed.isascii() and typed.isdigit()):
        raise BadCode("code_digits", length=CODE_LENGTH)
    if len(typed) > CODE_LENGTH:
        raise BadCode("code_length", length=CODE_LENGTH)
    code = typed.rjust(CODE_LENGTH, "0")
    if _SHAPE.fullmatch(code) is None:
        lost_digits = code.startswith("000")
        raise BadCode("code_length" if lost_digits else "code_prefix", length=CODE_LENGTH)
    if check_digit(code[:-1]) != code[-1]:
        raise BadCode("code_mistyped", length=CODE_LENGTH)
    return code


def masked_name(name: str) -> str:
    """«И*** П.»: enough to know oneself by, nothing to learn from."""
    words = [word for word in re.findall(r"\w+", name) if word[0].isalpha()]
    if not words:
        return "***"
    rest = f" {words[1][0].upper()}." if len(words) > 1 else ""
    return f"{words[0][0].upper()}***{rest}"
