"""What metered connectors used and cost, as a screen tells it."""

from __future__ import annotations

from itertools import groupby

from bot.domain.billing import ConnectorUsage, Usage, UsageRecord
from bot.i18n.catalogues import _, ngettext
from bot.i18n.figures import money, money_of_all, month_name, short_day, time_of_day
from bot.i18n.strangers import shown
from bot.services.paging import Page

DESCRIPTION_LENGTH = 80


def detail_words(usage: Usage, page: Page[UsageRecord]) -> str:
    """The month's sum, then a screen of its uses under the name of their connector."""
    head = _("Usage detail, {month}", month=month_name(usage.month))
    if not page.total:
        return f"{head}\n\n" + _("Nothing was used in this month.")
    groups = []
    for title, records in groupby(page.items, lambda record: record.title):
        groups.append("\n".join([f"▪ {shown(title)}", *(_record(each) for each in records)]))
    return "\n\n".join([f"{head}\n{_totals(usage)}", *groups])


def charges_words(usage: Usage, page: Page[ConnectorUsage]) -> str:
    """What each subscriber has used so far, and the sum of all."""
    head = _("Charges in {month} so far", month=month_name(usage.month))
    if not page.total:
        return f"{head}\n\n" + _("Nothing was charged yet.")
    lines = [f"▪ {shown(each.title)}: {money(each.amount)}\n{_uses(each)}" for each in page.items]
    last = _("The month is not over: the invoice may name more.")
    return "\n\n".join([f"{head}\n{_totals(usage)}", *lines, last])


def duration(seconds: int) -> str:
    """«1:45», «1:02:03»."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _totals(usage: Usage) -> str:
    parts = [
        _("Total: {amount}", amount=money_of_all(usage.sums)),
        uses_of(usage.records, usage.seconds),
    ]
    return " · ".join(parts)


def _uses(used: ConnectorUsage) -> str:
    return uses_of(used.records, used.seconds)


def uses_of(records: int, seconds: int) -> str:
    """«12 записей, 1:02:03»."""
    counted = ngettext("{count} use", "{count} uses", records)
    return f"{counted}, {duration(seconds)}" if seconds else counted


def _record(record: UsageRecord) -> str:
    """«14.11.26 12:03 · +7 999… · 1:45 · 2,10 ₽», and below it what the seller says of it."""
    facts = [
        f"{short_day(record.started_at)} {time_of_day(record.started_at)}",
        shown(record.number),
        duration(record.duration_s) if record.duration_s is not None else "",
        money(record.amount),
        shown(record.description, DESCRIPTION_LENGTH),
    ]
    return " · ".join(filter(None, facts))
