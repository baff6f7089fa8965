"""InvId: the number of a payment at Robokassa. It is random and follows from our reference."""

from __future__ import annotations

import hashlib

LIVE = 1 << 62
"""Live numbers begin here and end below 2^63, Robokassa's largest; tests have those below it.

One number used in both would make Robokassa answer "there are two of them" for ever after.
"""

LARGEST = (1 << 63) - 1


def number_of(reference: str, *, test: bool) -> str:
    """62 random bits, the same for the same reference; the 63rd tells the live ones from the tests."""
    digest = hashlib.sha256(b"robokassa:" + reference.encode()).digest()
    random = int.from_bytes(digest[:8]) % LIVE
    return str((random or 1) if test else LIVE + random)


def is_number(text: str) -> bool:
    """Whether it is a number as Robokassa writes it: no sign, no zeros in front, not too large."""
    plain = text.isascii() and text.isdigit() and not text.startswith("0")
    return plain and len(text) <= 19 and int(text) <= LARGEST
