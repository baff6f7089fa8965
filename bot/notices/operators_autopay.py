"""What operators are told of autopays and suspensions; most of it folds into a digest."""

from __future__ import annotations

from bot.domain.autopays import Interval
from bot.i18n import _, day, shown
from bot.i18n.autopay_news import when, why_refused
from bot.i18n.autopay_report_words import paused_because
from bot.i18n.autopay_words import interval_words, thing_words
from bot.keyboards.operators import only_close
from bot.notices.about import amount, customer, provider, text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import MONEY
from bot.notices.worth import WORTH


@operators_notice("autopay_connected")
def connected(facts: Payload) -> Rendered:
    interval = interval_words(Interval(int(facts["months"]), int(facts["days"])))
    head = _(
        "🔁 Autopay connected: {what}, {amount} {interval}.",
        what=thing_words(facts),
        amount=amount(facts),
        interval=interval,
    )
    return _news(head, customer(facts))


@operators_notice("autopay_failed")
def failed(facts: Payload) -> Rendered:
    reason = why_refused(facts)
    head = _("✖️ An autopay of {amount} was not paid: {reason}.", amount=amount(facts), reason=reason)
    again = _("The next try: {when}", when=when(facts["next_try"], "")) if facts.get("next_try") else ""
    return _news(head, thing_words(facts), again, customer(facts))


@operators_notice("autopay_paused")
def paused(facts: Payload) -> Rendered:
    head = _("⏸ Autopay paused: {what}, {reason}.", what=thing_words(facts), reason=_reason(facts))
    return _news(head, customer(facts))


@operators_notice("autopay_ended")
def ended(facts: Payload) -> Rendered:
    head = _("⏹ Autopay ended: {what}, {reason}.", what=thing_words(facts), reason=_reason(facts))
    return _news(head, customer(facts))


@operators_notice("suspension_planned")
def suspension_planned(facts: Payload) -> Rendered:
    start, end = day(facts["starts_on"]), day(facts["ends_on"])
    return _news(
        _("⏸ To be suspended from {start} until {end}: {what}.", start=start, end=end, what=_rests(facts)),
        customer(facts),
    )


@operators_notice("suspension_started")
def suspension_started(facts: Payload) -> Rendered:
    head = _("⏸ Suspended until {end}: {what}.", end=day(facts["ends_on"]), what=_rests(facts))
    return _news(head, customer(facts))


@operators_notice("suspension_ended")
def suspension_ended(facts: Payload) -> Rendered:
    return _news(_("▶️ Works again: {what}.", what=_rests(facts)), customer(facts))


@operators_notice("charging_refused", lives=WORTH)
def charging_refused(facts: Payload) -> Rendered:
    """A fault between us and the provider: no card is to blame, and a person has to mend it."""
    head = _(
        "⚠️ {provider} refused to charge saved cards: {why}. "
        "No money was taken, and nobody's card is at fault.",
        provider=provider(facts),
        why=shown(str(facts.get("why") or "…"), 200),
    )
    again = _(
        "It is tried again by itself. Look whether recurring payments are on in the provider's cabinet."
    )
    return Rendered(text_of(head, again), only_close(facts), topic=MONEY)


def _reason(facts: Payload) -> str:
    return paused_because(str(facts["reason"]))


def _rests(facts: Payload) -> str:
    title = shown(str(facts.get("title") or ""))
    return title or _("a whole account, {count} connectors", count=len(facts.get("lines") or ()))


def _news(*lines: str) -> Rendered:
    return Rendered(text_of(*lines), topic=MONEY)
