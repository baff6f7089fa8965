"""Letters that bring invoices."""

from __future__ import annotations

from bot.domain.documents import Enclosure
from bot.i18n import _, month_name
from bot.letters.about import date_of, link, payer, sum_of, titles, words
from bot.letters.parts import Copied, Facts, Large, Letter, Note, Part, Words
from bot.letters.registry import Payload, letter


@letter("invoice")
def invoice(facts: Payload) -> Letter:
    """`invoice_id`, `number`, `issued_on`, `amount`, `valid_until`, `purpose`, `payer`, `titles`, `url`."""
    number, issued_on = words(facts, "number"), date_of(facts, "issued_on")
    parts: tuple[Part, ...] = (
        Words(_("Here is the invoice you asked for. The paper is attached.")),
        Large(sum_of(facts, "amount")),
        Facts(
            (
                (_("Invoice"), number),
                (_("Issued"), issued_on),
                (_("Valid until"), date_of(facts, "valid_until")),
                payer(facts),
                (_("For"), titles(facts)),
            )
        ),
        *_purpose(facts),
        *link(_("Open the invoice"), facts),
    )
    subject = _("Invoice {number} of {date}", number=number, date=issued_on)
    return Letter(subject, parts, _papers(facts))


@letter("regular_invoice")
def regular_invoice(facts: Payload) -> Letter:
    """As for `invoice`, and `month` ("2026-11")."""
    number, month = words(facts, "number"), month_name(str(facts["month"]))
    parts: tuple[Part, ...] = (
        Words(_("The invoice for {month} is ready. The paper is attached.", month=month)),
        Large(sum_of(facts, "amount")),
        Facts(
            (
                (_("Invoice"), number),
                (_("Issued"), date_of(facts, "issued_on")),
                (_("Pay until"), date_of(facts, "valid_until")),
                payer(facts),
                (_("For"), titles(facts)),
            )
        ),
        *_purpose(facts),
        *link(_("Open the invoice"), facts),
    )
    return Letter(_("Invoice {number} for {month}", number=number, month=month), parts, _papers(facts))


@letter("invoice_copy")
def invoice_copy(facts: Payload) -> Letter:
    """`since` and `until` (months), and `invoices`: of each `invoice_id`, `number`, `month`, `amount`."""
    copies = tuple(facts["invoices"])
    rows = tuple((_copied(copy), sum_of(copy, "amount")) for copy in copies)
    parts: tuple[Part, ...] = (
        Words(
            _("Here are the copies you ordered, {period}. The papers are attached.", period=_period(facts))
        ),
        Facts((payer(facts),)),
        Facts(rows),
        *link(_("Open the invoice"), facts),
    )
    papers = tuple(Enclosure("invoice", {"invoice_id": copy["invoice_id"]}) for copy in copies)
    return Letter(_("Copies of invoices, {period}", period=_period(facts)), parts, papers)


def _purpose(facts: Payload) -> tuple[Part, ...]:
    purpose = words(facts, "purpose", 500)
    if not purpose:
        return ()
    warning = _(
        "Copy the purpose as it stands: by the number in it your payment is found, and all is switched on."
    )
    return Copied(_("Purpose of payment"), purpose), Note(warning)


def _papers(facts: Payload) -> tuple[Enclosure, ...]:
    return (Enclosure("invoice", {"invoice_id": facts["invoice_id"]}),)


def _copied(copy: Payload) -> str:
    month = str(copy.get("month") or "")
    return f"{words(copy, 'number')}, {month_name(month)}" if month else words(copy, "number")


def _period(facts: Payload) -> str:
    """«ноябрь 2026», «ноябрь 2026 – январь 2027»."""
    since, until = str(facts["since"]), str(facts.get("until") or facts["since"])
    return month_name(since) if since == until else f"{month_name(since)} – {month_name(until)}"
