"""What the books know of a statement's lines: one question for a whole part of a file."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.purposes import invoice_numbers
from bot.domain.statements import StatementLine
from bot.services.statement_matching import Known, Rules, Verdict, judge
from bot.storage.tx import Tx


def verdicts_on(tx: Tx, lines: Sequence[StatementLine], rules: Rules) -> list[Verdict]:
    """A verdict for each line, as things stand; two lines may both be sure of one invoice."""
    numbers = [invoice_numbers(line.purpose) for line in lines]
    named = tx.statement_matches.by_numbers({number for found in numbers for number in found})
    unnamed = {
        (line.amount, line.payer_tax_number)
        for line, found in zip(lines, numbers, strict=True)
        if not any(number in named for number in found)
    }
    fitting = tx.statement_matches.fitting(unnamed)
    promised = tx.promises.waiting({invoice.id for invoice in named.values()})
    verdicts = []
    for line, found in zip(lines, numbers, strict=True):
        known = Known(
            numbers=found,
            named=named,
            fitting=fitting.get((line.amount, line.payer_tax_number), ()),
            promised=frozenset(
                invoice.id
                for invoice in (named[number] for number in found if number in named)
                if (invoice.id, line.amount) in promised
            ),
        )
        verdicts.append(judge(line, known, rules))
    return verdicts


def verdict_on(tx: Tx, line: StatementLine, rules: Rules) -> tuple[Verdict, int | None]:
    """One line's, with the promise that it keeps."""
    (verdict,) = verdicts_on(tx, [line], rules)
    if verdict.invoice is None or not verdict.is_sure:
        return verdict, None
    return verdict, tx.promises.waiting({verdict.invoice.id}).get((verdict.invoice.id, line.amount))
