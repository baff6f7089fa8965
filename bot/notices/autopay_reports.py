"""What operators read under the chart of autopays: the same in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.domain.autopay_reports import DAYS
from bot.domain.autopays import AutopayState
from bot.domain.documents import Enclosure
from bot.i18n import _, money
from bot.i18n.autopay_report_words import failed_because, paused_because
from bot.keyboards import autopay_reports as buttons
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import REPORTS

WORTH = timedelta(hours=1)
MOST_REASONS = 4


@operators_notice("autopay_report", lives=WORTH)
def autopay_report(facts: Payload) -> Rendered:
    text = "\n".join([_("📈 Autopays"), *_sums(facts), *_counts(facts)])
    chart = Enclosure("autopay_forecast", {})
    return Rendered(text, buttons.chart(), topic=REPORTS, enclosures=(chart,))


@operators_notice("autopay_table", lives=WORTH)
def autopay_table(_facts: Payload) -> Rendered:
    table = Enclosure("autopay_forecast_csv", {})
    return Rendered(_("The figures behind the chart."), topic=REPORTS, enclosures=(table,))


def _sums(facts: Payload) -> Iterator[str]:
    for each in facts["currencies"]:
        yield _(
            "Expected in {days} days: {expected}; charged in the last {days}: {charged}",
            days=DAYS,
            expected=money(each["expected"]),
            charged=money(each["charged"]),
        )
    if not facts["currencies"]:
        yield _("No autopay has charged or is going to.")


def _counts(facts: Payload) -> Iterator[str]:
    standing, failures = facts["standing"], facts["failures"]
    counted = {state: _in_state(standing, state) for state in AutopayState}
    yield _(
        "Active: {active} · being tried again: {retrying}",
        active=counted[AutopayState.ACTIVE],
        retrying=counted[AutopayState.RETRYING],
    )
    if paused := counted[AutopayState.PAUSED]:
        of_paused = [each for each in standing if each["state"] == AutopayState.PAUSED]
        why = {paused_because(each["reason"]): int(each["autopays"]) for each in of_paused}
        yield _("Paused: {count} ({why})", count=paused, why=_most(why))
    if failures:
        why = {failed_because(each["refusal"]): int(each["charges"]) for each in failures}
        yield _("Failed: {count} ({why})", count=sum(why.values()), why=_most(why))
    if unknown := facts["unknown"]:
        yield _("End not known yet: {count}", count=unknown)


def _in_state(standing: Sequence[Mapping[str, Any]], state: AutopayState) -> int:
    return sum(int(each["autopays"]) for each in standing if each["state"] == state)


def _most(counts: Mapping[str, int]) -> str:
    """The most frequent reasons, each with its number."""
    found = sorted(counts.items(), key=lambda pair: -pair[1])
    more = ", …" if len(found) > MOST_REASONS else ""
    return ", ".join(f"{name} {count}" for name, count in found[:MOST_REASONS]) + more
