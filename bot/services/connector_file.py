"""The seller's CSV of connectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.domain.catalogue import Catalogue
from bot.domain.imports import ImportedConnector
from bot.services import connector_fields as fields
from bot.services.csv_table import CsvTable

COLUMNS = ("id", "kind", "title", "tariff", "paid_until", "telegram_id", "phone", "email")


def read_connectors(path: Path, catalogue: Catalogue) -> Iterator[ImportedConnector | str]:
    """Each line as a connector, or as a sentence that begins with its number; no file is ImportRefused."""

    def read(line: int, row: Mapping[str, str]) -> ImportedConnector:
        tariff = fields.read_tariff(row["tariff"], catalogue.tariffs)
        return ImportedConnector(
            line=line,
            id=fields.read_id(row["id"]),
            kind=fields.read_words("kind", row["kind"] or catalogue.tariffs[tariff].kind),
            title=fields.read_words("title", row["title"]),
            tariff=tariff,
            paid_until=fields.read_date(row["paid_until"]),
            telegram_id=fields.read_telegram_id(row["telegram_id"]),
            phone=fields.read_phone(row["phone"]),
            email=fields.read_email(row["email"]),
        )

    return CsvTable(COLUMNS, read).rows(path)
