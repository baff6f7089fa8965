"""Proving whose an e-mail address is, for papers that go there and for lines that name it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain import periods
from bot.domain.contacts import demand_email
from bot.domain.customers import Connector
from bot.domain.email_codes import (
    A_DAY,
    AT_ONCE,
    GOOD_FOR,
    MOST_A_DAY,
    MOST_AT_ONCE,
    CodePurpose,
    EmailCode,
    new_code,
    typed_code,
)
from bot.domain.errors import CustomerError
from bot.domain.references import fingerprint
from bot.services import seller
from bot.services.payers import own_payer
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

KEPT = timedelta(days=7)
FORGOTTEN_AT_ONCE = 200
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Proved:
    """What a right code brought."""

    email: str
    connectors: list[Connector]


class EmailCodeService:
    """A code is good once, for a while and for a few tries; the books keep what proves it, not the code."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self._vault = vault

    @reading
    def can_send(self, tx: Tx) -> bool:
        """Whether there is mail at all."""
        return tx.outbox.mail_is_on

    @transaction
    def send(
        self, tx: Tx, customer_id: int, email: str, purpose: CodePurpose, payer_id: int | None = None
    ) -> str:
        """Send a code to an address as typed; the address as it is written from now on.

        For connectors it goes out only where one is on file, and nothing else tells the two apart.
        """
        address = demand_email(email)
        if not tx.outbox.mail_is_on:
            raise CustomerError("mail_is_off")
        if purpose is CodePurpose.ADDRESS:
            own_payer(tx, customer_id, payer_id or 0)
        _refuse_too_many(tx, customer_id, address)
        code = new_code()
        proof = fingerprint(self._vault.link(_sealed(customer_id, address, code)))
        tx.email_codes.add(customer_id, purpose, address, proof, payer_id)
        is_for_papers = purpose is CodePurpose.ADDRESS
        if is_for_papers or tx.connectors.ownerless_by_email(address):
            minutes = int(GOOD_FOR.total_seconds()) // MINUTE
            tx.outbox.to_email(
                customer_id, address, "email_code", code=code, minutes=minutes, discreet=not is_for_papers
            )
        return address

    async def prove(self, customer_id: int, purpose: CodePurpose, code: str) -> str:
        """The address that the code proves, which is the payer's now; CustomerError for a wrong code."""
        found = await self._try(customer_id, purpose, code)
        return _or_raise(found).email

    async def take_over(self, customer_id: int, code: str) -> list[Connector]:
        """The connectors that the address brought; it was proved, so they are his."""
        found = await self._try(customer_id, CodePurpose.CONNECTORS, code)
        return _or_raise(found).connectors

    @transaction
    def forget_old(self, tx: Tx) -> int:
        """One short unit of forgetting; call it until it answers 0."""
        return tx.email_codes.forget(periods.now() - KEPT, most=FORGOTTEN_AT_ONCE)

    @transaction
    def _try(self, tx: Tx, customer_id: int, purpose: CodePurpose, code: str) -> Proved | CustomerError:
        """A refusal is returned, not raised: the unit must stand, or the try would not be counted."""
        digits = typed_code(code)
        if digits is None:
            return CustomerError("code_shape")
        sent = tx.email_codes.count_try(customer_id, purpose)
        if sent is None:
            return CustomerError("code_spent")
        sealed = _sealed(customer_id, sent.email, digits)
        if self._vault.link_behind(sealed, sent.code_hash) is None:
            return CustomerError("code_wrong", left=sent.tries_left)
        if not tx.email_codes.use(sent.id):
            return CustomerError("code_spent")
        return Proved(sent.email, _give(tx, customer_id, purpose, sent))


def _give(tx: Tx, customer_id: int, purpose: CodePurpose, sent: EmailCode) -> list[Connector]:
    if purpose is CodePurpose.CONNECTORS:
        return _attach(tx, customer_id, sent.email)
    payer = own_payer(tx, customer_id, sent.payer_id or 0)
    tx.payers.prove_email(payer.id, sent.email)
    tx.audit.note(customer_id, "address_proved", f"payer:{payer.id}")
    return []


def _attach(tx: Tx, customer_id: int, email: str) -> list[Connector]:
    payer_id = tx.customers.person(customer_id)
    attached = [
        connector
        for connector in tx.connectors.ownerless_by_email(email)
        if tx.connectors.attach(connector.id, payer_id)
    ]
    for connector in attached:
        tx.audit.note(customer_id, "attached_by_email", f"connector:{connector.id}")
        seller.tell_connector(tx, "attached", connector.id)
    return attached


def _refuse_too_many(tx: Tx, customer_id: int, email: str) -> None:
    def sent_within(span: timedelta) -> int:
        return max(tx.email_codes.sent_since(periods.now() - span, customer_id=customer_id, email=email))

    if sent_within(AT_ONCE) >= MOST_AT_ONCE:
        raise CustomerError("code_too_often")
    if sent_within(A_DAY) >= MOST_A_DAY:
        raise CustomerError("code_not_today")


def _sealed(customer_id: int, email: str, code: str) -> str:
    return f"email_code:{customer_id}:{email}:{code}"


def _or_raise(found: Proved | CustomerError) -> Proved:
    if isinstance(found, CustomerError):
        raise found
    return found
