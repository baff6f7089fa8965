"""What operators read under the picture of takings, and in the morning's and the evening's summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.documents import Enclosure
from bot.domain.money import Money
from bot.domain.takings import Span
from bot.domain.to_do import Duty, Waiting
from bot.i18n import _, money, ngettext
from bot.i18n.takings_words import span_words
from bot.i18n.to_do_words import waiting_words
from bot.keyboards import takings as buttons
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import REPORTS

WORTH = timedelta(hours=1)
SUMMARY_WORTH = timedelta(hours=6)


@operators_notice("takings", lives=WORTH)
def takings(facts: Payload) -> Rendered:
    span = _span(facts)
    text = "\n".join([_("📊 Takings: {days}", days=span_words(span)), *_lines(facts)])
    picture = Enclosure("takings", _subject(span))
    return Rendered(text, buttons.takings(span), topic=REPORTS, enclosures=(picture,))


@operators_notice("takings_table", lives=WORTH)
def takings_table(facts: Payload) -> Rendered:
    table = Enclosure("takings_csv", _subject(_span(facts)))
    return Rendered(_("The figures behind the picture."), topic=REPORTS, enclosures=(table,))


@operators_notice("summary", lives=SUMMARY_WORTH)
def summary(facts: Payload) -> Rendered:
    """What came today so far, and what waits for somebody."""
    span = _span(facts)
    waiting = waiting_of(facts)
    what_waits = [waiting_words(each) for each in waiting] or [_("Nothing waits for anybody.")]
    head = _("🗒 Summary: {days}", days=span_words(span))
    text = "\n".join([head, *_lines(facts), "", *what_waits])
    return Rendered(text, buttons.to_do(waiting), topic=REPORTS)


def waiting_of(facts: Payload) -> list[Waiting]:
    """What waits, as the notice remembers it."""
    return [
        Waiting(Duty(each["duty"]), int(each["count"]), each["oldest"], int(each["overdue"]))
        for each in facts["waiting"]
    ]


def _lines(facts: Payload) -> Iterator[str]:
    for each in facts["totals"]:
        payments = ngettext("{count} payment", "{count} payments", int(each["movements"]))
        yield _("Came: {amount} · {payments}", amount=money(each["came"]), payments=payments)
        if each["back"]:
            yield _("Went back: {amount}", amount=money(each["back"]))
    if not facts["totals"]:
        yield _("No money came or went.")
    yield from _told(_("As many days before: {amount}"), facts["earlier"])
    if facts["declined"]:
        count = int(facts["declined"])
        yield ngettext("{count} payment was refused", "{count} payments were refused", count)
    yield from _told(_("Autopays expected in 30 days: {amount}"), facts["expected"])
    yield from _told(_("Balances below zero: {amount}"), facts["owed"])
    yield from _told(_("Unpaid monthly bills: {amount}"), facts["unpaid"])


def _told(words: str, sums: Sequence[Money]) -> Iterator[str]:
    if sums:
        yield words.format(amount=" + ".join(money(each) for each in sums))


def _span(facts: Payload) -> Span:
    return Span(facts["first"], facts["last"])


def _subject(span: Span) -> dict[str, str]:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}
