"""The shop's books at the operator: orders, their transactions, and who is told of them."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sandbox.cards import Behaviour, KeptCards
from sandbox.clock import Clock
from sandbox.webpay.settings import ShopSettings

PAGE_LIVES = timedelta(minutes=20)
GOOD_FOR = timedelta(days=730)
COMPLETED, DECLINED, AUTHORIZED, PARTLY_REFUNDED, VOIDED, PARTLY_VOIDED = 1, 2, 4, 5, 7, 9
RECURRENT, REFUNDED, VERIFICATION = 10, 11, 23
STATES = {
    COMPLETED: "Completed", DECLINED: "Failed", AUTHORIZED: "Authorized", PARTLY_REFUNDED: "Refunded",
    VOIDED: "Voided", PARTLY_VOIDED: "Voided", RECURRENT: "Completed", REFUNDED: "Refunded",
    VERIFICATION: "System",
}  # fmt: skip


class NotPossibleError(Exception):
    """The operator says no, in its own words."""


@dataclass
class Order:
    """What one posted form asks for."""

    number: str
    amount: int
    currency: str
    title: str
    return_url: str
    cancel_url: str
    notify_url: str
    language: str
    created_at: datetime
    customer: str = ""
    operation: str = ""
    tag: str = ""
    behaviour: Behaviour = Behaviour.PAYS
    """How the card that it binds will answer to charges."""
    id: str = field(default_factory=lambda: str(secrets.randbelow(90_000_000) + 10_000_000))
    page: str = field(default_factory=lambda: secrets.token_hex(12))
    transactions: list["Transaction"] = field(default_factory=list)

    @property
    def due(self) -> datetime:
        return self.created_at + PAGE_LIVES

    @property
    def paid(self) -> bool:
        return any(each.kind != DECLINED for each in self.transactions)


@dataclass
class Transaction:
    """One try to pay; what goes back keeps its number and changes its kind."""

    order: Order
    kind: int
    amount: int
    batch: int
    card: str
    method: str = "cc"
    code: str = ""
    returned: int = 0
    moved: int = 0
    """The sum of the last movement."""
    id: str = field(default_factory=lambda: str(secrets.randbelow(900_000_000) + 100_000_000))
    rrn: str = field(default_factory=lambda: str(secrets.randbelow(900_000_000_000) + 100_000_000_000))


@dataclass
class Bound:
    """A card that may be charged again."""

    customer: str
    token: str
    until: str
    card: str


class Shop:
    def __init__(self, settings: ShopSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.announce: Callable[[Transaction], None] = lambda _: None
        self.holds: Callable[[], bool] = lambda: False
        """Whether a payment is only authorized at first."""
        self.bound: dict[str, Bound] = {}
        self.let_go: dict[str, Bound] = {}
        self.cards = KeptCards()
        self._orders: dict[str, Order] = {}
        self._last_batch = 0

    def add(self, order: Order) -> Order:
        """Keep it; the same form posted again leads to the same page while that lives."""
        known = self._orders.get(order.number)
        if known is not None and known.paid:
            raise NotPossibleError("This order has been paid already")
        if known is not None and known.due > self.clock.now():
            return known
        if known is not None:
            raise NotPossibleError("This order's number has been used")
        self._orders[order.number] = order
        return order

    def orders(self) -> Iterable[Order]:
        """Newest first."""
        return reversed(self._orders.values())

    def order(self, number: str) -> Order | None:
        return self._orders.get(number)

    def by_page(self, page: str) -> Order | None:
        return next((each for each in self._orders.values() if each.page == page), None)

    def transaction(self, number: str) -> Transaction:
        for order in self._orders.values():
            for each in order.transactions:
                if each.id == number:
                    return each
        raise NotPossibleError("Transaction is not found")

    def pay(self, order: Order, card: str, refusal: str = "", *, method: str = "cc") -> Transaction:
        """The payer's bank answers."""
        if self.clock.now() > order.due:
            raise NotPossibleError("The time to pay is over")
        kind = DECLINED if refusal else self._kind(order)
        made = Transaction(order, kind, order.amount, self._batch(), card, method, refusal)
        made.moved = order.amount
        order.transactions.append(made)
        if order.operation == "recurring_bind" and kind != DECLINED:
            self._bind(order, card)
        self.announce(made)
        return made

    def unbind(self, bound: Bound) -> None:
        """Repeated, it changes nothing."""
        self.bound.pop(bound.token, None)
        self.let_go[bound.token] = bound
        self.cards.forget(bound.token)

    def complete(self, made: Transaction, amount: int | None = None) -> None:
        if made.kind != AUTHORIZED or (amount or 0) > made.amount:
            raise NotPossibleError("Transaction can not be completed")
        made.amount = amount or made.amount
        self._move(made, COMPLETED, made.amount)

    def give_back(self, made: Transaction, amount: int, *, void: bool) -> None:
        """Void or refund: the whole of what is left, or a part."""
        if made.kind in (DECLINED, VOIDED, REFUNDED, VERIFICATION):
            raise NotPossibleError("Transaction can not be canceled")
        if not 0 < amount <= made.amount - made.returned:
            raise NotPossibleError("Amount is more than is left")
        made.returned += amount
        whole = made.returned == made.amount and amount == made.amount
        kinds = (VOIDED, PARTLY_VOIDED) if void else (REFUNDED, PARTLY_REFUNDED)
        self._move(made, kinds[0] if whole else kinds[1], amount)

    def _bind(self, order: Order, card: str) -> None:
        token = str(secrets.randbelow(900_000_000) + 100_000_000)
        until: date = (self.clock.now() + GOOD_FOR).date()
        self.bound[token] = Bound(order.customer, token, until.isoformat(), card)
        self.cards.keep(token, f"•••• {card[-4:]}", order.behaviour, until)

    def _kind(self, order: Order) -> int:
        if order.operation == "recurring_pay":
            return RECURRENT
        if order.amount == 0:
            return VERIFICATION
        return AUTHORIZED if self.holds() else COMPLETED

    def _move(self, made: Transaction, kind: int, amount: int) -> None:
        made.kind, made.moved, made.batch = kind, amount, self._batch()
        self.announce(made)

    def _batch(self) -> int:
        """A second of its own for every movement."""
        self._last_batch = max(int(self.clock.now().timestamp()), self._last_batch + 1)
        return self._last_batch
