"""What is told of connectors that are not paid for, and of those that a customer does without for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.i18n.autopay_news import News
from bot.i18n.catalogues import _
from bot.i18n.figures import day
from bot.i18n.strangers import shown

Payload: TypeAlias = Mapping[str, Any]


def grace(facts: Payload) -> News:
    works = _("It works as ever until {date}; then it works in part.", date=day(facts["until"]))
    return _owes(facts, works, _("Not paid: {title}", title=_title(facts)))


def limited(facts: Payload) -> News:
    works = _("It works in part now, and stops on {date}.", date=day(facts["until"]))
    return _owes(facts, works, _("Works in part: {title}", title=_title(facts)))


def stopped(facts: Payload) -> News:
    works = _("It is stopped. What belongs to it is kept until {date}.", date=day(facts["kept_until"]))
    return _owes(facts, works, _("Stopped: {title}", title=_title(facts)))


def _owes(facts: Payload, works: str, subject: str) -> News:
    since = _(
        "{title} is not paid for since {date}: the autopay did not succeed.",
        title=_title(facts),
        date=day(facts["since"]),
    )
    return News(subject, (since, works, _("Pay in any way, and it works as before.")))


def _title(facts: Payload) -> str:
    return shown(str(facts.get("title") or ""))


def planned(facts: Payload) -> News:
    told = _(
        "{what}: suspended from {start} until {end}.",
        what=_rests(facts),
        start=day(facts["starts_on"]),
        end=day(facts["ends_on"]),
    )
    free = _("It costs nothing: the days that are paid for are kept for later.")
    return News(_("Suspension: {what}", what=_rests(facts)), (told, free, *_autopay(facts)))


def started(facts: Payload) -> News:
    told = _("{what} is suspended until {end}.", what=_rests(facts), end=day(facts["ends_on"]))
    early = _("You can have it back earlier, at any moment.")
    return News(_("Suspended: {what}", what=_rests(facts)), (told, *_dates(facts), *_autopay(facts), early))


def not_started(facts: Payload) -> News:
    told = _("The suspension of {what} did not begin: no paid days are left to be kept.", what=_rests(facts))
    return News(_("Not suspended: {what}", what=_rests(facts)), (told,))


def over(facts: Payload) -> News:
    told = _("{what} works again.", what=_rests(facts))
    return News(_("Works again: {what}", what=_rests(facts)), (told, *_dates(facts)))


def _rests(facts: Payload) -> str:
    """A connector, or all that a payer has."""
    return _title(facts) or _("all that is on your account")


def _dates(facts: Payload) -> list[str]:
    return [
        _("{title}: paid until {date}", title=shown(str(line["title"])), date=day(line["paid_until"]))
        for line in facts.get("lines") or ()
        if line.get("paid_until")
    ]


def _autopay(facts: Payload) -> list[str]:
    return [_("Its autopay waits meanwhile.")] if facts.get("autopay") else []
