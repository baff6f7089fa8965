"""The file of everything that is kept of a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain.catalogue_file import read_catalogue
from bot.domain.documents import Enclosure

ROWS = [
    {
        "id": 5,
        "minor": 99_050,
        "currency": "RUB",
        "email": "",
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
]


class Kept:
    async def everything(self, customer_id: int) -> dict[str, list[dict[str, Any]]]:
        return {"payments": ROWS, "customers": [{"id": customer_id, "name": "Анна"}]}


async def test_it_is_read_by_people_and_by_programs(typesetter: Typesetter) -> None:
    house = cast("Any", SimpleNamespace(personal_data=Kept()))
    press = Press(Sources(house, read_catalogue(Path("catalog.example.toml")), typesetter))
    file = await press.make(Enclosure("personal_data", {"customer_id": 7}), "ru")
    text = file.content.decode()
    assert "Анна" in text
    assert file.name.endswith(".json")
    (payment,) = json.loads(text)["data"]["payments"]
    assert payment == {"id": 5, "amount": "990.50 RUB", "created_at": "2026-11-01T03:00:00+03:00"}
