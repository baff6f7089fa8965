"""What the books know of a statement's lines: one question for a whole part of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.invoices import InvoiceState
from bot.domain.purposes import invoice_numbers
from bot.domain.statements import Candidate, KeptLine
from bot.services.reports import missing_for
from bot.services.statement.matching import Known, Rules, Verdict, judge
from bot.storage.tx import Tx


def verdicts_on(tx: Tx, kept: Sequence[KeptLine], rules: Rules) -> list[Verdict]:
    """A verdict for each line, as things stand; two lines may both be sure of one invoice."""
    lines = [each.line for each in kept]
    numbers = [invoice_numbers(line.purpose) for line in lines]
    found_named = tx.statement_matches.by_numbers({number for found in numbers for number in found})
    named = {number: with_missing(tx, invoice) for number, invoice in found_named.items()}
    unnamed = {
        (line.amount, line.payer_tax_number)
        for line, found in zip(lines, numbers, strict=True)
        if not any(number in named for number in found)
    }
    fitting = tx.statement_matches.fitting(unnamed)
    told_elsewhere = tx.statement_matches.told_elsewhere([each.id for each in kept])
    promised = tx.promises.waiting({invoice.id for invoice in named.values()})
    verdicts = []
    for each, line, found in zip(kept, lines, numbers, strict=True):
        known = Known(
            numbers=found,
            named=named,
            fitting=fitting.get((line.amount, line.payer_tax_number), ()),
            promised=frozenset(
                invoice.id
                for invoice in (named[number] for number in found if number in named)
                if (invoice.id, line.amount) in promised
            ),
            told_elsewhere=each.id in told_elsewhere,
        )
        verdicts.append(judge(line, known, rules))
    return verdicts


def with_missing(tx: Tx, invoice: Candidate) -> Candidate:
    """What it still asks for: only those that may be paid in part are looked into."""
    if invoice.state not in (InvoiceState.PART_PAID, InvoiceState.LAPSED):
        return invoice
    order = tx.orders.get(invoice.order_id)
    assert order is not None
    missing = missing_for(tx, order, invoice.total.currency)
    return invoice if missing is None else replace(invoice, missing=missing)


def verdict_on(tx: Tx, line: KeptLine, rules: Rules) -> tuple[Verdict, int | None]:
    """One line's, with the promise that it keeps."""
    (verdict,) = verdicts_on(tx, [line], rules)
    if verdict.invoice is None or not verdict.is_sure:
        return verdict, None
    return verdict, tx.promises.waiting({verdict.invoice.id}).get((verdict.invoice.id, line.amount))
