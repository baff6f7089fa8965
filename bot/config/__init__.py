"""Settings, one for each line of .env.example; only commands/ and app/ read them."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError as UnparsedSettings

from bot.config.mistakes import sentences
from bot.config.settings import Settings
from bot.domain.errors import SettingsError

__all__ = ["Settings", "load_settings"]


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment, then `.env`; everything that is wrong is told at once, and no value of it."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise SettingsError("\n".join(sentences(problems))) from None
    except UnparsedSettings as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = field[1].upper() if field else "a setting"
        raise SettingsError(f'{name}: a list in it cannot be read: write ["one", "two"]') from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is not UTF-8: save it in that encoding") from None
