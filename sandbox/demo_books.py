"""What the demo's books begin with; all dates are counted from today, so that the demo never grows old."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

SOURCE = Path(__file__).with_name("demo_connectors.csv")
METERED = ("sip-7004", "sip-7005")
CHARGES = ("connector", "started_at", "number", "duration_s", "amount", "description")
TOWNS = ("Москва", "Санкт-Петербург", "мобильный", "Минск")
FEE, A_MINUTE = 350_00, 1_80
"""Kopecks: for the month, and for a begun minute."""

Row = tuple[str, str, str, str, str, str]


def write_connectors(target: Path, today: date) -> Path:
    """Write the file `python -m bot import connectors` takes, with real dates."""
    with SOURCE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        if row["paid_until"]:  # what is metered has none
            row["paid_until"] = (today + timedelta(days=int(row["paid_until"]))).isoformat()
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def write_charges(target: Path, today: date) -> Path:
    """Write the file `python -m bot import charges` takes: the month before this one, and this one so far."""
    this_month = today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    days = [last_month + timedelta(days=passed) for passed in range((today - last_month).days)]
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(CHARGES)
        for number, connector in enumerate(METERED, start=1):
            writer.writerows(_fee(connector, month) for month in (last_month, this_month))
            for day in days:
                writer.writerows(_calls(connector, number, day))
    return target


def _fee(connector: str, month: date) -> Row:
    return connector, f"{month} 00:00:00", "", "", _decimal(FEE), "Абонентская плата"


def _calls(connector: str, number: int, day: date) -> Iterator[Row]:
    """Few, and for one day always the same."""
    for call in range((day.toordinal() + number) % 4):
        seed = day.toordinal() * 37 + call * 101 + number * 53
        seconds = 20 + seed % 580
        started_at = datetime.combine(day, time(9 + 2 * call, seed % 60, seed % 59))
        called = f"+7 {900 + seed % 99} {seed % 900 + 100}-{seed % 90 + 10}-{seed % 80 + 11}"
        cost = _decimal(A_MINUTE * -(-seconds // 60))
        yield connector, str(started_at), called, str(seconds), cost, TOWNS[seed % len(TOWNS)]


def _decimal(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02}"
