"""The shop's operations at Robokassa: what a payer may do with each, and who is told of it."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.cards import Behaviour, KeptCards
from sandbox.clock import Clock
from sandbox.robokassa.settings import ShopSettings
from sandbox.yookassa.cards import Card

BEGUN, CANCELLED, DONE = 5, 10, 100


@dataclass
class Operation:
    """A payment by its InvId; `id` is only for the address of its page."""

    number: str
    amount: int
    description: str
    own: dict[str, str]
    created_at: datetime
    changed_at: datetime
    due: datetime | None = None
    email: str = ""
    label: str = ""
    culture: str = "ru"
    test: bool = False
    receipt: object = None
    keeps_card: bool = False
    """A parent: its card may be charged again, by its number."""
    behaviour: Behaviour = Behaviour.PAYS
    """How the card that it leaves behind will answer to charges."""
    by_saved_card: bool = False
    """Its page opens with a known card, whose owner types the code."""
    parent: str = ""
    """Whose card a charge takes."""
    state: int = BEGUN
    card: Card | None = None
    waiting_for_code: Card | None = None
    wrong_codes: int = 0
    refunded: int = 0
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    key: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    rrn: str = field(default_factory=lambda: str(secrets.randbelow(10**12)).zfill(12))

    @property
    def is_open(self) -> bool:
        return self.state == BEGUN


@dataclass
class Refund:
    operation: Operation
    amount: int
    label: str
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class OffsetReceipt:
    number: str
    operation: Operation
    amount: int


class NotPossibleError(Exception):
    """What was asked for cannot be done; the message is the service's own word."""


class Shop:
    def __init__(self, settings: ShopSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.announce: Callable[[Operation], None] = lambda _operation: None
        self.cards = KeptCards()
        self.refunds: dict[str, Refund] = {}
        self.receipts: dict[str, OffsetReceipt] = {}
        self._operations: dict[str, Operation] = {}

    def add(self, operation: Operation) -> Operation:
        """The same number again is the same payment while it can be paid, and a new try after a refusal."""
        known = self._operations.get(operation.number)
        if known is not None and known.state == BEGUN:
            return known
        self._operations[operation.number] = operation
        return operation

    def operations(self) -> list[Operation]:
        """Newest first."""
        return list(reversed(self._operations.values()))

    def find(self, number: str) -> Operation | None:
        self.sweep()
        return self._operations.get(number)

    def by_id(self, page_id: str) -> Operation | None:
        self.sweep()
        return next((each for each in self._operations.values() if each.id == page_id), None)

    def by_key(self, key: str) -> Operation | None:
        return next((each for each in self._operations.values() if each.key == key), None)

    def pay(self, operation: Operation, card: Card | None = None) -> None:
        """The payer's bank answers; without a card it was SBP. What has ended stays as it is."""
        if operation.state != BEGUN:
            return
        operation.card, operation.waiting_for_code = card, None
        if card is not None and card.refusal:
            self._move(operation, CANCELLED)
        else:
            self._move(operation, DONE)
            if card is not None and operation.keeps_card:
                self.cards.keep(operation.number, f"•••• {card.last4}", operation.behaviour)
            self.announce(operation)

    def cancel(self, operation: Operation) -> None:
        if operation.state == BEGUN:
            self._move(operation, CANCELLED)

    def refund(self, operation: Operation, amount: int, label: str) -> Refund:
        """Begin a refund; it must fit into what is left."""
        if operation.state != DONE:
            raise NotPossibleError("OperationIsNotFinished")
        if not 0 < amount <= operation.amount - operation.refunded:
            raise NotPossibleError("NotEnoughOperationFunds")
        refund = Refund(operation, amount, label)
        self.refunds[refund.request_id] = refund
        if label != "canceled":
            operation.refunded += amount
        return refund

    def sweep(self) -> None:
        """Cancel what ran out of time."""
        now = self.clock.now()
        for operation in self._operations.values():
            if operation.due is not None and operation.due <= now:
                self.cancel(operation)

    def _move(self, operation: Operation, state: int) -> None:
        operation.state, operation.changed_at = state, self.clock.now()
