"""Links to documents: unguessable, for a time, and nobody is told more than the one file."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.documents import Enclosure
from bot.domain.errors import NotYours
from bot.domain.invoices import Invoice
from bot.domain.periods import now
from bot.domain.references import fingerprint, new_reference
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LIFE = timedelta(days=60)


class DocumentLinks:
    """A token is made from a random reference by the vault's key; only its hash is kept."""

    def __init__(self, database: Database, vault: Vault, public_url: str) -> None:
        self.database = database
        self._vault = vault
        self._public_url = public_url.rstrip("/")

    def give(
        self, tx: Tx, customer_id: int, enclosure: Enclosure, language: str, lives: timedelta = LIFE
    ) -> str:
        """Make a link in the caller's unit; its address."""
        reference = new_reference()
        token = self._vault.link(reference)
        tx.documents.add(
            customer_id,
            enclosure,
            language=language,
            reference=reference,
            fingerprint=fingerprint(token),
            expires_at=now() + lives,
        )
        return f"{self._public_url}/documents/{token}.pdf"

    def give_invoice(self, tx: Tx, invoice: Invoice) -> str:
        """A new link to an invoice, in the language it was issued in."""
        wanted = Enclosure("invoice", {"invoice_id": invoice.id})
        return self.give(tx, invoice.customer_id, wanted, invoice.language)

    @reading
    def open(self, tx: Tx, token: str) -> tuple[Enclosure, str]:
        """What the link leads to and the language to write it in; NotYours when unknown or over."""
        link = tx.documents.by_fingerprint(fingerprint(token))
        if link is None:
            raise NotYours
        return link.enclosure, link.language

    @transaction
    def purge(self, tx: Tx) -> int:
        """Forget some links whose time is over; call it until it answers 0."""
        return tx.documents.purge()
