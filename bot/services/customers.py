"""Customers: who is in the chat, how to reach them, what they agreed to."""

from __future__ import annotations

from typing import Any

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.contacts import demand_email, normal_phone
from bot.domain.customers import Connector, Customer
from bot.domain.errors import CustomerError
from bot.services import seller
from bot.services.zones import demand_zone
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

NAME_LENGTH = 128


class CustomerService:
    """A customer is made by his first word to the bot."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self._catalogue = catalogue

    @transaction
    def greet(
        self, tx: Tx, customer_id: int, *, name: str, language: str, username: str | None = None
    ) -> Customer:
        """Make or find the customer; he is reachable again, and new names replace the old."""
        tx.customers.add(customer_id, name=name[:NAME_LENGTH], language=language)
        customer = _found(tx, customer_id)
        if not customer.name:  # an import made him, before he ever spoke
            tx.customers.choose_language(customer_id, language)
        if customer.name != name[:NAME_LENGTH]:
            tx.customers.rename(customer_id, name[:NAME_LENGTH])
        if username is not None and customer.username != username:
            tx.customers.set_username(customer_id, username)
        if not customer.reachable:
            tx.customers.set_reachable(customer_id, True)
        return _found(tx, customer_id)

    @reading
    def get(self, tx: Tx, customer_id: int) -> Customer | None:
        return tx.customers.get(customer_id)

    @transaction
    def choose_language(self, tx: Tx, customer_id: int, language: str) -> Customer:
        tx.customers.choose_language(customer_id, language)
        return _found(tx, customer_id)

    @transaction
    def choose_zone(self, tx: Tx, customer_id: int, zone: str) -> Customer:
        """By which clock he is charged and told of it; "" for the seller's. CustomerError "unknown_zone"."""
        tx.customers.choose_zone(customer_id, demand_zone(zone))
        return _found(tx, customer_id)

    @transaction
    def set_email(self, tx: Tx, customer_id: int, text: str) -> Customer:
        """Keep the address receipts go to; CustomerError "bad_email" for what is none."""
        tx.customers.set_email(customer_id, demand_email(text))
        return _found(tx, customer_id)

    @transaction
    def set_phone(self, tx: Tx, customer_id: int, text: str) -> Customer:
        """Keep a typed number for receipts; it proves nothing and finds no connectors."""
        phone = normal_phone(text)
        if phone is None:
            raise CustomerError("bad_phone")
        tx.customers.set_phone(customer_id, phone)
        return _found(tx, customer_id)

    @transaction
    def share_contact(self, tx: Tx, customer_id: int, phone: str) -> list[Connector]:
        """The customer's own number, proved by Telegram: ownerless connectors that name it become his."""
        number = normal_phone(phone if phone.startswith("+") else f"+{phone}")
        if number is None:
            raise CustomerError("bad_phone")
        tx.customers.set_phone(customer_id, number)
        payer_id = tx.customers.person(customer_id)
        attached = [
            connector
            for connector in tx.connectors.ownerless_by_phone(number)
            if tx.connectors.attach(connector.id, payer_id)
        ]
        for connector in attached:
            tx.audit.note(customer_id, "attached_by_phone", f"connector:{connector.id}")
            seller.tell_connector(tx, "attached", connector.id)
        return attached

    @transaction
    def consent(self, tx: Tx, customer_id: int) -> Customer:
        """Note that he agreed to the processing of personal data, and when."""
        tx.customers.consent(customer_id, periods.now())
        tx.audit.note(customer_id, "consented", f"customer:{customer_id}", **self._papers())
        return _found(tx, customer_id)

    @transaction
    def accept_terms(self, tx: Tx, customer_id: int) -> Customer:
        """Note which version of the terms he accepted; orders keep it."""
        tx.customers.accept_terms(customer_id, self._catalogue.terms.version)
        return _found(tx, customer_id)

    @transaction
    def set_reachable(self, tx: Tx, customer_id: int, reachable: bool) -> None:
        tx.customers.set_reachable(customer_id, reachable)

    def _papers(self) -> dict[str, Any]:
        return {"privacy": self._catalogue.privacy.version}


def _found(tx: Tx, customer_id: int) -> Customer:
    customer = tx.customers.get(customer_id)
    if customer is None:
        raise CustomerError("start_first")
    return customer
