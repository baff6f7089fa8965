"""What people did, in words: a line of the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.audit import Deed
from bot.i18n.deed_words import deed_words
from bot.i18n.figures import short_day, time_of_day
from bot.i18n.strangers import shown


def deed_line(deed: Deed, names: Mapping[int, str]) -> str:
    """«16 ноя 10:05 · Мария: закрыла карточку, payment:12»; sums and reasons are in the table."""
    when = f"{short_day(deed.at)} {time_of_day(deed.at)}"
    who = shown(names.get(deed.who, ""), 40) or f"id {deed.who}"
    reason = shown(str(deed.details.get("reason") or ""), 80)
    told = ", ".join(filter(None, (deed_words(deed.action), shown(deed.subject, 60), reason)))
    return f"{when} · {who}: {told}"
