"""What is said of connectors that run out and of cards that expire: in the chat and in letters alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.i18n.autopay_words import thing_words
from bot.i18n.catalogues import _, ngettext
from bot.i18n.figures import day, today
from bot.i18n.sentences import card_title
from bot.i18n.strangers import shown


def runs_out_lines(facts: Mapping[str, Any]) -> list[str]:
    """One line for each connector, those that end first on top."""
    return [_runs_out(line) for line in facts["lines"]]


def _runs_out(line: Mapping[str, Any]) -> str:
    title, on, when = shown(str(line["title"])), day(line["paid_until"]), _when(line["days"])
    if line.get("lent"):
        lent = _("{title}: switched on until {date} ({when}) while a transfer is awaited")
        return lent.format(title=title, date=on, when=when)
    return _("{title}: paid until {date} ({when})", title=title, date=on, when=when)


def _when(days: int) -> str:
    if days <= 0:
        return _("today is the last day")
    if days == 1:
        return _("tomorrow is the last day")
    return ngettext("{count} day left", "{count} days left", days)


def expiry_sentence(facts: Mapping[str, Any]) -> str:
    """«Карта •••• 7173 действует до 12/2026»."""
    on = facts["expires_on"]
    card, month = card_words(facts), f"{on:%m/%Y}"
    if on < today():
        return _("Your {card} expired at the end of {month}.", card=card, month=month)
    return _("Your {card} is good until the end of {month}.", card=card, month=month)


def card_words(facts: Mapping[str, Any]) -> str:
    """«карта •••• 7173»: for the middle of a sentence, also where nobody told its number."""
    masked = str(facts.get("card") or "")
    return _("card {masked}", masked=card_title(masked)) if masked else _("saved card")


def served_lines(facts: Mapping[str, Any]) -> list[str]:
    """What the card pays for by itself, and that it will not."""
    titles = [thing_words(each) for each in facts.get("autopays") or ()]
    if not titles:
        return []
    told = _("Autopays that it pays for: {titles}.", titles=", ".join(titles))
    return [told, _("Choose another card for them, or they will stop.")]
