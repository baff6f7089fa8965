"""What notices say of people, payments and lines, each in one line; absent facts leave no line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.domain.personal_data import is_nobody
from bot.domain.webhooks import SELLER
from bot.i18n import _, card_title, day, fit, money, months, shown
from bot.i18n.networks import provider_words
from bot.i18n.sentences import METHODS
from bot.notices.registry import Payload

CAPTION_LENGTH = 1024
OUTCOME_LENGTH = 250
"""Room left under a card for who did what."""


def text_of(*lines: str | Iterable[str], photo: bool = False) -> str:
    """The lines that say something, no longer than a message or a caption may be."""
    flat = [part for line in lines for part in ([line] if isinstance(line, str) else line)]
    text = "\n".join(filter(None, flat))
    return fit(text, CAPTION_LENGTH - OUTCOME_LENGTH) if photo else fit(text, 4096 - OUTCOME_LENGTH)


def customer(facts: Payload) -> str:
    """«Анна, id 1001»; the name is the customer's own words. A caller's number says nothing to anybody."""
    customer_id = facts.get("customer_id")
    if not customer_id:
        return ""
    name = shown(str(facts.get("name") or ""))
    if not name:
        return _("Customer: id {id}", id=customer_id)
    if is_nobody(int(customer_id)):
        return _("Customer: {name}, without Telegram", name=name)
    return _("Customer: {name}, id {id}", name=name, id=customer_id)


def provider(facts: Payload) -> str:
    """The company's name, for the middle of a sentence."""
    name = str(facts.get("provider") or "")
    if name == SELLER:
        return _("Your own system")
    return provider_words(name)


def titles(facts: Payload) -> str:
    return ", ".join(shown(str(title)) for title in facts.get("titles") or ())


def extended(facts: Payload) -> list[str]:
    return [_extended(line) for line in facts.get("lines") or ()]


def proof(facts: Payload) -> str:
    """How it was paid and under which numbers: ours, and the one the provider's cabinet knows."""
    method = METHODS.get(str(facts.get("method", "")))
    number = shown(str(facts.get("number") or ""))
    parts = [
        provider(facts),
        _(method) if method else "",
        card_title(str(facts.get("masked_card") or "")),
        _("payment {number}", number=facts["payment_id"]) if facts.get("payment_id") else "",
        _("transaction {number}", number=number) if number else "",
    ]
    return " · ".join(filter(None, parts))


def _extended(line: dict[str, Any]) -> str:
    """Of somebody else's line no date is told."""
    if line["paid_until"] is None:
        return _(
            "{title}: {period} more", title=shown(str(line["title"])), period=months(int(line["months"]))
        )
    return _(
        "{title}: {period}, paid until {date}",
        title=shown(str(line["title"])),
        period=months(int(line["months"])),
        date=day(line["paid_until"]),
    )


def amount(facts: Payload) -> str:
    return money(facts["amount"])
