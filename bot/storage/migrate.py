"""Bring the books to the layout this version knows, at start; without Alembic where nothing is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, inspect, text

from bot.storage.database import Database
from bot.storage.tx import Tx

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)
STEPS = Path(__file__).parent / "migrations"
_TIDY_NEW_STEPS = {
    "hooks": "ruff",
    "ruff.type": "exec",
    "ruff.executable": "ruff",
    "ruff.options": "format --quiet REVISION_SCRIPT_FILENAME",
}


async def migrate(database: Database) -> bool:
    """True if something was changed.

    Books that a newer version has laid out are left alone: its steps only add while this version is in use.
    """
    found, known = await database.read(layout), newest()
    if found >= known:
        if found > known:
            log.warning("books.are_newer", found=found, known=known)
        return False
    await database.alone(_upgrade)
    return True


def layout(tx: Tx) -> str:
    """The number of the last step taken on these books; empty before the first."""
    if not inspect(tx.connection).has_table("alembic_version"):
        return ""
    return tx.connection.execute(text("select version_num from alembic_version")).scalar() or ""


def newest() -> str:
    """The number of the last step there is; they sort by their names."""
    return max((step.name[:4] for step in (STEPS / "versions").glob("[0-9]*.py")), default="")


def alembic_config(connection: Connection) -> Config:
    """Alembic is heavy, so it is loaded only when there is a step to take or to write."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    for option, value in _TIDY_NEW_STEPS.items():
        config.set_section_option("post_write_hooks", option, value)
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), "head")
