"""What is kept encrypted: raw callbacks, for disputes, until their time is over."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.domain.references import fingerprint, link_token


class Vault:
    """Seals with the newest key, opens with any; link tokens come from the same keys."""

    def __init__(self, key: str, previous: str = "") -> None:
        self._keys = [key, previous] if previous else [key]
        self._fernet = MultiFernet([Fernet(_derived(secret)) for secret in self._keys])

    def seal(self, plain: bytes) -> bytes:
        """Encrypt bytes for the books."""
        return self._fernet.encrypt(plain)

    def unseal(self, sealed: bytes) -> bytes:
        """Read back what was sealed; ValueError when no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise ValueError("sealed with another SECRET_KEY") from error

    def link(self, reference: str) -> str:
        """The token of a new link."""
        return link_token(self._keys[0], reference)

    def link_behind(self, reference: str, stored: str) -> str | None:
        """The token whose fingerprint was stored, also after the key was changed; None if it is lost."""
        tokens = (link_token(key, reference) for key in self._keys)
        return next((token for token in tokens if fingerprint(token) == stored), None)


def _derived(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"vault:" + secret.encode()).digest())
