from zoneinfo import ZoneInfo

import pytest

from bot.app.registers import look_at_register
from bot.commands.register import lines_of
from bot.config import Settings
from bot.domain.errors import SettingsError
from tests.listener.street import SECRET


def settings(url: str) -> Settings:
    block = {"secret": SECRET, "currency": "KGS", "allow": ["127.0.0.1"]}
    return Settings.model_validate(
        {
            "bot_token": "1:abc",
            "secret_key": "k" * 40,
            "public_url": "https://pay.example",
            "database_url": url,
            "catalog_path": "catalog.example.toml",
            "timezone": ZoneInfo("Europe/Moscow"),
            "terminals": {"elsom": block},
        }
    )


async def test_register_is_compared_beside_the_bot(sqlite_url: str) -> None:
    content = b"77\t2026-11-18\t12:00:00\t1234567892\t200.00\noops\nTotal:\t1\t200.00\n"
    report = await look_at_register(settings(sqlite_url), "elsom", content)
    assert list(lines_of(report)) == [
        "only in the register: 77 1234567892 200.00 KGS",
        "cannot be read: line 2",
        "0 payments agree.",
    ]
    with pytest.raises(SettingsError, match="there is no network umai; there are: elsom"):
        await look_at_register(settings(sqlite_url), "umai", content)
