"""Receipts of a period: a paper to be compared with bank statements, and a table for a bookkeeper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.documents.csv_file import csv_file
from bot.documents.registry import Sources, Subject, document
from bot.documents.tables import Column, Pairs, TablePaper, table_file
from bot.domain.catalogue import Catalogue
from bot.domain.documents import File
from bot.domain.money import Money
from bot.domain.payment_receipts import PeriodReceipts, ReceiptLine
from bot.i18n import _, card_title, day, method_title, money, wall_clock


@document("receipts")
async def receipts(sources: Sources, subject: Subject, _language: str) -> File:
    """Of `customer_id` from `since` to `until`, both days included."""
    found = await _found(sources, subject)
    return await table_file(sources.typesetter, f"{_name(found)}.pdf", _paper(sources.catalogue, found))


@document("receipts_csv")
async def receipts_csv(sources: Sources, subject: Subject, _language: str) -> File:
    found = await _found(sources, subject)
    header = (
        *(_("Date and time"), _("Kind"), _("Amount"), _("Currency"), _("Method"), _("Card")),
        *(_("Transaction"), _("Our number"), _("For")),
    )
    rows = [
        (
            wall_clock(line.at).strftime("%Y-%m-%d %H:%M:%S"),
            _("refund") if line.amount.minor < 0 else _("payment"),
            _decimal(line.amount),
            line.amount.currency,
            method_title(sources.catalogue, line.method),
            card_title(line.card),
            line.number,
            line.reference,
            ", ".join(line.titles),
        )
        for line in found.lines
    ]
    return csv_file(f"{_name(found)}.csv", header, rows)


async def _found(sources: Sources, subject: Subject) -> PeriodReceipts:
    since, until = date.fromisoformat(subject["since"]), date.fromisoformat(subject["until"])
    return await sources.house.payment_receipts.period(int(subject["customer_id"]), since, until)


def _paper(catalogue: Catalogue, found: PeriodReceipts) -> TablePaper:
    title = _("Receipts from {since} to {until}", since=day(found.since), until=day(found.until))
    return TablePaper(
        title=title,
        author=catalogue.seller.legal_name,
        columns=(
            *(
                Column(_("Date and time")),
                Column(_("Method"), width="1"),
                Column(_("Transaction"), width="1"),
            ),
            *(Column(_("For"), width="2"), Column(_("Amount"), align="right")),
        ),
        rows=[_row(catalogue, line) for line in found.lines],
        facts=(
            (_("Seller"), catalogue.seller.legal_name),
            (_("In bank statements"), catalogue.seller.statement_name),
            *([(_("Tax number"), catalogue.seller.tax_number)] if catalogue.seller.tax_number else []),
        ),
        totals=_totals(found),
        notes=[_("Keep this receipt to compare it with your bank statement.")],
    )


def _row(catalogue: Catalogue, line: ReceiptLine) -> list[str]:
    refund = _("Refund") if line.amount.minor < 0 else ""
    return [
        wall_clock(line.at).strftime("%d.%m.%Y %H:%M"),
        ", ".join(filter(None, (method_title(catalogue, line.method), card_title(line.card)))),
        line.number,
        refund or ", ".join(line.titles) or _("Top-up of the balance (advance)"),
        money(line.amount),
    ]


def _totals(found: PeriodReceipts) -> Pairs:
    """Without refunds what came is the total as well."""
    paid = [(_("Paid"), money(amount)) for amount in found.paid]
    back = [(_("Went back"), money(amount)) for amount in found.refunded]
    totals = [(_("Total"), money(amount)) for amount in found.totals]
    return [*paid, *back, *totals] if back else totals


def _decimal(amount: Money) -> Decimal:
    return Decimal(amount.decimal())


def _name(found: PeriodReceipts) -> str:
    return f"receipts-{found.since:%Y-%m-%d}-{found.until:%Y-%m-%d}"
