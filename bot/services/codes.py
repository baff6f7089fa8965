"""Payment codes: everybody's own, whose a code is, and finding one for an operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.contacts import normal_email, normal_phone
from bot.domain.customers import Payer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.payment_codes import masked_name, new_code, read_code
from bot.domain.periods import now
from bot.domain.states import Role
from bot.services.desk import DeskService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
MOST_FOUND = 8
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d")


@dataclass(frozen=True, slots=True)
class PayerCode:
    """A payer with the code that his money is known by; "" where nobody asked for one yet."""

    payer_id: int
    title: str
    code: str
    customer_id: int


@dataclass(frozen=True, slots=True)
class Whose:
    """What may be told about a code: its payer's masked name, and whether he is the one who asks."""

    code: str
    masked: str
    is_mine: bool
    payer_id: int | None
    """Only of one's own."""


class CodeService:
    """A code comes into being when it is first needed, and never changes."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @transaction
    def code(self, tx: Tx, customer_id: int, payer_id: int) -> str:
        """The code of one of the customer's payers, made the first time."""
        if tx.payers.get_for_customer(payer_id, customer_id) is None:
            raise NotYours
        return code_of(tx, payer_id)

    @reading
    def mine(self, tx: Tx, customer_id: int) -> list[PayerCode]:
        """The customer's payers that have a code already."""
        return [_to_code(payer) for payer in tx.payers.of_customer(customer_id) if payer.code]

    async def whose(self, text: str, customer_id: int) -> Whose:
        """Who would be credited by this code; raises BadCode, "code_unknown" or "code_tries_over".

        So many strangers' codes may be asked about in an hour: anybody can type any code.
        """
        code = read_code(text)
        found = await self._look(code, customer_id)
        if found is None:
            raise CustomerError("code_unknown")
        return found

    @transaction
    def find_or_make(self, tx: Tx, operator: int, words: str) -> list[PayerCode]:
        """Payers by e-mail, phone, or a connector's title or id; a code is made where one alone is found."""
        self._desk.demand(operator, Role.OPERATOR)
        found = _search(tx, " ".join(words.split())[:100])
        if len(found) == 1:
            return [self._made(tx, operator, found[0])]
        return [_to_code(payer) for payer in found]

    @transaction
    def make(self, tx: Tx, operator: int, payer_id: int) -> PayerCode:
        """The code of the payer whom an operator chose among several."""
        self._desk.demand(operator, Role.OPERATOR)
        payer = tx.payers.get(payer_id)
        if payer is None:
            raise CustomerError("not_found")
        return self._made(tx, operator, payer)

    @transaction
    def _look(self, tx: Tx, code: str, customer_id: int) -> Whose | None:
        """A try is counted even when there is no such code, so nothing is raised once it was."""
        payer = tx.payers.by_code(code)
        if payer is not None and payer.customer_id == customer_id:
            return Whose(code, masked_name(payer.shown_name), is_mine=True, payer_id=payer.id)
        _spend_try(tx, customer_id)
        if payer is None:
            return None
        return Whose(code, masked_name(payer.shown_name), is_mine=False, payer_id=None)

    def _made(self, tx: Tx, operator: int, payer: Payer) -> PayerCode:
        code = code_of(tx, payer.id)
        if not payer.code:
            tx.audit.note(operator, "code_made", f"payer:{payer.id}")
        return PayerCode(payer.id, payer.shown_name, code, payer.customer_id)


def code_of(tx: Tx, payer_id: int) -> str:
    """The payer's code, made inside the caller's transaction when there is none."""
    while True:
        payer = tx.payers.get(payer_id)
        if payer is None:
            raise NotYours
        if payer.code:
            return payer.code
        tx.payers.give_code(payer_id, new_code())


def _to_code(payer: Payer) -> PayerCode:
    return PayerCode(payer.id, payer.shown_name, payer.code, payer.customer_id)


def _search(tx: Tx, words: str) -> list[Payer]:
    """Contacts are compared as wholes: half an address must not bring up a stranger's code."""
    if not words:
        return []
    number = _PHONE.search(words)
    phone = normal_phone(number[0]) if number else None
    return tx.payers.search(words, email=normal_email(words), phone=phone, limit=MOST_FOUND)


def _spend_try(tx: Tx, customer_id: int) -> None:
    """Kept in the books, so that neither a restart nor a second process gives new tries."""
    tx.customers.lock_payer(tx.customers.person(customer_id))
    key, moment = f"code_tries:{customer_id}", now()
    since, used = _tries(tx.facts.get(key), moment)
    if used >= TRIES:
        raise CustomerError("code_tries_over")
    tx.facts.set(key, f"{since.isoformat()} {used + 1}")


def _tries(kept: str | None, moment: datetime) -> tuple[datetime, int]:
    """When the present hour of tries began, and how many were used in it."""
    if kept is None:
        return moment, 0
    since, used = kept.split()
    began = datetime.fromisoformat(since)
    return (began, int(used)) if moment - began < TRIES_WITHIN else (moment, 0)
