"""VAT inside a sum, and what the purpose of payment says of it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.catalogue_invoicing import INVOICE_VATS
from bot.domain.invoice_purpose import MOST_CHARACTERS, purpose_text
from bot.domain.invoices import InvoiceKind
from bot.domain.money import Money
from bot.domain.vat import NO_VAT, vat_inside

DAY = date(2026, 11, 18)
SOFTWARE = "неисключительные права на использование ПО для ЭВМ"
RATES = [
    ("RUB", "5", "71.43"),
    ("RUB", "7", "98.13"),
    ("RUB", "10", "136.36"),
    ("RUB", "22", "270.49"),
    ("BYN", "20", "250.00"),
    ("KGS", "12", "160.71"),
]


def purpose(subject: str, vat: str, amount: str, currency: str = "RUB") -> str:
    inside = Money.parse(amount, currency)
    return purpose_text(InvoiceKind.OFFER, "INV-2026-000123", DAY, subject, vat=vat, vat_amount=inside)


@pytest.mark.parametrize(("currency", "rate", "inside"), RATES)
def test_vat_inside_1500(currency: str, rate: str, inside: str) -> None:
    assert vat_inside(Money(150_000, currency), rate) == Money.parse(inside, currency)


def test_every_rate_of_the_catalogue_is_known_here() -> None:
    assert {rate for _currency, rate, _inside in RATES} | {NO_VAT} == set(INVOICE_VATS)


@pytest.mark.parametrize(("minor", "inside"), [(0, 0), (1, 0), (2, 0), (3, 1), (6, 1), (122, 22)])
def test_half_a_kopeck_and_more_is_one(minor: int, inside: int) -> None:
    assert vat_inside(Money(minor, "RUB"), "22") == Money(inside, "RUB")


def test_the_purpose_is_the_sources_where_no_vat_is_due() -> None:
    assert purpose(SOFTWARE, NO_VAT, "0") == (
        "Оплата по счёту-оферте № INV-2026-000123 от 18.11.2026 г. "
        "за неисключительные права на использование ПО для ЭВМ, без НДС"
    )


@pytest.mark.parametrize(("currency", "rate", "inside"), RATES)
def test_the_purpose_names_rate_and_sum(currency: str, rate: str, inside: str) -> None:
    assert purpose(SOFTWARE, rate, inside, currency).endswith(f", в том числе НДС {rate}% - {inside}")


def test_a_long_subject_is_cut_and_neither_number_nor_vat() -> None:
    told = purpose("услуги " * 60, "22", "270.49")
    assert len(told) <= MOST_CHARACTERS
    assert "INV-2026-000123" in told
    assert told.endswith(", в том числе НДС 22% - 270.49")
