"""What is sure about a line, what waits for a person, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.invoices import InvoiceState
from bot.domain.invoicing import Acquirer
from bot.domain.money import Money
from bot.domain.statements import Candidate, Doubt, StatementLine
from bot.services.statement.matching import Known, Rules, Verdict, judge

FIRM, OTHER, BANK = "7707083893", "7750005725", "7702070139"
NUMBER = "INV-2026-000123"
SUM = Money(150000, "RUB")
INVOICE = Candidate(1, NUMBER, InvoiceState.ISSUED, SUM, SUM, FIRM)
LINE = StatementLine("40702810938000000001", date(2026, 11, 18), "57", SUM, payer_tax_number=FIRM)
KNOWN = Known((NUMBER,), {NUMBER: INVOICE})


def known(invoice: Candidate, **more: object) -> Known:
    return replace(KNOWN, named={NUMBER: invoice}, **more)  # type: ignore[arg-type]  # its fields, by name


@pytest.mark.parametrize("state", [InvoiceState.ISSUED, InvoiceState.LAPSED])
def test_number_sum_and_tax_number_are_sure(state: InvoiceState) -> None:
    invoice = replace(INVOICE, state=state)
    assert judge(LINE, known(invoice), Rules()) == Verdict(invoice=invoice)


def test_rest_of_an_invoice_paid_in_part_is_sure() -> None:
    rest = Money(50000, "RUB")
    invoice = replace(INVOICE, state=InvoiceState.PART_PAID, missing=rest)
    assert judge(replace(LINE, amount=rest), known(invoice), Rules()).is_sure
    assert judge(LINE, known(invoice), Rules()).doubt is Doubt.OVER


def test_persons_invoice_is_known_by_number_and_sum() -> None:
    """Banks write their own tax number there, or the person's, or none."""
    invoice = replace(INVOICE, tax_number="")
    for told in ("", "0", "500100732259", BANK):
        assert judge(replace(LINE, payer_tax_number=told), known(invoice), Rules()).is_sure


@pytest.mark.parametrize("told", [OTHER, "", "0"])
def test_somebody_else_pays_only_where_the_seller_lets_him(told: str) -> None:
    line = replace(LINE, payer_tax_number=told)
    assert judge(line, KNOWN, Rules()) == Verdict(Doubt.OTHER_PAYER, INVOICE)
    marked = judge(line, KNOWN, Rules(third_party=True))
    assert (marked.is_sure, marked.remark) == (True, "other_payer")


@pytest.mark.parametrize(("minor", "doubt"), [(149999, Doubt.PART), (150001, Doubt.OVER)])
def test_another_sum_waits_with_the_invoice_proposed(minor: int, doubt: Doubt) -> None:
    assert judge(replace(LINE, amount=Money(minor, "RUB")), KNOWN, Rules()) == Verdict(doubt, INVOICE)


@pytest.mark.parametrize(
    ("invoice", "doubt"),
    [
        (replace(INVOICE, state=InvoiceState.VOID), Doubt.VOID),
        (replace(INVOICE, state=InvoiceState.PAID), Doubt.PAID),
        (replace(INVOICE, total=Money(150000, "BYN")), Doubt.OTHER_CURRENCY),
    ],
)
def test_invoice_that_cannot_be_paid_so_waits(invoice: Candidate, doubt: Doubt) -> None:
    assert judge(LINE, known(invoice), Rules()).doubt is doubt


def test_numbers_that_lead_nowhere_or_to_two_wait() -> None:
    assert judge(LINE, Known((NUMBER,)), Rules()).doubt is Doubt.UNKNOWN_NUMBER
    assert judge(LINE, Known(), Rules()) == Verdict(Doubt.NO_NUMBER)
    second = replace(INVOICE, id=2, number="INV-2026-000124", total=Money(1, "RUB"), missing=Money(1, "RUB"))
    two = Known((second.number, NUMBER), {NUMBER: INVOICE, second.number: second})
    assert judge(LINE, two, Rules()) == Verdict(Doubt.TWO_NUMBERS, INVOICE)


def test_without_a_number_one_invoice_that_fits_is_proposed_and_never_booked() -> None:
    assert judge(LINE, Known(fitting=[INVOICE]), Rules()) == Verdict(Doubt.FITS, INVOICE)
    assert judge(LINE, Known(fitting=[INVOICE, INVOICE]), Rules()) == Verdict(Doubt.NO_NUMBER)


def test_promised_sum_is_sure_though_its_invoice_is_paid() -> None:
    paid = replace(INVOICE, state=InvoiceState.PAID)
    assert judge(LINE, known(paid, promised=frozenset({1})), Rules()).is_sure


def test_acquirers_lump_sum_is_no_income() -> None:
    rules = Rules(acquirers=(Acquirer("yookassa", OTHER, ("реестр",)), Acquirer("bank", BANK)))
    lump = replace(LINE, payer_tax_number=OTHER, purpose="Перевод по РЕЕСТРУ от 18.11")
    assert judge(lump, Known(), rules) == Verdict(provider="yookassa")
    assert judge(replace(lump, purpose="Возврат аванса"), Known(), rules).doubt is Doubt.NO_NUMBER
    through_its_bank = replace(LINE, payer_tax_number=BANK)
    assert judge(through_its_bank, Known(), rules).provider == "bank"
    assert judge(through_its_bank, KNOWN, rules).doubt is Doubt.OTHER_PAYER
