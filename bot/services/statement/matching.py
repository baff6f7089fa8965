"""Whether a line of a statement pays an invoice for sure: decided from what is known, without a look-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.invoices import InvoiceState
from bot.domain.invoicing import Acquirer, Invoicing
from bot.domain.statements import NOBODY, Candidate, Doubt, StatementLine


@dataclass(frozen=True, slots=True)
class Rules:
    """What the seller lets happen without a person."""

    third_party: bool = False
    acquirers: tuple[Acquirer, ...] = ()

    @classmethod
    def of(cls, invoicing: Invoicing | None) -> Rules:
        return cls(invoicing.third_party, invoicing.acquirers) if invoicing else cls()


@dataclass(frozen=True, slots=True)
class Known:
    """What the books say of one line: invoices by the numbers it names, and those that fit without one.

    `promised` are invoices for which this very sum was noted by hand and not yet told by the bank.
    `told_elsewhere`: a file of another format has told of it, or of its twin.
    """

    numbers: Sequence[str] = ()
    named: Mapping[str, Candidate] = field(default_factory=dict)
    fitting: Sequence[Candidate] = ()
    promised: frozenset[int] = frozenset()
    told_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Sure, where there is no doubt: then the line pays the invoice, or is that provider's lump sum.

    Of a doubtful line the invoice is the proposal. A `remark` is kept with a sure one.
    """

    doubt: Doubt | None = None
    invoice: Candidate | None = None
    provider: str = ""
    remark: str = ""

    @property
    def is_sure(self) -> bool:
        return self.doubt is None


def judge(line: StatementLine, known: Known, rules: Rules) -> Verdict:
    """The number decides first, then the sum, then who paid; what may be told twice is never sure."""
    verdict = _judge(line, known, rules)
    return Verdict(Doubt.TOLD_ELSEWHERE, verdict.invoice) if known.told_elsewhere else verdict


def _judge(line: StatementLine, known: Known, rules: Rules) -> Verdict:
    named = [known.named[number] for number in known.numbers if number in known.named]
    if not named and (provider := _acquirer(line, rules)):
        return Verdict(provider=provider)
    if not known.numbers:
        return _unnamed(known)
    if len(known.numbers) > 1:
        fits = [each for each in named if each.is_open and each.missing == line.amount]
        return Verdict(Doubt.TWO_NUMBERS, next(iter(fits or named), None))
    if not named:
        return Verdict(Doubt.UNKNOWN_NUMBER, _only(known.fitting))
    return _named(line, named[0], known, rules)


def _unnamed(known: Known) -> Verdict:
    only = _only(known.fitting)
    return Verdict(Doubt.FITS, only) if only else Verdict(Doubt.NO_NUMBER)


def _named(line: StatementLine, invoice: Candidate, known: Known, rules: Rules) -> Verdict:
    if invoice.state is InvoiceState.VOID:
        return Verdict(Doubt.VOID, invoice)
    if invoice.total.currency != line.amount.currency:
        return Verdict(Doubt.OTHER_CURRENCY, invoice)
    if invoice.id not in known.promised:
        if not invoice.is_open:
            return Verdict(Doubt.PAID, invoice)
        if line.amount != invoice.missing:
            return Verdict(Doubt.PART if line.amount < invoice.missing else Doubt.OVER, invoice)
    return _by_payer(line, invoice, rules)


def _by_payer(line: StatementLine, invoice: Candidate, rules: Rules) -> Verdict:
    """A buyer without a tax number is a person, and with his bank's or his own in the line nobody errs."""
    if invoice.tax_number in NOBODY or line.payer_tax_number == invoice.tax_number:
        return Verdict(invoice=invoice)
    if rules.third_party:
        return Verdict(invoice=invoice, remark=Doubt.OTHER_PAYER.value)
    return Verdict(Doubt.OTHER_PAYER, invoice)


def _acquirer(line: StatementLine, rules: Rules) -> str:
    """The provider whose lump sum it is, "" for everybody else's money."""
    purpose = line.purpose.casefold()
    for acquirer in rules.acquirers:
        if line.payer_tax_number != acquirer.tax_number:
            continue
        if not acquirer.words or any(word.casefold() in purpose for word in acquirer.words):
            return acquirer.provider
    return ""


def _only(found: Sequence[Candidate]) -> Candidate | None:
    return found[0] if len(found) == 1 else None
