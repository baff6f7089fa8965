"""Invoice numbers as bookkeepers type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invoices import invoice_number
from bot.domain.purposes import invoice_numbers


@pytest.mark.parametrize(
    "purpose",
    [
        "Оплата по счету INV-2026-000123 от 18.11.2026. Без НДС",
        "inv-2026-000123",
        "№ INV‑2026–000123",
        "№INV — 2026 — 000123",
        "ІNV-2026-123",
        "INV2026000123",
        "INV 2026 000123",
        "ＩＮＶ－２０２６－０００１２３",
        "по сч.INV-2026-000123от 18.11",
        "INV-2026-0000123",
        "INV-2026-000123, INV-2026-123",
    ],
)
def test_number_is_found(purpose: str) -> None:
    assert invoice_numbers(purpose) == ("INV-2026-000123",)


@pytest.mark.parametrize(
    "purpose",
    [
        "",
        "Оплата 2026-000123",
        "INV-2026-1234567",
        "INV-2026-000000",
        "INV-26-000123",
        "INVOICE 2026",
        "INV-2026-",
        "INV-2026-000123456",
    ],
)
def test_what_is_no_number_of_ours(purpose: str) -> None:
    assert invoice_numbers(purpose) == ()


def test_two_numbers_are_two_in_their_order() -> None:
    assert invoice_numbers("INV-2026-2 и INV-2025-1") == ("INV-2026-000002", "INV-2025-000001")


@pytest.mark.parametrize("cut", ["0001 23", "0001\n23", "00012\t3", "000 123", "00 01 23", "1 23"])
def test_a_number_that_was_cut_is_never_taken_for_another_alone(cut: str) -> None:
    found = invoice_numbers(f"INV-2026-{cut} от 18.11.2026")
    assert "INV-2026-000123" in found
    assert len(found) > 1 or cut == "000 123", "a person says which"


def test_what_stands_behind_a_whole_number_changes_nothing() -> None:
    assert invoice_numbers("INV-2026-000123 18.11.2026, 990 00") == ("INV-2026-000123",)


@given(st.integers(2020, 2099), st.integers(1, 999_999), st.text(), st.text())
def test_ours_is_found_in_any_company(year: int, place: int, before: str, after: str) -> None:
    number = invoice_number(year, place)
    assert number in invoice_numbers(f"{before} {number} {after}")


@given(st.text())
def test_any_text_has_numbers_of_our_shape_alone(text: str) -> None:
    assert all(len(number) == 15 for number in invoice_numbers(text))
