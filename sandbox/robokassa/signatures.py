"""Signatures as the real thing sees them: over the text that is left when a form was decoded once."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, str]

SIGNED_WHEN_SENT = ("OutSumCurrency", "UserIp", "Receipt", "StepByStep", "ResultUrl2", "Token")


def digest(algorithm: str, *parts: str) -> str:
    return hashlib.new(algorithm.lower(), ":".join(parts).encode(), usedforsecurity=False).hexdigest()


def own(fields: Fields) -> dict[str, str]:
    """The shop's own fields, by name."""
    return {name: fields[name] for name in sorted(fields) if name.lower().startswith("shp_")}


def own_parts(fields: Fields) -> list[str]:
    return [f"{name}={value}" for name, value in own(fields).items()]


def asked(algorithm: str, fields: Fields, password1: str) -> str:
    """What the signature of a payment page's fields must be."""
    number = fields.get("InvId", fields.get("InvoiceID", ""))
    modifiers = [fields[name] for name in SIGNED_WHEN_SENT if name in fields]
    head = [fields["MerchantLogin"], fields["OutSum"], number]
    return digest(algorithm, *head, *modifiers, password1, *own_parts(fields))


def told(algorithm: str, fields: Fields, password: str) -> str:
    """How what the shop is told is signed, in capitals as the real thing does."""
    return digest(algorithm, fields["OutSum"], fields["InvId"], password, *own_parts(fields)).upper()


def same(claimed: str, expected: str) -> bool:
    return hmac.compare_digest(claimed.lower().encode(), expected.lower().encode())


def read_jwt(token: str, key: str) -> dict[str, Any] | None:
    """The payload of a token that this key signed, with the numbers in it as they were written."""
    signed, _, signature = token.rpartition(".")
    expected = hmac.digest(key.encode(), signed.encode(), "sha256")
    if not hmac.compare_digest(unpacked(signature), expected):
        return None
    return read_json(unpacked(signed.partition(".")[2]))


def read_fiscal(token: str, algorithm: str, password1: str) -> dict[str, Any] | None:
    """What the second-receipt service is sent: one signature more than a hash, one dot less than a JWT."""
    payload, _, signature = token.partition(".")
    expected = hashlib.new(
        algorithm.lower(), (payload + password1).encode(), usedforsecurity=False
    ).hexdigest()
    if "=" in token or not hmac.compare_digest(unpacked(signature), expected.encode()):
        return None
    return read_json(unpacked(payload))


def read_json(raw: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(raw, parse_float=str)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def unpacked(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""
