"""The shapes of single settings; what is wrong with a value is said without the value."""

from __future__ import annotations

import base64
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from bot.gateways.addresses import LOOPBACK, is_near


def _token(token: SecretStr) -> SecretStr:
    if re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII) is None:
        raise ValueError("is not a bot token")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if re.fullmatch(r"[\w-]{16,256}", secret.get_secret_value(), re.ASCII) is None:
        raise ValueError("is not 16 to 256 of A-Z, a-z, 0-9, _ and -")
    return secret


def _signing_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value().removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("is not whsec_ and 24 to 64 bytes in base64")
    return secret


def _public_address(url: str) -> str:
    """HTTPS everywhere but on one's own machine and network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("is not an address")
    if parts.scheme == "http" and not is_near(parts.hostname):
        raise ValueError("begins with http://, which anybody on the way can read and change")
    return url.rstrip("/")


def _own_machine(url: str) -> str:
    """Whoever answers there decides when people are charged: nobody outside may."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise ValueError("does not lead to this very machine")
    return url


Address = Annotated[str, AfterValidator(_public_address)]
LoopbackUrl = Annotated[str, AfterValidator(_own_machine)]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing_secret)]
BotToken = Annotated[SecretStr, AfterValidator(_token)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
