"""What letters have in common: facts, each by its name, and files of the same subject."""

from __future__ import annotations

from datetime import date

from bot.domain.documents import Enclosure
from bot.i18n import _, day, money, shown
from bot.letters.parts import Button
from bot.letters.registry import Payload

LONGEST = 300
MOST_TITLES = 10


def words(facts: Payload, name: str, limit: int = LONGEST) -> str:
    """Words of strangers, on one line."""
    return shown(str(facts.get(name) or ""), limit)


def titles(facts: Payload) -> str:
    """The first of them; all stand on the paper."""
    named = list(facts.get("titles") or ())
    told = [shown(str(title)) for title in named[:MOST_TITLES]]
    return ", ".join([*told, "…"] if len(named) > MOST_TITLES else told)


def date_of(facts: Payload, name: str) -> str:
    found = facts.get(name)
    return day(found) if isinstance(found, date) else ""


def sum_of(facts: Payload, name: str) -> str:
    found = facts.get(name)
    return money(found) if found is not None else ""


def link(text: str, facts: Payload) -> tuple[Button, ...]:
    """The way to the file or to the payment, where the letter has one."""
    url = str(facts.get("url") or "")
    return (Button(text, url),) if url else ()


def enclosed(facts: Payload, *kinds: str) -> tuple[Enclosure, ...]:
    """The same subject as files of several kinds."""
    return tuple(Enclosure(kind, facts["subject"]) for kind in kinds)


def payer(facts: Payload) -> tuple[str, str]:
    return _("Payer"), words(facts, "payer")
