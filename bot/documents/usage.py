"""What metered connectors used: the detail of a month, and what was charged so far; to read and as tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.documents.csv_file import CsvText, csv_file
from bot.documents.registry import Sources, Subject, document
from bot.documents.tables import Column, TablePaper, table_file
from bot.domain import periods
from bot.domain.billing import ConnectorUsage, Usage, UsageRecord
from bot.domain.documents import File
from bot.domain.money import Money
from bot.i18n import _, exact_moment, month_name, wall_clock
from bot.i18n.figures import exact_money
from bot.i18n.usage_words import duration

MOST_ON_PAPER = 2_000
"""Uses: some fifty pages. Of more than that the paper has the sums, and the table beside it every one."""


@document("usage")
async def usage(sources: Sources, subject: Subject, _language: str) -> File:
    """Each use in `month` of `subscriber`, or where that is None of all that `payer_id` pays for."""
    found = await sources.house.usage.summary(**_asked(subject))
    if found.records > MOST_ON_PAPER:
        rest = _("There are too many single uses for a paper: the table has every one.")
        paper = _sums(sources, found, _("Usage detail, {month}", month=month_name(found.month)), [rest])
    else:
        records = [record async for record in sources.house.usage.every_record(**_asked(subject))]
        paper = _detail(sources, found, records)
    return await table_file(sources.typesetter, f"usage-{found.month}.pdf", paper)


@document("usage_csv")
async def usage_csv(sources: Sources, subject: Subject, _language: str) -> File:
    text = CsvText(
        (
            *(_("Subscriber"), _("Identifier"), _("Date and time"), _("Number"), _("Seconds")),
            *(_("Amount"), _("Currency"), _("Description")),
        )
    )
    async for record in sources.house.usage.every_record(**_asked(subject)):
        text.add(
            (
                *(record.title, record.connector_id, f"{wall_clock(record.started_at):%Y-%m-%d %H:%M:%S}"),
                *(record.number, "" if record.duration_s is None else record.duration_s),
                *(_decimal(record.amount), record.amount.currency, record.description),
            )
        )
    return text.file(f"usage-{subject['month']}.csv")


@document("charges")
async def charges(sources: Sources, subject: Subject, _language: str) -> File:
    """The sums of each subscriber in a month that goes on."""
    found = await sources.house.usage.summary(**_asked(subject))
    title = _("Current charges, {month}", month=month_name(found.month))
    as_of = _("As of")
    notes = [
        f"{as_of} {exact_moment(periods.now())}.",
        _("The month is not over: the invoice may name more."),
    ]
    paper = _sums(sources, found, title, notes)
    return await table_file(sources.typesetter, f"charges-{found.month}.pdf", paper)


@document("charges_csv")
async def charges_csv(sources: Sources, subject: Subject, _language: str) -> File:
    found = await sources.house.usage.summary(**_asked(subject))
    header = (_("Subscriber"), _("Identifier"), _("Uses"), _("Seconds"), _("Amount"), _("Currency"))
    rows = [
        (
            used.title,
            used.connector_id,
            used.records,
            used.seconds,
            _decimal(used.amount),
            used.amount.currency,
        )
        for used in found.connectors
    ]
    return csv_file(f"charges-{found.month}.csv", header, rows)


def _asked(subject: Subject) -> dict[str, Any]:
    """What the service is asked; it looks again whose these are."""
    return {name: subject.get(name) for name in ("customer_id", "subscriber", "month", "payer_id")}


def _detail(sources: Sources, found: Usage, records: list[UsageRecord]) -> TablePaper:
    """Who it was stands in a row only where there are several."""
    several = len({record.connector_id for record in records}) > 1
    who = [Column(_("Subscriber"), width="1")] if several else []
    columns = [
        *(Column(_("Date and time")), *who, Column(_("Number"))),
        *(Column(_("Duration"), "right"), Column(_("Description"), width="1"), Column(_("Amount"), "right")),
    ]
    return TablePaper(
        title=_("Usage detail, {month}", month=month_name(found.month)),
        author=sources.catalogue.seller.legal_name,
        columns=columns,
        rows=[_record(record, several) for record in records],
        facts=_facts(sources, found),
        totals=_totals(found),
    )


def _record(record: UsageRecord, several: bool) -> list[str]:
    return [
        f"{wall_clock(record.started_at):%d.%m.%Y %H:%M:%S}",
        *([record.title] if several else []),
        record.number,
        "" if record.duration_s is None else duration(record.duration_s),
        record.description,
        exact_money(record.amount),
    ]


def _sums(sources: Sources, found: Usage, title: str, notes: list[str]) -> TablePaper:
    columns = [
        *(Column(_("Subscriber"), width="1"), Column(_("Uses"), "right")),
        *(Column(_("Duration"), "right"), Column(_("Amount"), "right")),
    ]
    return TablePaper(
        title=title,
        author=sources.catalogue.seller.legal_name,
        columns=columns,
        rows=[_sum(used) for used in found.connectors[:MOST_ON_PAPER]],
        facts=_facts(sources, found),
        totals=_totals(found),
        notes=[*notes, *_left_out(len(found.connectors) - MOST_ON_PAPER)],
    )


def _left_out(count: int) -> list[str]:
    return [_("{count} more are in the table for spreadsheets.", count=count)] if count > 0 else []


def _sum(used: ConnectorUsage) -> list[str]:
    return [
        used.title,
        str(used.records),
        duration(used.seconds) if used.seconds else "",
        exact_money(used.amount),
    ]


def _facts(sources: Sources, found: Usage) -> list[tuple[str, str]]:
    titles = list(dict.fromkeys(used.title for used in found.connectors))
    subscriber = [(_("Subscriber"), titles[0])] if len(titles) == 1 else []
    return [(_("Seller"), sources.catalogue.seller.legal_name), *subscriber]


def _totals(found: Usage) -> list[tuple[str, str]]:
    return [(_("Total"), exact_money(amount)) for amount in found.sums]


def _decimal(amount: Money) -> Decimal:
    return Decimal(amount.decimal())
