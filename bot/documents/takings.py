"""The till's report as a picture for the operators' group, and the same figures as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.documents.bars import PNG, height, rows_with_bars
from bot.documents.csv_file import Cell, csv_file
from bot.documents.frame import frame
from bot.documents.registry import Sources, Subject, document
from bot.domain.catalogue import Catalogue
from bot.domain.documents import File
from bot.domain.money import Money
from bot.domain.takings import Flow, Span, Takings, Total
from bot.i18n import _, money
from bot.i18n.autopay_report_words import failed_because
from bot.i18n.takings_words import method_words, span_words, tariff_words

TEMPLATE = "takings.typ"
MOST_ROWS = 6
MOST_LABELS = 6
MOST_BARS = 62
"""Days of two months; more would be too thin to see."""


@document("takings")
async def takings(sources: Sources, subject: Subject, _language: str) -> File:
    report = await sources.house.takings.told(span_of(subject))
    pictures = await sources.typesetter.png(TEMPLATE, takings_paper(report, sources.catalogue))
    return File(f"{_name(report.span)}.png", PNG, pictures[0])


@document("takings_csv")
async def takings_csv(sources: Sources, subject: Subject, _language: str) -> File:
    report = await sources.house.takings.report(span_of(subject))
    header = (_("Date"), _("What"), _("Method"), _("Tariff"), _("Number"), _("Amount"), _("Currency"))
    return csv_file(f"{_name(report.span)}.csv", header, _rows(report, sources))


def span_of(subject: Subject) -> Span:
    """The days that a notice or a button speaks of."""
    return Span(date.fromisoformat(str(subject["first"])), date.fromisoformat(str(subject["last"])))


def takings_paper(report: Takings, catalogue: Catalogue) -> dict[str, Any]:
    """What the template is filled with: words, and bars in thousandths of the highest."""
    return frame(_("Takings"), author=catalogue.seller.legal_name, on=report.span.last) | {
        "subtitle": span_words(report.span),
        "nothing": "" if report.currencies else _("No money came or went."),
        "sections": [_section(report, currency, catalogue) for currency in report.currencies],
    }


def _section(report: Takings, currency: str, catalogue: Catalogue) -> dict[str, Any]:
    total = report.total(currency)
    methods = [(method_words(catalogue, each.name), each) for each in report.by_method(currency)]
    tariffs = [(tariff_words(catalogue, each.name), each) for each in report.by_tariff(currency)]
    return {
        "panel": _panel(report, currency, total),
        "tiles": [
            [_("number of payments"), str(total.movements)],
            [_("went back"), money(total.back)],
        ],
        "lists": [
            {"title": _("By method"), "kind": "methods", "rows": _sums(methods)},
            {"title": _("By tariff"), "kind": "tariffs", "rows": _sums(tariffs)},
        ],
    }


def _panel(report: Takings, currency: str, total: Total) -> dict[str, Any]:
    """A bar for each day, or for several together where there would be too many."""
    days = report.by_day(currency)
    best = max(days, key=lambda each: each.came.minor)
    together = -(-len(days) // MOST_BARS)
    bars = [days[first : first + together] for first in range(0, len(days), together)]
    sums = [sum(each.came.minor for each in bar) for bar in bars]
    every = -(-len(bars) // MOST_LABELS)
    return {
        "kind": "came",
        "title": _("Came"),
        "total": money(total.came),
        "words": _("up to {amount} a day", amount=money(best.came)),
        "bars": [height(minor, max(sums)) for minor in sums],
        "labels": [f"{date.fromisoformat(bar[0].name):%d.%m}" for bar in bars[::every]],
    }


def _sums(named: Sequence[tuple[str, Total]]) -> list[list[Any]]:
    """The largest ones, and the rest together."""
    found = [(name, each.came.minor, money(each.came)) for name, each in named if each.came]
    shown, rest = found[:MOST_ROWS], named[MOST_ROWS:]
    if rest:
        minor = sum(each.came.minor for _name_, each in rest)
        shown.append((_("the rest"), minor, money(Money(minor, rest[0][1].came.currency))))
    return rows_with_bars(shown)


def _rows(report: Takings, sources: Sources) -> Iterable[Sequence[Cell]]:
    words = {Flow.CAME: _("Came"), Flow.REFUNDED: _("Refunded"), Flow.TAKEN_BACK: _("Taken back")}
    for each in sorted(report.takings, key=lambda taking: (taking.on, taking.amount.currency, taking.flow)):
        yield (
            each.on.isoformat(),
            words[each.flow],
            method_words(sources.catalogue, each.method),
            tariff_words(sources.catalogue, each.tariff),
            each.movements,
            Decimal(each.amount.decimal()),
            each.amount.currency,
        )
    for refused in report.declined:
        yield "", _("Refused"), failed_because(refused.refusal), "", refused.payments, "", refused.currency
    totals = (
        (_("Autopays expected in {days} days", days=30), report.expected),
        (_("Balances below zero"), report.owed),
        (_("Unpaid monthly bills"), report.unpaid),
    )
    for name, sums in totals:
        for amount in sums:
            yield "", name, "", "", "", Decimal(amount.decimal()), amount.currency


def _name(span: Span) -> str:
    return f"takings-{span.first}" if len(span) == 1 else f"takings-{span.first}-{span.last}"
