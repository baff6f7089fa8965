"""What is told of autopays without being asked: the same words in the chat and in letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.autopay_times import RETRY_DAYS
from bot.domain.autopays import NEEDS_NEW_TAP, AutopayReason, Interval
from bot.domain.refusals import Refusal
from bot.i18n.autopay_words import interval_words, reason_words, thing_words
from bot.i18n.catalogues import _
from bot.i18n.figures import coming_day, day, money, wall_zone
from bot.i18n.renewal_words import card_words
from bot.i18n.sentences import card_title, refusal_sentence
from bot.i18n.zone_words import city_of

Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """A letter's subject, and what both say."""

    subject: str
    lines: tuple[str, ...]


Writer: TypeAlias = Callable[[Payload], News]


def source(facts: Payload) -> str:
    """«карта •••• 7173», «баланс, а чего не хватит — карта •••• 7173»."""
    if facts.get("method") == "balance":
        return _("your balance alone")
    masked = str(facts.get("card") or "")
    named = card_title(masked) if masked else _("saved card")
    return (
        _("your balance, and what it lacks from {card}", card=named) if facts.get("balance_first") else named
    )


def when(at: datetime, zone: str) -> str:
    """«15 декабря, 10:40 (время: Владивосток)»: his own clock, else the seller's, and it says which."""
    key = zone or wall_zone().key
    local = at.astimezone(ZoneInfo(key))
    return _(
        "{day}, {time} (time of: {city})",
        day=coming_day(local.date()),
        time=f"{local:%H:%M}",
        city=city_of(key),
    )


def connected(facts: Payload) -> News:
    told = _("Autopay is connected: {what}", what=thing_words(facts))
    return News(told, (told + ".", *agreed(facts)))


def agreed(facts: Payload) -> list[str]:
    """Sum, interval, source and first date, and how to stop it: what he has just agreed to."""
    interval = Interval(int(facts["months"]), int(facts["days"]))
    sum_ = _(
        "{amount} {interval}, from: {source}.",
        amount=money(facts["amount"]),
        interval=interval_words(interval),
        source=source(facts),
    )
    first = [_("The next charge: {date}.", date=day(facts["charge_on"]))] if facts.get("charge_on") else []
    return [
        sum_,
        *first,
        _(
            "More than this is never taken without a new consent of yours. "
            "We write 3 days and a day before each charge."
        ),
        _("Stop it at any moment, at once: /autopay."),
    ]


def announced(facts: Payload) -> News:
    less = (
        [_("You agreed to {was}; this time it is less.", was=money(facts["was"]))] if facts.get("was") else []
    )
    return _coming(facts, [*less, _("Until then you can change it, unlink the card or delete the autopay.")])


def reminded(facts: Payload) -> News:
    return _coming(facts, [_("If you don't want that, delete the autopay or pay in another way before.")])


def yearly(facts: Payload) -> News:
    return _coming(facts, [_("We will write once more 3 days and a day before.")])


def _coming(facts: Payload, more: list[str]) -> News:
    amount = money(facts["amount"])
    told = _(
        "On {when} we will charge {amount} for: {what}.",
        when=when(facts["charge_at"], str(facts.get("zone") or "")),
        amount=amount,
        what=thing_words(facts),
    )
    subject = _("{amount} will be charged on {date}", amount=amount, date=_local_day(facts))
    return News(subject, (told, _("From: {source}.", source=source(facts)), *more))


def _local_day(facts: Payload) -> str:
    key = str(facts.get("zone") or "") or wall_zone().key
    return day(facts["charge_at"].astimezone(ZoneInfo(key)).date())


def price_changed(facts: Payload) -> News:
    blanks = {"what": thing_words(facts), "old": money(facts["old"])}
    if facts.get("new"):
        told = _(
            "The price of {what} has changed: you agreed to {old}, now it is {new}.",
            new=money(facts["new"]),
            **blanks,
        )
    else:
        told = _("The price of {what} has changed: you agreed to {old}.", **blanks)
    paused = _(
        "More than you agreed to is never taken, so the autopay is paused until you agree to the new price."
    )
    return News(_("A new price: {what}", what=thing_words(facts)), (told, paused))


def why_refused(facts: Payload) -> str:
    """A charge has no page whose time runs out: for one that never came to be, the bank was silent."""
    refusal = str(facts.get("refusal") or "")
    return refusal_sentence(Refusal.BANK_SILENT if refusal == Refusal.LINK_EXPIRED else refusal)


def failed(facts: Payload) -> News:
    amount = money(facts["amount"])
    reason = why_refused(facts)
    told = _(
        "{amount} for {what} could not be taken: {reason}.",
        amount=amount,
        what=thing_words(facts),
        reason=reason,
    )
    return News(
        _("{amount} could not be taken", amount=amount),
        (told, _("From: {source}.", source=source(facts)), *_next_try(facts)),
    )


def _next_try(facts: Payload) -> list[str]:
    if not facts.get("next_try"):
        return []
    again = _(
        "Try {number} of {most}. The next one: {when}.",
        number=facts["tries"],
        most=len(RETRY_DAYS) + 1,
        when=when(facts["next_try"], str(facts.get("zone") or "")),
    )
    return [again, _("Pay in another way before, and nothing is charged for this any more.")]


def paused(facts: Payload) -> News:
    reason = str(facts["reason"])
    told = _(
        "The autopay for {what} is paused: {reason}.", what=thing_words(facts), reason=reason_words(reason)
    )
    bank = [_("The bank's answer: {reason}.", reason=why_refused(facts))] if facts.get("refusal") else []
    by_itself = reason not in {each.value for each in NEEDS_NEW_TAP}
    after = (
        _("Pay in any other way, and it goes on by itself.")
        if by_itself
        else _("Nothing is charged until you start it again.")
    )
    return News(_("Autopay is paused: {what}", what=thing_words(facts)), (told, *bank, after))


def ended(facts: Payload) -> News:
    told = _(
        "The autopay for {what} has ended: {reason}.",
        what=thing_words(facts),
        reason=reason_words(str(facts["reason"])),
    )
    return News(
        _("Autopay has ended: {what}", what=thing_words(facts)), (told, _("Nothing more is charged by it."))
    )


def not_connected(facts: Payload) -> News:
    reason = reason_words(str(facts.get("reason") or AutopayReason.NOT_SAVED.value))
    told = _(
        "Your payment has arrived, but the autopay for {what} was not connected: {reason}.",
        what=thing_words(facts),
        reason=reason,
    )
    return News(
        _("Autopay is not connected: {what}", what=thing_words(facts)),
        (told, _("Nothing is charged by itself. You can try again with another card.")),
    )


def card_unlinked(facts: Payload) -> News:
    told = _("Unlinked: {card}. Nothing is charged with it any more.", card=card_words(facts))
    titles = [thing_words(each) for each in facts.get("autopays") or ()]
    stopped = (
        [
            _(
                "Autopays that stopped: {titles}. They go on when you choose another card.",
                titles=", ".join(titles),
            )
        ]
        if titles
        else []
    )
    return News(_("The card is unlinked"), (told, *stopped))
