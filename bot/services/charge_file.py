"""The seller's CSV of charges: what metered connectors used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.billing import month_of
from bot.domain.catalogue import Catalogue
from bot.domain.errors import BadAmount
from bot.domain.imports import ImportedCharge
from bot.domain.money import CURRENCIES, STARS, Money
from bot.services import connector_fields as fields
from bot.services.connector_fields import BadField
from bot.services.csv_table import CsvTable

COLUMNS = ("connector", "started_at", "number", "duration_s", "amount", "description")
OPTIONAL = ("reference", "currency")
LONGEST_REFERENCE, LONGEST_NUMBER, LONGEST_DESCRIPTION, MOST_SECONDS = 64, 40, 200, 1 << 31
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?", re.ASCII)
_AS_SPREADSHEETS_WRITE = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")


def read_charges(path: Path, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[ImportedCharge | str]:
    """Each line as a charge, or as a sentence that begins with its number; no file is ImportRefused."""
    return CsvTable(COLUMNS, _ChargeReader(_usual_currency(catalogue), zone).read, OPTIONAL).rows(path)


@dataclass(frozen=True, slots=True)
class _ChargeReader:
    """Moments without a zone are on the seller's wall clock, sums without a currency in his usual one."""

    currency: str
    zone: ZoneInfo

    def read(self, line: int, row: Mapping[str, str]) -> ImportedCharge:
        started_at = _moment(row["started_at"], self.zone)
        amount = _amount(row["amount"], self._currency(row.get("currency", "")))
        charge = ImportedCharge(
            line=line,
            reference=_text("reference", row.get("reference", ""), LONGEST_REFERENCE),
            says="",
            connector_id=fields.read_id(row["connector"]),
            started_at=started_at,
            number=_text("number", row["number"], LONGEST_NUMBER),
            duration_s=_seconds(row["duration_s"]),
            currency=amount.currency,
            minor=amount.minor,
            description=_text("description", row["description"], LONGEST_DESCRIPTION),
            month=month_of(started_at, self.zone),
        )
        return charge if charge.reference else _with_identity(charge)

    def _currency(self, told: str) -> str:
        currency = told.upper() or self.currency
        if currency not in CURRENCIES:
            raise BadField(f'currency "{told[:40]}": known are {", ".join(CURRENCIES)}')
        return currency


def _usual_currency(catalogue: Catalogue) -> str:
    """That of the seller's first account, or of his first price where he has no account."""
    currencies = tuple(catalogue.invoicing.sellers) if catalogue.invoicing else catalogue.currencies
    return next(code for code in currencies if code != STARS)


def _with_identity(charge: ImportedCharge) -> ImportedCharge:
    """A row without a reference is known by what it says, wherever it stands and however it is written."""
    said = (
        charge.connector_id,
        charge.started_at.isoformat(),
        charge.number,
        charge.duration_s,
        charge.currency,
        charge.minor,
        charge.description,
    )
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]
    return replace(charge, says=digest)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    moment = _iso(text) or _spreadsheets(text)
    if moment is None or moment.year not in fields.YEARS:
        raise BadField(f'started_at "{text[:40]}": write it as 2026-12-14T10:30:00+03:00')
    return moment.replace(tzinfo=moment.tzinfo or zone).astimezone(UTC)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if len(text) > len("2026-12-14") else None
    except ValueError:
        return None


def _spreadsheets(text: str) -> datetime | None:
    for shape in _AS_SPREADSHEETS_WRITE:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 (the caller gives it its zone)
        except ValueError:
            continue
    return None


def _amount(text: str, currency: str) -> Money:
    try:
        if _AMOUNT.fullmatch(text):
            return Money.typed(text, currency)
    except BadAmount:
        pass
    raise BadField(f'amount "{text[:40]}": write it as 12.50, not below zero')


def _seconds(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:11]) >= MOST_SECONDS:
        raise BadField(f'duration_s "{text[:40]}": write whole seconds, or nothing')
    return int(text)


def _text(column: str, text: str, longest: int) -> str:
    if len(text) > longest or not text.isprintable():
        raise BadField(f'{column} "{text[:40]}": write at most {longest} characters on one line')
    return text
