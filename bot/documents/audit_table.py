"""The audit log as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from bot.documents.csv_file import csv_file
from bot.domain.audit import Deed
from bot.domain.documents import File
from bot.i18n import _
from bot.i18n.deed_words import deed_words


def audit_table(name: str, deeds: Iterable[Deed], names: Mapping[int, str], zone: ZoneInfo) -> File:
    """A line for each deed; a stranger's words in it can be no formula."""
    header = [_("Time"), _("Id"), _("Person"), _("Deed"), _("Its name"), _("Of what"), _("Details")]
    return csv_file(name, header, (_row(deed, names, zone) for deed in deeds))


def _row(deed: Deed, names: Mapping[int, str], zone: ZoneInfo) -> list[str]:
    details = json.dumps(deed.details, ensure_ascii=False, default=str) if deed.details else ""
    moment = deed.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return [
        *(moment, str(deed.who), names.get(deed.who, "")),
        *(deed_words(deed.action), deed.action, deed.subject, details),
    ]
