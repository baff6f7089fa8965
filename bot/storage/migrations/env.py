"""Alembic runs this file; the connection, already in a transaction, comes from whoever called Alembic."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.storage.columns import Document, Moment
from bot.storage.tables import metadata


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """A step must mean the same for ever, so it names no type of ours."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Document:
        autogenerate.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
    transactional_ddl=True,
)
context.run_migrations()
