"""Invoices that were issued."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceState, Unit
from bot.domain.money import Money, zero
from bot.domain.requisites import BankAccount, Party, PartyKind, SellerDetails, Signer

SELLER = SellerDetails(
    Party(PartyKind.ORGANISATION, 'ООО "Ромашка"', "RU", "7707083893", "773601001", "101000, Москва"),
    BankAccount("RUB", "40702810938000000001", "ПАО Сбербанк", "044525225", "30101810400000000225"),
    Signer("Генеральный директор", "Примерова А. А."),
    "ОГРН 1027700132195",
)
BUYER = Party(PartyKind.ORGANISATION, "ООО «Василёк»", "RU", "7728168971", "772801001", "117312, Москва")
LINES = (
    InvoiceLine("WhatsApp +7 999 123-45-67", 3, Unit.MONTH, Money(99000, "RUB"), Money(297000, "RUB")),
    InvoiceLine("SIP line", 1, Unit.PERIOD, Money(100000, "RUB"), Money(100000, "RUB"), months=6),
    InvoiceLine("", 1, Unit.CREDIT, Money(-7000, "RUB"), Money(-7000, "RUB")),
)
OFFER = Invoice(
    id=7,
    number="INV-2026-000123",
    kind=InvoiceKind.OFFER,
    state=InvoiceState.ISSUED,
    customer_id=1,
    payer_id=1,
    order_id=3,
    total=Money(390000, "RUB"),
    vat="none",
    vat_amount=zero("RUB"),
    issued_on=date(2026, 11, 18),
    valid_until=date(2026, 11, 23),
    seller=SELLER,
    buyer=BUYER,
    lines=LINES,
    purpose="Оплата по счёту-оферте № INV-2026-000123 от 18.11.2026 г. за права на ПО, без НДС",
    language="ru",
    reference="ref",
    created_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
)
