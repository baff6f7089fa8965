"""Finds a payment card's number in what somebody typed; such a message must not stay in a chat."""

import re

_CANDIDATE = re.compile(r"(?<!\d)\d(?:[ \u00a0-]?\d){12,18}(?!\d)")

# Visa; Mastercard; Mir; UnionPay; Maestro; Belkart; Elcart; American Express; JCB.
_SCHEME = re.compile(
    r"4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4]|62|50|5[6-8]|6[37]|9112|9417|3[47]|35"
)


def holds_card_number(text: str) -> bool:
    """13 to 19 digits, spaces and dashes aside, with a scheme's prefix and a right check digit."""
    return any(_is_card(re.sub(r"\D", "", found)) for found in _CANDIDATE.findall(text))


def _is_card(digits: str) -> bool:
    return _SCHEME.match(digits) is not None and _luhn(digits) % 10 == 0


def _luhn(digits: str) -> int:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(doubled)
