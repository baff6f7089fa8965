"""Callers: people without a chat, written down by an operator, until they open their link in Telegram."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.contacts import demand_email, normal_phone
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.payer_details import normal_name
from bot.domain.periods import now
from bot.domain.personal_data import nobody
from bot.domain.references import fingerprint, new_reference
from bot.domain.states import Role
from bot.services.acts.customer_moves import move_customer
from bot.services.desk import DeskService
from bot.services.record.finding import customers_meant
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LIVES = timedelta(days=30)
HANDED_OUT = timedelta(days=7)
"""One that is good for less than this is not handed out any more: a new one is made."""
MOST_FOUND = 6


class CallerActs:
    """A caller's number is below zero, so nothing is ever sent to a chat of his; letters are."""

    def __init__(self, database: Database, desk: DeskService, vault: Vault, language: str) -> None:
        self.database = database
        self._desk = desk
        self._vault = vault
        self._language = language

    @reading
    def find(self, tx: Tx, who: int, words: str) -> list[Customer]:
        """Customers and callers by name, id, e-mail or phone; nobody who was forgotten."""
        self._desk.demand(who, Role.OPERATOR)
        found = customers_meant(tx, words, MOST_FOUND)
        return [each for each in found if each.forgotten_at is None]

    @reading
    def get(self, tx: Tx, who: int, customer_id: int) -> Customer:
        self._desk.demand(who, Role.OPERATOR)
        return known(tx, customer_id)

    @transaction
    def meet(self, tx: Tx, who: int, words: str, known_already: str = "") -> Customer:
        """Write somebody down: «Анна Петрова, anna@example.org, +7 999 123-45-67», in any order.

        Only where that is not enough, what is known already fills it up.
        """
        self._desk.demand(who, Role.OPERATOR)
        name, email, phone = _read_with(words, known_already)
        caller = nobody()
        tx.customers.add_caller(caller, name=name, language=self._language)
        tx.customers.set_email(caller, email)
        tx.customers.set_phone(caller, phone)
        tx.customers.person(caller)
        tx.audit.note(who, "caller_met", f"customer:{caller}")
        return known(tx, caller)

    @transaction
    def link(self, tx: Tx, who: int, customer_id: int) -> str:
        """The token by which this caller makes everything his own; the same one while it is good."""
        self._desk.demand(who, Role.OPERATOR)
        if known(tx, customer_id).id >= 0:
            raise CustomerError("not_a_caller")
        return self.token(tx, who, customer_id)

    def token(self, tx: Tx, who: int, customer_id: int) -> str:
        """The same in the unit of whoever orders for him."""
        standing = tx.customer_links.standing(customer_id, good_until=now() + HANDED_OUT)
        token = self._vault.link_behind(standing.reference, standing.fingerprint) if standing else None
        return token or self._new_link(tx, who, customer_id)

    @transaction
    def send(self, tx: Tx, who: int, customer_id: int, url: str) -> str:
        """Send that address of the link by e-mail; the e-mail address."""
        self._desk.demand(who, Role.OPERATOR)
        customer = known(tx, customer_id)
        if not customer.email:
            raise CustomerError("caller_email_missing")
        if tx.outbox.to_email(customer.id, customer.email, "customer_link", url=url) is None:
            raise CustomerError("letters_are_off")
        tx.audit.note(who, "customer_link_sent", f"customer:{customer_id}")
        return customer.email

    @transaction
    def claim(self, tx: Tx, customer_id: int, token: str) -> None:
        """Whoever opens a caller's link in Telegram has all that was made for the caller; it works once."""
        found = tx.customer_links.find(fingerprint(token))
        if found is None:
            raise NotYours
        tx.customer_moves.hold(found.customer_id, customer_id)
        link = tx.customer_links.find(fingerprint(token))
        if link is None:
            raise NotYours
        if link.used_by == customer_id:
            return
        if link.used_at is not None or link.customer_id >= 0:
            raise CustomerError("link_used")
        if link.expires_at <= now():
            raise CustomerError("link_over")
        self._demand_anybody(tx, customer_id)
        if not tx.customer_links.use_up(link.id, customer_id):
            raise CustomerError("link_used")
        caller = known(tx, link.customer_id)
        move_customer(tx, caller.id, customer_id)
        tx.customer_moves.forget(caller.id)
        tx.audit.note(customer_id, "caller_came", f"customer:{customer_id}", was=caller.id)
        tx.outbox.to_operators("caller_came", informs=True, customer_id=customer_id, caller=caller.name)

    def _demand_anybody(self, tx: Tx, customer_id: int) -> None:
        """Whoever has opened the bot, but nobody of the desk: he might have made the caller up."""
        if tx.customers.get(customer_id) is None:
            raise CustomerError("start_first")
        if self._desk.role(customer_id) is not None:
            self._desk.refuse_own_gain(customer_id, Role.CASHIER, gains=customer_id)

    def _new_link(self, tx: Tx, who: int, customer_id: int) -> str:
        reference = new_reference()
        token = self._vault.link(reference)
        tx.customer_links.add(
            customer_id,
            reference=reference,
            fingerprint=fingerprint(token),
            made_by=who,
            expires_at=now() + LIVES,
        )
        tx.audit.note(who, "customer_link_made", f"customer:{customer_id}")
        return token


def known(tx: Tx, customer_id: int) -> Customer:
    customer = tx.customers.get(customer_id)
    if customer is None or customer.forgotten_at is not None:
        raise CustomerError("record_gone")
    return customer


def _read_with(words: str, known_already: str) -> tuple[str, str, str]:
    try:
        return read_person(words)
    except CustomerError as error:
        if error.code != "caller_words" or not known_already:
            raise
        return read_person(f"{known_already}, {words}")


def read_person(words: str) -> tuple[str, str, str]:
    """Name, e-mail and phone, of which the name and one of the others are needed; between commas."""
    name = email = phone = ""
    for part in (part.strip() for part in words.replace("\n", ",").replace(";", ",").split(",")):
        if "@" in part:
            email = demand_email(part)
        elif part and (number := normal_phone(part)):
            phone = number
        elif part:
            name = normal_name(f"{name} {part}")
    if not name or not (email or phone):
        raise CustomerError("caller_words")
    return name, email, phone
