"""The receipt of one payment, to be compared with a bank statement."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.documents.frame import PDF, frame
from bot.documents.registry import Sources, Subject, document
from bot.documents.tables import Column, Pairs
from bot.domain.catalogue import Catalogue, Seller
from bot.domain.documents import File
from bot.domain.payment_receipts import PaidFor, PaymentReceipt
from bot.i18n import _, card_title, day, exact_moment, method_title, money, months
from bot.i18n.networks import network_title
from bot.i18n.payment_words import fiscal_lines

TEMPLATE = "receipt.typ"
NUMBER_LENGTH = 8
"""Of our reference, in a file's name: enough to tell two receipts apart."""


@document("receipt")
async def receipt(sources: Sources, subject: Subject, _language: str) -> File:
    """Of `payment_id`, or of `order_id` where the balance paid."""
    receipts = sources.house.payment_receipts
    if subject.get("payment_id") is not None:
        found = await receipts.receipt(int(subject["payment_id"]))
    else:
        found = await receipts.of_order(int(subject["order_id"]))
    content = await sources.typesetter.pdf(
        TEMPLATE, receipt_paper(sources.catalogue, found), found.paid_at.date()
    )
    return File(f"receipt-{found.paid_at:%Y-%m-%d}-{found.reference[:NUMBER_LENGTH]}.pdf", PDF, content)


def receipt_paper(catalogue: Catalogue, found: PaymentReceipt) -> dict[str, Any]:
    """All of it words ready to read."""
    title = _("Receipt of payment")
    return frame(title, author=catalogue.seller.legal_name, on=found.paid_at.date()) | {
        "amount": money(found.amount),
        "facts": _known(_facts(catalogue, found)),
        "columns": [asdict(column) for column in _columns()],
        "rows": [_row(line) for line in found.lines],
        "seller": _known(_seller(catalogue.seller)),
        "notes": [*fiscal_lines(found.fiscal), *_notes()],
        "words": {"page": _("Page {page} of {pages}"), "paid": _("Paid for"), "seller": _("Seller")},
    }


def _facts(catalogue: Catalogue, found: PaymentReceipt) -> Pairs:
    return (
        (_("Date and time"), exact_moment(found.paid_at)),
        (_("Method"), method_title(catalogue, found.method)),
        (_("Paid through"), network_title(found.provider)),
        (_("Card"), card_title(found.proof.card)),
        (_("In bank statements"), catalogue.seller.statement_name),
        (_("Transaction"), found.number),
        (_("RRN"), found.proof.rrn),
        (_("Approval code"), found.proof.approval),
        (_("Our number"), found.reference),
        (_("Went back"), money(found.refunded) if found.refunded else ""),
        (_("For"), "" if found.lines else _("Top-up of the balance (advance)")),
    )


def _seller(seller: Seller) -> Pairs:
    return (
        (_("Name"), seller.legal_name),
        (_("Tax number"), seller.tax_number),
        (_("Address"), seller.address),
        (_("Site"), seller.site),
    )


def _columns() -> tuple[Column, ...]:
    return Column(_("Name"), width="1"), Column(_("Period")), Column(_("Paid until"))


def _row(line: PaidFor) -> list[str]:
    return [
        line.title,
        months(line.months) if line.months else "",
        day(line.until) if line.until else "",
    ]


def _notes() -> list[str]:
    return [
        _("Keep this receipt to compare it with your bank statement."),
        _("It is not a fiscal receipt: where one is due, the payment company makes it."),
    ]


def _known(pairs: Pairs) -> list[list[str]]:
    """What has no value is not named."""
    return [[name, value] for name, value in pairs if value]
