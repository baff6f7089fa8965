"""What is said of doing without for a while, before a tap and after it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.suspensions import Span, Suspension
from bot.i18n.catalogues import _, ngettext
from bot.i18n.figures import coming_day, day
from bot.i18n.strangers import shown
from bot.services.suspension.views import Resting, SuspensionOffer, SuspensionStand

MOST_LINES = 10


def question_words(offer: SuspensionOffer) -> str:
    """From which day; and what it costs: nothing."""
    what = shown(offer.title) if offer.title else _("everything that is paid for here")
    return "\n\n".join(
        [
            _("Suspend: {what}", what=what),
            _("While it is suspended it does not work and no fee is taken: the paid days come afterwards."),
            _("From which day? Choose, or send a date such as 14.12."),
        ]
    )


def length_words(offer: SuspensionOffer, span_begins: str) -> str:
    least = ngettext("{count} day", "{count} days", offer.terms.least_days)
    most = ngettext("{count} month", "{count} months", offer.terms.most_months)
    return "\n\n".join(
        [
            _("Suspended from {date}.", date=span_begins),
            _(
                "For how long, from {least} to {most}? Choose, or send the date on which "
                "it shall work again.",
                least=least,
                most=most,
            ),
        ]
    )


def summary_words(offer: SuspensionOffer, span: Span, lines: Sequence[Resting]) -> str:
    """Everything that a tap agrees to."""
    told = [
        _(
            "Suspended from {start}, works again on {end}: {days}.",
            start=day(span.starts_on),
            end=day(span.ends_on),
            days=ngettext("{count} day", "{count} days", span.days),
        ),
        "\n".join(_moved(lines)),
        _("No fee is taken for these days."),
    ]
    if offer.has_autopay:
        told.append(_("Autopay waits until then."))
    told.append(_("You may resume on any day: only the days without it are added then."))
    return "\n\n".join(told)


def suspension_line(suspension: Suspension) -> str:
    """On the page of what it is about."""
    if suspension.is_running:
        return _("⏸ Suspended, works again on {date}", date=coming_day(suspension.ends_on))
    return _(
        "⏸ Will be suspended from {start} until {end}",
        start=coming_day(suspension.starts_on),
        end=coming_day(suspension.ends_on),
    )


def stand_lines(stand: SuspensionStand) -> list[str]:
    return [suspension_line(stand.lasting)] if stand.lasting else []


def _moved(lines: Sequence[Resting]) -> list[str]:
    told = [
        _(
            "{title}: paid until {old} → {new}",
            title=shown(each.title),
            old=day(each.paid_until),
            new=day(each.until),
        )
        for each in lines[:MOST_LINES]
    ]
    more = len(lines) - MOST_LINES
    return [*told, *([_("and {count} more", count=more)] if more > 0 else [])]
