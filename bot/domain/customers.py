"""Who pays, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.invoices import Delivery
from bot.domain.payer_details import PayerDetails, needs_tax_number
from bot.domain.requisites import PartyKind
from bot.domain.states import LinkUse


@dataclass(frozen=True, slots=True)
class Customer:
    """A person in a chat with the bot; `id` is the Telegram id."""

    id: int
    name: str
    language: str
    email: str = ""
    phone: str = ""
    reachable: bool = True
    consented_at: datetime | None = None
    terms_version: str = ""
    zone: str = ""
    """Where he lives, as the tz database names it; "" is where the seller is."""
    username: str = ""
    """Telegram's, without the @."""
    created_at: datetime | None = None
    """When we met; None only before he was written down."""
    blocked_at: datetime | None = None
    """When operators stopped taking orders and payments of his."""
    blocked_because: str = ""
    forgotten_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who the money comes from. `title` is his own full name, `name` the customer's who made him.

    `code` is the payment code, "" until somebody asked for it. What papers need is "" until it was told.
    """

    id: int
    customer_id: int
    kind: str
    title: str
    code: str
    name: str
    country: str = ""
    tax_number: str = ""
    kpp: str = ""
    address: str = ""
    email: str = ""
    email_proved: bool = False
    delivery: Delivery = Delivery.EMAIL

    @property
    def shown_name(self) -> str:
        return self.title or self.name

    @property
    def proved_email(self) -> str:
        """Where his papers go by e-mail; "" until a code that was sent there came back."""
        return self.email if self.email_proved else ""

    @property
    def details(self) -> PayerDetails:
        """What papers say of him; complete where `can_be_invoiced`."""
        return PayerDetails(
            kind=PartyKind(self.kind),
            country=self.country,
            name=self.title,
            tax_number=self.tax_number,
            kpp=self.kpp,
            address=self.address,
            email=self.email,
        )

    @property
    def can_be_invoiced(self) -> bool:
        """Whether he went through the form: those added by a name alone did not."""
        return bool(self.country and self.title) and (
            bool(self.tax_number) or not needs_tax_number(PartyKind(self.kind))
        )


@dataclass(frozen=True, slots=True)
class Connector:
    """One thing a customer pays for. `id` is the seller's own; `payer_id` is None until it has an owner.

    `sequence` counts its changes: of two tales about it, the one with the higher number is the newer.
    """

    id: str
    kind: str
    title: str
    tariff: str
    payer_id: int | None
    paid_until: date | None
    anchor_day: int | None
    phone: str = ""
    email: str = ""
    sequence: int = 0
    bridged_from: date | None = None
    """Its date before an operator bridged the wait for a transfer; `bridged_since` is the day he did so."""
    bridged_since: date | None = None

    @property
    def was_paid_for(self) -> bool:
        """Not so where all its days were lent until a transfer comes."""
        return self.paid_until is not None and (self.bridged_since is None or self.bridged_from is not None)


@dataclass(frozen=True, slots=True)
class ConnectorLink:
    """A seller's link to a connector. One to pay is used as often as one likes; one to attach, once."""

    id: int
    connector_id: str
    use: LinkUse
    reference: str
    fingerprint: str
    expires_at: datetime | None
    used_at: datetime | None
    used_by: int | None

    def is_over(self, on: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= on
