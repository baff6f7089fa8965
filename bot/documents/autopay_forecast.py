"""Autopays as a picture for the operators' group, and the same figures as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.documents.bars import PNG, height, rows_with_bars
from bot.documents.csv_file import Cell, csv_file
from bot.documents.frame import frame
from bot.documents.registry import Sources, Subject, document
from bot.domain.autopay_reports import DAYS, AutopayReport, CurrencyReport, Day
from bot.domain.autopays import AutopayState
from bot.domain.documents import File
from bot.domain.money import Money
from bot.i18n import _, money, ngettext
from bot.i18n.autopay_report_words import failed_because, paused_because

TEMPLATE = "autopay_forecast.typ"
MOST_REASONS = 6


@document("autopay_forecast")
async def autopay_forecast(sources: Sources, _subject: Subject, _language: str) -> File:
    report = await sources.house.autopay_reports.report()
    pictures = await sources.typesetter.png(
        TEMPLATE, forecast_paper(report, sources.catalogue.seller.legal_name)
    )
    return File(f"autopays-{report.today}.png", PNG, pictures[0])


@document("autopay_forecast_csv")
async def autopay_forecast_csv(sources: Sources, _subject: Subject, _language: str) -> File:
    report = await sources.house.autopay_reports.report()
    header = (_("What"), _("Date or reason"), _("Number"), _("Amount"), _("Currency"))
    return csv_file(f"autopays-{report.today}.csv", header, _rows(report))


def forecast_paper(report: AutopayReport, author: str) -> dict[str, Any]:
    """What the template is filled with: words, and bars in thousandths of the highest."""
    title = _("Autopays")
    return frame(title, author=author, on=report.today) | {
        "subtitle": _("As of {date}", date=f"{report.today:%d.%m.%Y}"),
        "tiles": [
            [_("active"), str(report.in_state(AutopayState.ACTIVE))],
            [_("being tried again"), str(report.in_state(AutopayState.RETRYING))],
            [_("paused"), str(report.in_state(AutopayState.PAUSED))],
        ],
        "panels": [panel for each in report.currencies for panel in _panels(each, report.today)],
        "nothing": "" if report.currencies else _("No autopay has charged or is going to."),
        "lists": [
            _reasons(
                _("Failed in {days} days: {count}", days=DAYS, count=report.failed),
                [(failed_because(each.refusal), each.charges) for each in report.failures],
                "failed",
            ),
            _reasons(
                _("Paused: {count}", count=report.in_state(AutopayState.PAUSED)),
                [(paused_because(each.reason), each.autopays) for each in report.paused],
                "paused",
            ),
        ],
    }


def _panels(report: CurrencyReport, today: date) -> list[dict[str, Any]]:
    """Both on one scale, so that what came can be held against what is to come."""
    highest = max((day.amount.minor for day in (*report.expected, *report.charged)), default=0)
    past = today - timedelta(days=DAYS - 1)
    return [
        _panel("expected", report.expected, report.expects, today, highest)
        | {"title": _("Expected in {days} days", days=DAYS)},
        _panel("charged", report.charged, report.brought, past, highest)
        | {"title": _("Charged in {days} days", days=DAYS)},
    ]


def _panel(kind: str, days: Sequence[Day], total: Money, first: date, highest: int) -> dict[str, Any]:
    found = {day.on: day.amount for day in days}
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    most = max(found.values(), key=lambda amount: amount.minor, default=total)
    charges = ngettext("{count} charge", "{count} charges", sum(day.charges for day in days))
    return {
        "kind": kind,
        "total": money(total),
        "words": _("{charges}, up to {amount} a day", charges=charges, amount=money(most)),
        "bars": [height(found[on].minor if on in found else 0, highest) for on in dates],
        "labels": [f"{on:%d.%m}" for on in dates[:: DAYS // 6]],
    }


def _reasons(title: str, counts: Sequence[tuple[str, int]], kind: str) -> dict[str, Any]:
    """The most frequent ones, and the rest together."""
    shown, rest = list(counts[:MOST_REASONS]), sum(count for _name, count in counts[MOST_REASONS:])
    if rest:
        shown.append((_("other reasons"), rest))
    rows = rows_with_bars([(name, count, str(count)) for name, count in shown])
    return {"title": title, "kind": kind, "rows": rows}


def _rows(report: AutopayReport) -> Iterable[Sequence[Cell]]:
    for each in report.currencies:
        for what, days in ((_("Expected"), each.expected), (_("Charged"), each.charged)):
            for day in days:
                yield what, day.on.isoformat(), day.charges, Decimal(day.amount.decimal()), each.currency
    for failures in report.failures:
        yield _("Failed"), failed_because(failures.refusal), failures.charges, "", ""
    if report.unknown:
        yield _("End not known yet"), "", report.unknown, "", ""
    for name, state in ((_("Active"), AutopayState.ACTIVE), (_("Being tried again"), AutopayState.RETRYING)):
        yield name, "", report.in_state(state), "", ""
    for paused in report.paused:
        yield _("Paused"), paused_because(paused.reason), paused.autopays, "", ""
