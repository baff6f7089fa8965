"""Payments noted by hand before the bank tells of them: the statement later confirms them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.invoices import OPEN_INVOICES, Invoice
from bot.domain.invoicing import Invoicing
from bot.domain.money import Money
from bot.domain.states import Role
from bot.services.bank import BankService, locked_invoice
from bot.services.desk import DeskService
from bot.services.statement.cards import invoice_facts
from bot.services.statement.facts import with_missing
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

KIND = "promise_second"
CONFIRMED = "promise"
"""The answer of a card whose payment a second person confirmed."""


class PromiseService:
    """A cashier notes; from the seller's limit on a second person says so too, and only then it counts."""

    def __init__(
        self, database: Database, bank: BankService, desk: DeskService, invoicing: Invoicing | None
    ) -> None:
        self.database = database
        self._bank = bank
        self._desk = desk
        self._second_from = invoicing.second_from if invoicing else {}

    @reading
    def invoice(self, tx: Tx, who: int, number: str) -> dict[str, Any]:
        """An invoice that still asks for money, by its number."""
        self._desk.demand(who, Role.CASHIER)
        found = tx.statement_matches.by_numbers([number]).get(number)
        invoice = tx.invoices.get(found.id) if found else None
        if found is None or invoice is None:
            raise CustomerError("no_such_invoice")
        if not found.is_open:
            raise CustomerError("invoice_not_open")
        return {**invoice_facts(invoice), "missing": with_missing(tx, found).missing}

    @transaction
    def note(self, tx: Tx, who: int, invoice_id: int, amount: Money) -> Card | None:
        """Book it as promised; from the limit on, ask for a second person by the card that is returned.

        Parts of one invoice count together, or the limit could be walked around in small steps.
        """
        self._desk.demand(who, Role.CASHIER)
        invoice = _open_invoice(tx, invoice_id, amount)
        self._desk.refuse_own_gain(who, Role.CASHIER, gains=invoice.customer_id)
        limit = self._second_from.get(amount.currency)
        if limit is None or amount + tx.promises.standing(invoice_id, amount.currency) < limit:
            self._bank.promise(tx, invoice, amount, who=who)
            tx.audit.note(who, "payment_promised", f"invoice:{invoice_id}", amount=amount)
            return None
        about = {"customer_id": invoice.customer_id, "asked_by": who}
        facts = {**invoice_facts(invoice), "amount": amount, **about}
        card_id = tx.cards.add(KIND, f"promise:{invoice_id}", facts)
        tx.outbox.to_operators(KIND, card=card_id, **facts)
        tx.audit.note(who, "payment_promise_asked", f"invoice:{invoice_id}", amount=amount)
        return tx.cards.get(card_id)

    @transaction
    def second(self, tx: Tx, who: int, card_id: int) -> Card:
        """The second person's word; it is another one than the first, whatever their roles."""
        self._desk.demand(who, Role.CASHIER)
        card = tx.cards.get(card_id)
        if card is None or card.kind != KIND:
            raise CustomerError("card_gone")
        if card.payload["asked_by"] == who:
            raise CustomerError("second_person_needed")
        if not tx.cards.close(card_id, by=who, answer=CONFIRMED):
            raise CustomerError("card_answered", card=card_id)
        asked_by, amount = int(card.payload["asked_by"]), card.payload["amount"]
        invoice = _open_invoice(tx, int(card.payload["id"]), amount)
        self._desk.refuse_own_gain(who, Role.CASHIER, gains=invoice.customer_id, asked_by=asked_by)
        self._bank.promise(tx, invoice, amount, who=asked_by, seconded_by=who)
        tx.audit.note(
            who, "payment_promised", f"invoice:{invoice.id}", amount=amount, asked_by=asked_by, card=card_id
        )
        closed = tx.cards.get(card_id)
        assert closed is not None
        return replace(closed, payload={**closed.payload, "card": card_id})


def _open_invoice(tx: Tx, invoice_id: int, amount: Money) -> Invoice:
    invoice = locked_invoice(tx, invoice_id)
    if invoice.state not in OPEN_INVOICES or invoice.total.currency != amount.currency or not amount:
        raise CustomerError("invoice_not_open")
    return invoice
