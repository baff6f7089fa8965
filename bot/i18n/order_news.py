"""What customers are told of what is made to order: the same words in the chat and in letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.texts import Text
from bot.i18n.autopay_news import News
from bot.i18n.catalogues import _
from bot.i18n.figures import day, moment, money_of_all
from bot.i18n.sentences import said
from bot.i18n.strangers import fit, shown

LONGEST = 2500

Payload = Mapping[str, Any]


def approved(facts: Payload) -> News:
    """What it costs, until when, and the terms, before anything is paid."""
    what = titles(facts)
    lines = [
        _("✅ Your order is confirmed: {what}.", what=what),
        _("To be paid: {amount}", amount=money_of_all(facts["prices"])),
        _("The price holds until {moment}.", moment=moment(facts["pay_until"])),
        terms(facts),
    ]
    return News(_("Your order is confirmed"), tuple(filter(None, lines)))


def rejected(facts: Payload) -> News:
    reason = words(facts.get("reason"))
    lines = (
        _("We can't take this order: {what}.", what=titles(facts)),
        *([_("Reason: {reason}", reason=reason)] if reason else []),
        _("Nothing was charged. You are welcome to send in another one."),
    )
    return News(_("Your order was not accepted"), lines)


def question(facts: Payload) -> News:
    lines = (
        _("❓ A question about your order: {what}", what=titles(facts)),
        words(facts.get("question")),
        _("We go on as soon as you have answered."),
    )
    return News(_("A question about your order"), tuple(filter(None, lines)))


def stage(facts: Payload) -> News:
    """Where the work stands now, until when, and what the operator wrote with it."""
    what, reached = titles(facts), facts.get("stage") or {}
    now = shown(said(Text(reached))) if reached else _("paid, not begun yet")
    head = _("↩️ {what}: back to “{stage}”.") if facts.get("undone") else _("🛠 {what}: {stage}.")
    due = facts.get("stage_due")
    lines = [
        head.format(what=what, stage=now),
        _("By {date}.", date=day(due)) if due else "",
        words(facts.get("words")),
        shown(str(facts.get("link") or ""), 500),
    ]
    return News(_("Your order: {stage}", stage=now), tuple(filter(None, lines)))


def terms(facts: Payload) -> str:
    """The seller's own words about an order that was accepted."""
    by_language = facts.get("terms") or {}
    return words(said(Text(by_language))) if by_language else ""


def titles(facts: Payload) -> str:
    return ", ".join(shown(str(title)) for title in facts.get("titles") or ())


def words(written: object) -> str:
    """Somebody's own words, in as many lines as he wrote."""
    lines = (shown(line, 500) for line in str(written or "").splitlines())
    return fit("\n".join(filter(None, lines)), LONGEST)
