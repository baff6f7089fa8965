"""How a payer's papers come to him: by e-mail, into the chat, or by hand."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.domain.invoices import Delivery, Invoice
from bot.services.invoice.facts import facts_of
from bot.services.payers import own_payer
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class PayerDelivery:
    """How his papers come: what was chosen, and what of it can be done."""

    payer: Payer
    mail_is_on: bool

    @property
    def address(self) -> str:
        """Where his letters go now: an address that was proved; "" where there is none or no mail at all."""
        return self.payer.proved_email if self.mail_is_on else ""

    @property
    def delivery(self) -> Delivery:
        """Papers come into the chat while they can't go by e-mail."""
        if self.payer.delivery is Delivery.EMAIL and not self.address:
            return Delivery.CHAT
        return self.payer.delivery


class DeliveryService:
    """An invoice keeps what stood when it was formed; everything ordered goes where it stands now."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reading
    def get(self, tx: Tx, customer_id: int, payer_id: int) -> PayerDelivery:
        return delivery_of(tx, own_payer(tx, customer_id, payer_id))

    @transaction
    def choose(self, tx: Tx, customer_id: int, payer_id: int, delivery: Delivery) -> PayerDelivery:
        """Let regular invoices come so from now on."""
        now = delivery_of(tx, own_payer(tx, customer_id, payer_id))
        if delivery is Delivery.EMAIL and not now.address:
            raise CustomerError("address_first" if now.mail_is_on else "mail_is_off")
        if delivery is not now.payer.delivery:
            tx.payers.choose_delivery(payer_id, delivery)
            tx.audit.note(customer_id, "delivery_chosen", f"payer:{payer_id}", delivery=delivery.value)
        return delivery_of(tx, own_payer(tx, customer_id, payer_id))


def delivery_of(tx: Tx, payer: Payer) -> PayerDelivery:
    return PayerDelivery(payer, tx.outbox.mail_is_on)


def hand_over(tx: Tx, invoice: Invoice) -> None:
    """Ask operators to bring a formed invoice to its payer, once."""
    subject = f"by_hand:{invoice.id}"
    if tx.cards.has(subject):
        return
    facts = {**facts_of(invoice), "address": invoice.buyer.address}
    card_id = tx.cards.add("invoice_by_hand", subject, facts)
    tx.outbox.to_operators("invoice_by_hand", card=card_id, **facts)
