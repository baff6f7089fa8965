"""What every paper says of itself: title, language, footer, the words of its page number."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import i18n
from bot.i18n import _

PDF = "application/pdf"


def frame(title: str, *, author: str, on: date | None = None, footer: str = "") -> dict[str, Any]:
    """The part of a paper's data that `paper.typ` reads, in the language spoken here."""
    return {
        "title": title,
        "author": author,
        "footer": footer or title,
        "date": {"year": on.year, "month": on.month, "day": on.day} if on else None,
        "language": i18n.language(),
        "words": {"page": _("Page {page} of {pages}")},
    }
