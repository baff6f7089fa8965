"""Lines of a bank statement in words."""

from __future__ import annotations

import pytest

from bot.domain.money import Money
from bot.domain.statements import Doubt
from bot.i18n import speaking
from bot.i18n.statement_words import why_words


@pytest.mark.parametrize(
    ("is_paid", "told"), [(False, "It is less than is missing for INV-1"), (True, "INV-1 is paid already")]
)
def test_nothing_is_missing_for_an_invoice_that_another_line_has_paid_since(is_paid: bool, told: str) -> None:
    invoice = {"number": "INV-1", "total": Money(99000, "RUB"), "open": not is_paid, "paid": is_paid}
    with speaking("en"):
        said = why_words({"why": Doubt.PART.value, "invoice": invoice})
    assert told in said
