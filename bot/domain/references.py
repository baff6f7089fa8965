"""Random names for what leaves the house; running ids never do."""

import hashlib
import hmac
import secrets


def new_reference() -> str:
    """A name nobody can guess or meet again: 128 bits, 26 characters of a-z and 2-7."""
    number = secrets.randbits(128)
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(alphabet[number >> (5 * place) & 31] for place in range(26))


def new_number() -> str:
    """The same in digits alone, for those who keep our references as numbers: 18 digits, under 63 bits."""
    return str(10**17 + secrets.randbelow(9 * 10**17))


def link_token(key: str, reference: str) -> str:
    """The secret part of a link, the same each time for one reference and key, so it need not be kept."""
    digest = hmac.new(key.encode(), b"link:" + reference.encode(), hashlib.sha256)
    return digest.hexdigest()[:40]


def fingerprint(token: str) -> str:
    """How a token is stored: it can be found again, not read back."""
    return hashlib.sha256(token.encode()).hexdigest()
