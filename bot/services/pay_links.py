"""Our own addresses of payments: they stay the same while the provider's pages come and go."""

from __future__ import annotations

from bot.domain.payments import Payment
from bot.domain.references import fingerprint
from bot.services.vault import Vault
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx


class PayLinks:
    """A token is made from the payment's random reference by the vault's key; only its hash is kept."""

    def __init__(self, database: Database, vault: Vault, public_url: str) -> None:
        self.database = database
        self._vault = vault
        self._public_url = public_url.rstrip("/")

    def fingerprint(self, reference: str) -> str:
        """What is stored of a new payment's token."""
        return fingerprint(self._vault.link(reference))

    def token(self, payment: Payment) -> str:
        """The secret part of its address; "" when the keys that made it are gone."""
        return self._vault.link_behind(payment.link_reference, payment.link_fingerprint) or ""

    def token_behind(self, reference: str, stored: str) -> str:
        """That of any other link of ours; "" when the keys that made it are gone."""
        return self._vault.link_behind(reference, stored) or ""

    def url(self, payment: Payment) -> str:
        """The address of its link; "" when the keys that made it are gone."""
        token = self.token(payment)
        return f"{self._public_url}/pay/{token}" if token else ""

    def return_url(self, payment: Payment) -> str:
        """Where the provider sends the payer back to."""
        return f"{self._public_url}/return/{self.token(payment) or self._vault.link(payment.link_reference)}"

    def notify_url(self, payment: Payment) -> str:
        """Where the provider's callbacks arrive."""
        return f"{self._public_url}/callbacks/{payment.provider}"

    async def lasting(self, payment: Payment) -> str:
        """Its address, made anew where the old keys are gone."""
        return self.url(payment) or await self._relink(payment)

    @transaction
    def _relink(self, tx: Tx, payment: Payment) -> str:
        token = self._vault.link(payment.reference)
        tx.payments.relink(payment.id, link_reference=payment.reference, link_fingerprint=fingerprint(token))
        return f"{self._public_url}/pay/{token}"
