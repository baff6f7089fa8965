"""What networks of terminals and wallets ask of us: is there such a code, and here is money for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.domain.errors import StorageError
from bot.domain.events import Callback, EventKind, Identity, Paid, Refunded
from bot.domain.money import Money
from bot.domain.payment_codes import BadCode, masked_name, read_code
from bot.domain.payments import BookedEvent, Payment
from bot.domain.states import EventFate
from bot.gateways.network import BadRequest, Command, Network, NetworkAnswer, NetworkRequest, Result
from bot.services.desk import is_closed
from bot.services.settlement import SettlementService
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

log = structlog.get_logger()

SECONDS_FOR_ANSWER = 4.5
"""Networks wait longer, people at a terminal do not. The unit may still commit: a repeat tells the truth."""


@dataclass(frozen=True, slots=True)
class TerminalReply:
    """`result` is the word it is counted under; a stranger is told nothing at all."""

    body: bytes
    result: str
    network: str = ""

    @property
    def is_stranger(self) -> bool:
        return self.result == "forged"


class TerminalService:
    """Refusals are answers like any other; only what we are sure of gets a final one."""

    def __init__(
        self,
        database: Database,
        networks: Mapping[str, Network],
        settlement: SettlementService,
        vault: Vault,
    ) -> None:
        self.database = database
        self._networks = networks
        self._settlement = settlement
        self._vault = vault

    async def receive(self, name: str, secret: str, callback: Callback) -> TerminalReply:
        """Answer a request of the network with that name, if it is one, within five seconds always."""
        network = self._networks.get(name)
        if network is None or not network.admits(secret, callback):
            return TerminalReply(b"", "forged", name if network else "")
        try:
            request = network.read(callback)
        except BadRequest as refusal:
            return TerminalReply(network.write(refusal.answer), "not_understood", name)
        answer = await self._in_time(network, request, callback)
        return TerminalReply(network.write(answer), f"{request.command}_{answer.result.value}", name)

    async def _in_time(self, network: Network, request: NetworkRequest, callback: Callback) -> NetworkAnswer:
        try:
            async with asyncio.timeout(SECONDS_FOR_ANSWER):
                return await self._answer(network, request, callback)
        except (StorageError, TimeoutError) as trouble:
            log.warning(
                "terminal.not_answered",
                network=network.name,
                command=request.command.value,
                error=type(trouble).__name__,
            )
            return NetworkAnswer(request.txn_id, Result.TRY_LATER, comment="try again later")

    async def _answer(self, network: Network, request: NetworkRequest, callback: Callback) -> NetworkAnswer:
        match request.command:
            case Command.CHECK:
                return await self._check(network, request)
            case Command.PAY:
                return await self._pay(network, request, self._sealed(callback))
            case Command.CANCEL:
                return await self._cancel(network, request, self._sealed(callback))
            case Command.STATUS:
                return await self._status(network, request)

    def _sealed(self, callback: Callback) -> bytes:
        return self._vault.seal(b"\n".join((callback.query.encode(), callback.body)))

    @reading
    def _check(self, tx: Tx, network: Network, request: NetworkRequest) -> NetworkAnswer:
        """Whoever has a code may be paid for, whatever he owes; nothing is written down."""
        try:
            payer = tx.payers.by_code(read_code(request.account))
        except BadCode:
            return _refused(request, Result.BAD_ACCOUNT)
        if payer is None:
            return _refused(request, Result.NO_ACCOUNT)
        if is_closed(tx):
            return _refused(request, Result.CLOSED)
        if request.amount is not None and not network.is_token(request.amount):
            wrong = _beyond_limits(network, request.amount)
            if wrong is not None:
                return _refused(request, wrong)
        shown = masked_name(payer.shown_name) if network.shows_payer else ""
        return NetworkAnswer(request.txn_id, Result.DONE, amount=request.amount, payer=shown)

    @transaction
    def _pay(self, tx: Tx, network: Network, request: NetworkRequest, raw: bytes) -> NetworkAnswer:
        """The movement is looked for first: what is booked must never get a final refusal."""
        known = tx.events.known(_identity(network, EventKind.PAID, request.txn_id))
        if known is not None:
            return _again(tx, network, request, known)
        assert request.amount is not None
        try:
            code = read_code(request.account)
        except BadCode:
            return _refused(request, Result.BAD_ACCOUNT)
        if tx.payers.lock_by_code(code) is None:
            return _refused(request, Result.NO_ACCOUNT)
        wrong = _beyond_limits(network, request.amount)
        if wrong is not None:
            return _refused(request, wrong)
        self._settlement.book(tx, _paid(network, request, code, request.amount), raw)
        known = tx.events.known(_identity(network, EventKind.PAID, request.txn_id))
        assert known is not None
        return _again(tx, network, request, known)

    @transaction
    def _cancel(self, tx: Tx, network: Network, request: NetworkRequest, raw: bytes) -> NetworkAnswer:
        """Only what still lies on the balance goes back; a repeat is answered and does nothing."""
        paid = _cancelled(tx, network, request)
        found = _payment_of(tx, paid)
        if paid is None or found is None:
            return _refused(request, Result.CANNOT_CANCEL)
        payment = tx.payments.lock(found.reference)
        assert payment is not None
        done = NetworkAnswer(request.txn_id, Result.DONE, number=payment.reference, amount=paid.amount)
        if _is_cancelled(tx, network, paid):
            return done
        if not _is_unspent(tx, payment, paid.amount):
            return _refused(request, Result.CANNOT_CANCEL)
        back = Refunded(
            provider=network.name,
            movement=paid.movement,
            provider_payment=paid.provider_payment,
            amount=paid.amount,
            reference=payment.reference,
            happened_at=request.happened_at,
        )
        self._settlement.book(tx, back, raw)
        return done

    @reading
    def _status(self, tx: Tx, network: Network, request: NetworkRequest) -> NetworkAnswer:
        """As the pay of that number was answered, whatever sum and account came with the question."""
        known = tx.events.known(_identity(network, EventKind.PAID, request.txn_id))
        if known is None:
            return _refused(request, Result.NO_ACCOUNT, "no such payment")
        return _stored(tx, network, request.txn_id, known)


def _paid(network: Network, request: NetworkRequest, code: str, amount: Money) -> Paid:
    return Paid(
        provider=network.name,
        movement=request.txn_id,
        reference="",
        amount=amount,
        provider_payment=request.txn_id,
        happened_at=request.happened_at,
        account=code,
    )


def _again(tx: Tx, network: Network, request: NetworkRequest, known: BookedEvent) -> NetworkAnswer:
    """The stored answer, unless this is another payment under a number that was used already."""
    if request.amount == known.amount and _same_account(request.account, known.account):
        return _stored(tx, network, request.txn_id, known)
    _report(tx, network, request, known)
    return _refused(request, Result.REFUSED, "this txn_id was paid with another sum or account")


def _stored(tx: Tx, network: Network, txn_id: str, known: BookedEvent) -> NetworkAnswer:
    payment = _payment_of(tx, known)
    if _is_cancelled(tx, network, known):
        return NetworkAnswer(txn_id, Result.REFUSED, comment="this payment was cancelled")
    if payment is None:  # it waits for an operator: money that was taken must not go back by itself
        return NetworkAnswer(txn_id, Result.TRY_LATER, comment="being looked into")
    return NetworkAnswer(txn_id, Result.DONE, number=payment.reference, amount=known.amount)


def _payment_of(tx: Tx, known: BookedEvent | None) -> Payment | None:
    if known is None or known.payment_id is None or known.fate is not EventFate.BOOKED:
        return None
    return tx.payments.get(known.payment_id)


def _same_account(typed: str, code: str) -> bool:
    try:
        return read_code(typed) == code
    except BadCode:
        return False


def _report(tx: Tx, network: Network, request: NetworkRequest, known: BookedEvent) -> None:
    """One card for each number, however often the network repeats it."""
    subject = f"terminal:{network.name}:{request.txn_id}"
    if tx.cards.has(subject):
        return
    facts: dict[str, Any] = {
        "network": network.name,
        "txn_id": request.txn_id,
        "booked": known.amount,
        "booked_account": known.account,
        "told": request.amount,
        "told_account": request.account,
    }
    card_id = tx.cards.add("terminal_differs", subject, facts)
    tx.outbox.to_operators("terminal_differs", card=card_id, **facts)


def _cancelled(tx: Tx, network: Network, request: NetworkRequest) -> BookedEvent | None:
    """Which payment a cancel means: named by the network's number, or by ours."""
    txn_id = request.cancelled
    if not txn_id and request.number:
        payment = tx.payments.by_reference(request.number)
        txn_id = payment.provider_payment if payment and payment.provider == network.name else ""
    paid = tx.events.known(_identity(network, EventKind.PAID, txn_id or request.txn_id))
    if paid is None or (request.amount is not None and request.amount != paid.amount):
        return None
    return paid


def _is_cancelled(tx: Tx, network: Network, paid: BookedEvent) -> bool:
    return tx.events.known(_identity(network, EventKind.REFUNDED, paid.movement)) is not None


def _is_unspent(tx: Tx, payment: Payment, amount: Money) -> bool:
    """Nothing was bought with it and nothing of it went back."""
    order = tx.orders.get(payment.order_id) if payment.order_id else None
    if order is not None and tx.ledger.settled_for(order.id, amount.currency):
        return False
    brought = tx.ledger.brought_by(payment.id, amount.currency)
    return min(brought, tx.ledger.balance(payment.payer_id, amount.currency)) >= amount


def _beyond_limits(network: Network, amount: Money) -> Result | None:
    if not amount or amount < network.least:
        return Result.TOO_SMALL
    if network.most is not None and amount > network.most:
        return Result.TOO_LARGE
    return None


def _identity(network: Network, kind: EventKind, movement: str) -> Identity:
    return Identity(network.name, kind, movement)


_COMMENTS = {
    Result.BAD_ACCOUNT: "the code has a wrong digit or another length",
    Result.NO_ACCOUNT: "there is no such code",
    Result.CLOSED: "payments are paused",
    Result.TOO_SMALL: "the sum is too small",
    Result.TOO_LARGE: "the sum is too large",
    Result.CANNOT_CANCEL: "cannot be cancelled",
}


def _refused(request: NetworkRequest, result: Result, comment: str = "") -> NetworkAnswer:
    return NetworkAnswer(request.txn_id, result, comment=comment or _COMMENTS[result])
