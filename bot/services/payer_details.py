"""A customer's payers as papers name them: their requisites, kept and changed by him alone."""

from __future__ import annotations

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.domain.payer_details import PayerDetails, checked
from bot.domain.requisites import PartyKind
from bot.services.payers import own_payer, refuse_too_many
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


class PayerService:
    """An equal tax number makes another payer: nobody sees or shares somebody else's by knowing it.

    A change is of papers to come; what was issued keeps the buyer it was issued to.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @transaction
    def save(self, tx: Tx, customer_id: int, payer_id: int | None, details: PayerDetails) -> Payer:
        """Make a payer with these requisites, or change one; a private person is the customer himself."""
        told = checked(details)
        payer_id = _person_or_new(tx, customer_id, told) if payer_id is None else payer_id
        _keep_its_kind(own_payer(tx, customer_id, payer_id), told)
        tx.payers.set_details(payer_id, told)
        return own_payer(tx, customer_id, payer_id)

    @reading
    def details(self, tx: Tx, customer_id: int, payer_id: int) -> PayerDetails:
        return own_payer(tx, customer_id, payer_id).details

    @reading
    def get(self, tx: Tx, customer_id: int, payer_id: int) -> Payer:
        return own_payer(tx, customer_id, payer_id)

    @reading
    def of_customer(self, tx: Tx, customer_id: int) -> list[Payer]:
        """Those that an invoice can be made out to, the oldest first."""
        return [payer for payer in tx.payers.of_customer(customer_id) if payer.can_be_invoiced]


def _person_or_new(tx: Tx, customer_id: int, details: PayerDetails) -> int:
    if details.kind is PartyKind.PERSON:
        return tx.customers.person(customer_id)
    refuse_too_many(tx, customer_id)
    return tx.payers.add(customer_id, details.name)


def _keep_its_kind(payer: Payer, details: PayerDetails) -> None:
    """There is one private person a customer, and it stays that."""
    if (payer.kind == PartyKind.PERSON) != (details.kind is PartyKind.PERSON):
        raise CustomerError("payer_kind_stays")
