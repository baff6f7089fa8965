"""How Robokassa wants things written: JSON with exact sums, JWT, its fiscal token, Moscow time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from bot.gateways.robokassa.signatures import Signer

MOSCOW = timezone(timedelta(hours=3))

_SEVENTH_DIGIT = re.compile(r"(\.\d{6})\d+")
_HEADER = '{"alg":"HS256","typ":"JWT"}'


def compact(value: object) -> str:
    """JSON without a space, its sums as they were written: no float comes near them."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{compact(name)}:{compact(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(compact(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def jwt(payload: str, key: str) -> str:
    """A token signed by HMAC-SHA256; the payload travels as the very text that is given."""
    signed = f"{_base64(_HEADER.encode())}.{_base64(payload.encode())}"
    return f"{signed}.{_base64(hmac.digest(key.encode(), signed.encode(), hashlib.sha256))}"


def fiscal_token(payload: str, signer: Signer, password1: str) -> str:
    """The second-receipt service's token: its signature is the hash's hexadecimal text, encoded once more."""
    encoded = _base64(payload.encode())
    return f"{encoded}.{_base64(signer.digest(encoded + password1).encode())}"


def moscow(moment: datetime) -> str:
    """With its offset: without one Robokassa takes any time for Moscow's."""
    return moment.astimezone(MOSCOW).isoformat(timespec="seconds")


def read_moment(written: str) -> datetime | None:
    """Read a time of Robokassa, which has seven digits of a second; None for what is not one."""
    try:
        read = datetime.fromisoformat(_SEVENTH_DIGIT.sub(r"\1", written))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=MOSCOW)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
