"""What the seller decides about invoices and bank transfers; `catalogue_invoicing.py` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.invoices import InvoiceKind
from bot.domain.money import Money
from bot.domain.requisites import BankAccount, SellerDetails

if TYPE_CHECKING:
    from bot.domain.texts import Text


BANK, BY_TRANSFER = "bank", "invoice"
"""The provider of bank transfers, and the button that leads to them."""


@dataclass(frozen=True, slots=True)
class Acquirer:
    """A provider that pays the seller out in lump sums; its transfers are no income, they were booked before.

    Known by its tax number, and where `words` are given by one of them in the purpose as well.
    """

    provider: str
    tax_number: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoicing:
    """How invoices look and what operators may do; without it there is no button "invoice"."""

    sellers: Mapping[str, SellerDetails]
    """By currency: the seller with the account that takes it."""
    vat: str
    subject: Text
    """For what the money is, in the purpose: «за неисключительные права на использование ПО для ЭВМ»."""
    offer: Text
    """The offer below the lines; {number} and {until} may stand in it."""
    offer_url: str = ""
    regular_subject: Text | None = None
    """The same for the bill of a month, where that is for something else: «услуги связи»."""
    vat_ground: Text | None = None
    """Why no VAT is due, where the seller says so."""
    valid_days: int = 5
    statements: Text | None = None
    """When statements are loaded, in the seller's words: «по будням в 10 и 16 часов»."""
    third_party: bool = False
    """Whether somebody else may pay an invoice: another tax number is then booked as well, and marked."""
    bridge_days: int = 5
    """For how long an operator may switch a connector on before the transfer arrives."""
    second_from: Mapping[str, Money] = field(default_factory=dict)
    """Sums by currency from which a payment noted by hand needs a second person."""
    acquirers: tuple[Acquirer, ...] = ()

    @property
    def currencies(self) -> tuple[str, ...]:
        """What is taken by bank transfer."""
        return tuple(self.sellers)

    def subject_of(self, kind: InvoiceKind) -> Text:
        """What the purpose of an invoice of this kind says the money is for."""
        return (self.regular_subject if kind is InvoiceKind.REGULAR else None) or self.subject

    def seller(self, currency: str) -> SellerDetails | None:
        return self.sellers.get(currency)

    @property
    def accounts(self) -> tuple[BankAccount, ...]:
        return tuple(seller.account for seller in self.sellers.values())
