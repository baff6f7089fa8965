"""The shape every provider's gateway has: build a link, prove a callback, answer when asked; nothing else."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.domain.events import Callback, Event, Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.fiscal import FiscalReceipt
from bot.domain.money import Money
from bot.domain.saved_cards import CardOnFile

OnCall = Callable[[str, str, float], None]
"""Told of every call: the provider; ok, refused, unavailable, unknown or cancelled; the seconds it took."""


@dataclass(frozen=True, slots=True)
class BotAccess:
    """Where a bot's calls go; the token is a part of it, so it is never shown."""

    address: str = field(repr=False)

    @classmethod
    def of(cls, token: str, base_url: str) -> BotAccess:
        return cls(f"{base_url.rstrip('/')}/bot{token}")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a fiscal receipt (54-FZ): `price` is for one unit."""

    title: str
    price: Money
    quantity: int = 1
    vat: str = "none"
    subject: str = "service"
    mode: str = "full_payment"
    measure: str = "piece"


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What a payer is asked for; `reference` is random, ours, and the idempotency key as well."""

    reference: str
    method: str
    amount: Money
    title: str
    return_url: str
    language: str
    items: Sequence[Item] = ()
    email: str = ""
    phone: str = ""
    notify_url: str = ""
    """Where the provider's callbacks arrive, for those who are told with each payment."""
    saves_card: bool = False
    """The provider is asked to keep the card; only with a method that `saves_cards`."""
    page_token: str = field(default="", repr=False)
    """Opens the page with this saved card on it; its payer still types the CVC or goes by 3-D Secure."""


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """Money to take by a saved card, with nobody at a page; `reference` is random, ours, and the key."""

    reference: str
    method: str
    token: str = field(repr=False)
    amount: Money
    title: str
    language: str
    items: Sequence[Item] = ()
    email: str = ""
    phone: str = ""
    notify_url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Where the payer goes, the provider's id of the payment, and when that page stops taking money.

    `form` is posted to `url` by a page of ours; with Way.INVOICE it is what Telegram's invoice says instead.
    """

    url: str
    provider_payment: str
    expires_at: datetime | None
    form: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class RefundCall:
    """Money to send back through the payment that brought it; `items` only when it is a part of it."""

    reference: str
    provider_payment: str
    amount: Money
    reason: str
    items: Sequence[Item] = ()
    email: str = ""
    phone: str = ""
    customer_id: int = 0
    """The customer's Telegram id, which a refund of Stars is addressed to."""
    movement: str = ""
    """The provider's id of this refund, once it has told it."""
    sent_at: datetime | None = None
    """When it was first sent, for providers whose silence means something only after a while."""


@dataclass(frozen=True, slots=True)
class OffsetRequest:
    """The use of a prepayment, which owes a receipt of its own (54-FZ): how much of it went for what."""

    reference: str
    provider_payment: str
    amount: Money
    items: Sequence[Item]
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """The provider will not send it back; `code` is its own word, for operators."""

    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class RefundUnfinished:
    """Accepted by the provider, not yet final; `movement` is its id of the refund, once it has one."""

    reference: str
    movement: str = ""


RefundAnswer = Refunded | RefundRefused | RefundUnfinished


class Way(StrEnum):
    """How a method leads the customer to paying."""

    PAGE = "page"
    """By our link to the provider's page, which is opened or gets a form posted."""
    INVOICE = "invoice"
    """By Telegram's own invoice in the chat."""
    CODE = "code"
    """By the payer's payment code, typed at a terminal or in a wallet."""
    TRANSFER = "transfer"
    """By a bank transfer that an invoice asks for."""


@dataclass(frozen=True, slots=True)
class Method:
    """One button a customer can press, and what it can do. Titles and fees are i18n's and the catalogue's.

    `needs_contact`: an e-mail or a telephone must be known first; `needs_email`, `needs_phone`: that one.
    """

    name: str
    provider: str
    currencies: tuple[str, ...]
    schemes: tuple[str, ...] = ()
    needs_contact: bool = False
    needs_email: bool = False
    needs_phone: bool = False
    way: Way = Way.PAGE
    tops_up: bool = True
    """Money may rest on the balance; Stars never do."""
    refunds: bool = True
    saves_cards: bool = False
    asks: bool = True
    """The provider can be asked what became of a payment."""
    offsets: bool = True
    """A receipt for the use of a prepayment can be made, where the law wants one."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the provider says of our credentials, for `python -m bot check`."""

    well: bool
    test: bool
    remark: str


class Gateway(Protocol):
    """A provider. Every call may raise ProviderUnavailable, ProviderRefused or OutcomeUnknown."""

    name: str
    methods: tuple[Method, ...]
    replay_window: timedelta
    """How long the provider proves that the same reference is the same operation."""

    @property
    def lists_movements(self) -> bool:
        """Whether `movements_since` is the provider's own list, and not for ever empty."""
        ...

    @property
    def can_be_asked(self) -> bool:
        """Whether `ask` gets an answer from the provider."""
        ...

    async def create_link(self, request: LinkRequest) -> Link:
        """Begin a payment; repeated with the same reference it gives the same one."""
        ...

    async def read_callback(self, callback: Callback) -> Event | Hint:
        """Prove a callback or take it as a hint; raises BadCallback for everything else."""
        ...

    async def ask(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        """Ask what became of a payment; `reference` finds it where no id of the provider is known.

        `since` is when we first asked for the payment: it is looked for from there on. A payment that the
        provider never heard of is Refused as LINK_EXPIRED with the code "never_created", once it cannot come
        any more.
        """
        ...

    async def ask_hint(self, hint: Hint) -> Event | Unfinished:
        """Ask the provider about a claim; raises BadCallback when it knows nothing of it."""
        ...

    async def refund(self, request: RefundCall) -> RefundAnswer:
        """Send money back; OutcomeUnknown when it may have been sent."""
        ...

    async def ask_refund(self, request: RefundCall) -> RefundAnswer | None:
        """What became of a refund; None when the provider never heard of it."""
        ...

    async def offset_receipt(self, request: OffsetRequest) -> str:
        """Issue the receipt for the use of a prepayment; its number. Repeated, it is the same receipt.

        "" where the seller's receipts are made elsewhere.
        """
        ...

    def movements_since(self, moment: datetime) -> AsyncIterator[Paid | Refunded]:
        """Every movement of money the provider knows from that moment on, oldest last or first."""
        ...

    async def check(self) -> Health:
        """Prove the credentials without moving anything."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Charging(Protocol):
    """A provider that keeps cards and takes money by them without the payer."""

    @property
    def charges_per_second(self) -> float:
        """How many charges it may be sent in a second, all replicas together."""
        ...

    async def charge(self, request: ChargeRequest) -> Paid | Refused | Unfinished:
        """Take the money, once for each reference; Unfinished where the answer comes later.

        ProviderRefused: it takes none, by a fault of ours (rights, signature); ProviderUnavailable: the call
        was never made, or the provider said that it did nothing; OutcomeUnknown: ask after it.
        """
        ...

    async def ask_charge(
        self, provider_payment: str, reference: str, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        """What became of a charge; Refused with the code NEVER_CREATED once it provably cannot come."""
        ...

    async def unlink(self, token: str) -> None:
        """Let the provider forget a card, where it has a call for that; repeated, it does no harm."""
        ...


@runtime_checkable
class Describing(Protocol):
    """A provider whose word of a payment leaves out what its saved card looks like."""

    async def describe_card(self, token: str) -> CardOnFile:
        """The card as it is known when asked for; raises ProviderRefused where there is none."""
        ...


@runtime_checkable
class Returning(Protocol):
    """A provider that sends browsers back to one address of the shop, whatever they have paid."""

    def read_return(self, callback: Callback) -> str:
        """The reference of the payment a browser comes back from, proven; "" when nothing is."""
        ...


@runtime_checkable
class Fiscal(Protocol):
    """A provider that makes fiscal receipts (54-FZ), and can be asked what became of one."""

    @property
    def makes_receipts(self) -> bool:
        """Whether the settings have it make any."""
        ...

    async def ask_receipt(self, provider_payment: str) -> FiscalReceipt:
        """What became of a payment's receipt; PENDING while it may still be registered."""
        ...


def signatures_match(claimed: str, expected: str) -> bool:
    """Compare as bytes in constant time; `compare_digest` fails on text that is not ASCII."""
    return hmac.compare_digest(claimed.encode(errors="replace"), expected.encode())
