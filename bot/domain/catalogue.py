"""What the seller sells and says: tariffs, help, terms. `catalogue_file.py` reads it from catalog.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.autopay_terms import AutopayTerms, SuspensionTerms
from bot.domain.customers import Connector
from bot.domain.desk_terms import DeskTerms
from bot.domain.form_terms import MadeToOrder
from bot.domain.invoicing import Invoicing
from bot.domain.money import Limits, Money, zero
from bot.domain.promos import Promo
from bot.domain.texts import Text

VATS = ("none", "0", "5", "7", "10", "20", "22", "5/105", "7/107", "10/110", "20/120", "22/122")
"""Rates a receipt may bear; "10/110" is the calculated rate of an advance."""
SUBJECTS = (
    *("commodity", "service", "job", "intellectual_activity", "property_right"),
    *("payment", "agent_commission", "composite", "another"),
)
MODES = (
    *("full_prepayment", "partial_prepayment", "advance"),
    *("full_payment", "partial_payment", "credit", "credit_payment"),
)
MEASURES = (
    *("piece", "hour", "day", "minute", "gram", "kilogram", "meter", "liter"),
    *("megabyte", "gigabyte", "another"),
)
COUNTRY_CURRENCIES = {"RU": "RUB", "BY": "BYN", "KG": "KGS", "KZ": "KZT"}
"""A country's law speaks for those who pay in its money: it is all we know of where a customer lives."""


class Goods(StrEnum):
    """Telegram lets digital goods be sold for Stars only; a service is free to choose."""

    DIGITAL = "digital"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class ReceiptTerms:
    """What a fiscal receipt says of a tariff (54-FZ)."""

    vat: str = "none"
    subject: str = "service"
    mode: str = "full_payment"
    measure: str = "piece"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of months, what it costs in each currency, and what that saves against the shortest one."""

    months: int
    prices: tuple[Money, ...]
    savings: tuple[Money, ...] = ()

    def price(self, currency: str) -> Money | None:
        """What it costs in that currency, None where it is not sold in it."""
        return next((price for price in self.prices if price.currency == currency), None)

    def saving(self, currency: str) -> Money:
        return next((saving for saving in self.savings if saving.currency == currency), zero(currency))


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a connector costs. A metered one has no periods: its charges arrive and are billed monthly."""

    id: str
    kind: str
    title: Text
    goods: Goods
    periods: tuple[Period, ...]
    receipt: ReceiptTerms
    description: Text | None = None
    made_to_order: MadeToOrder | None = None
    metered: bool = False
    addable: bool = False
    ask: Text | None = None
    """The question whose answer names a connector that a customer adds; only where `addable`."""

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency it is sold in, in the order of the catalogue."""
        return tuple(dict.fromkeys(price.currency for period in self.periods for price in period.prices))

    @property
    def renews(self) -> bool:
        """Whether customers pay for its connector again, period by period."""
        return not self.metered and not (self.made_to_order and self.made_to_order.once)

    def is_paid_off(self, connector: Connector) -> bool:
        """Whether it was paid for once, and no more is due."""
        return not self.renews and not self.metered and connector.was_paid_for

    def period(self, months: int) -> Period | None:
        return next((period for period in self.periods if period.months == months), None)


@dataclass(frozen=True, slots=True)
class Seller:
    """Who takes the money, as the law wants it named."""

    name: str
    legal_name: str
    tax_number: str = ""
    address: str = ""
    site: str = ""
    statement_name: str = ""
    """How bank statements name the seller, so that a payment is recognised there."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call, and the town it is in (None: for everybody)."""

    number: str
    town: Text | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """How to reach people, and what the seller wants said of paying by card and of money back."""

    email: str
    phones: tuple[Phone, ...] = ()
    hours: Text | None = None
    refunds: Text | None = None
    card_schemes: tuple[str, ...] = ()
    card_processor: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document a customer can read: its text, or where it is. The version is kept with what they accept."""

    version: str
    text: Text | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class MethodTerms:
    """What a payment method costs the customer and how soon the money counts, in the seller's words."""

    title: Text | None = None
    fee: Text | None = None
    counts: Text | None = None


USUAL_LIMITS = (1_000, 1_000_000)
"""10 to 10 000 units of a currency with two decimals, where the catalogue says nothing else."""

TOP_UP_TITLE = Text(
    {"ru": "Пополнение баланса", "en": "Top-up", "be": "Папаўненне балансу", "ky": "Балансты толуктоо"}
)


@dataclass(frozen=True, slots=True)
class NetworkTerms:
    """A network of terminals or a wallet: what it is called, and the steps to the seller in it."""

    title: Text
    currency: str
    steps: tuple[Text, ...]
    refunds_by_hand: bool = False
    """Its contract lets a person send money back by a transfer; else it goes to the balance alone."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the seller decides, as one value that never changes while the bot runs."""

    seller: Seller
    tariffs: Mapping[str, Tariff]
    help: Help
    terms: Paper
    privacy: Paper
    methods: Mapping[str, MethodTerms] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    consents: Mapping[str, Paper] = field(default_factory=dict)
    """By country. Where a country is missing, the contract is ground enough and nobody is asked."""
    networks: Mapping[str, NetworkTerms] = field(default_factory=dict)
    """By the name that the settings know it by."""
    promos: Mapping[str, Promo] = field(default_factory=dict)
    invoicing: Invoicing | None = None
    """Without it the seller takes no bank transfers."""
    autopay: AutopayTerms = field(default_factory=AutopayTerms)
    suspension: SuspensionTerms | None = None
    """Without it nobody is offered to do without for a while."""
    desk: DeskTerms = field(default_factory=DeskTerms)
    """What operators may do alone, and when they answer."""
    top_up_title: Text = TOP_UP_TITLE
    """What a payment onto the balance is called on the provider's page and on receipts."""

    @property
    def addable(self) -> tuple[Tariff, ...]:
        """Tariffs of which customers may add a connector by themselves."""
        return tuple(tariff for tariff in self.tariffs.values() if tariff.addable)

    @property
    def made_to_order(self) -> tuple[Tariff, ...]:
        """Tariffs that are ordered by a form."""
        return tuple(tariff for tariff in self.tariffs.values() if tariff.made_to_order)

    @property
    def metered(self) -> frozenset[str]:
        """The ids of tariffs whose use is billed by the month."""
        return frozenset(each.id for each in self.tariffs.values() if each.metered)

    @property
    def not_renewed(self) -> frozenset[str]:
        """Those, and the ids of what is paid for once."""
        return frozenset(each.id for each in self.tariffs.values() if not each.renews)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency something is sold in."""
        return tuple(dict.fromkeys(code for tariff in self.tariffs.values() for code in tariff.currencies))

    @property
    def transfers(self) -> tuple[str, ...]:
        """The currencies that are taken by bank transfer."""
        return self.invoicing.currencies if self.invoicing else ()

    def tariff(self, tariff_id: str) -> Tariff | None:
        """None for a tariff the seller no longer has: a connector may outlive it."""
        return self.tariffs.get(tariff_id)

    def method(self, name: str) -> MethodTerms:
        return self.methods.get(name, MethodTerms())

    def networks_in(self, currency: str) -> tuple[NetworkTerms, ...]:
        """Where money of this currency is paid in by a payment code, in the order of the catalogue."""
        return tuple(network for network in self.networks.values() if network.currency == currency)

    def limits_for(self, currency: str) -> Limits:
        """The least and the most of one payment onto a balance."""
        least, most = USUAL_LIMITS
        return self.limits.get(currency, Limits(Money(least, currency), Money(most, currency)))

    def consent_for(self, currency: str) -> Paper | None:
        """The consent to personal data that those who pay in this currency are asked for, if any."""
        found = (paper for country, paper in self.consents.items() if COUNTRY_CURRENCIES[country] == currency)
        return next(found, None)
