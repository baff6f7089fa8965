"""The connectors the demo begins with; their dates are days from today, so that the demo never grows old."""

import csv
from datetime import date, timedelta
from pathlib import Path

SOURCE = Path(__file__).with_name("demo_connectors.csv")


def write_connectors(target: Path, today: date) -> Path:
    """Write the file `python -m bot import connectors` takes, with real dates."""
    with SOURCE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        row["paid_until"] = (today + timedelta(days=int(row["paid_until"]))).isoformat()
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target
