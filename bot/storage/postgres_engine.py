"""How the driver for PostgreSQL is set up, from what the address says."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import SettingsError

POOL_SIZE = 16
POOL_SECONDS = 10.0  # waiting for a connection of the pool
CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 60.0
IDLE_IN_TRANSACTION = "30s"  # a replica that vanished lets go of its locks after that


def create_engine(url: str, *, patient: bool = False) -> AsyncEngine:
    """Options of the address: `pool_size`, `ssl` or `sslmode`, `statement_cache_size=0` behind pgbouncer.

    A patient one waits as long as a statement takes: for migrations and for proving large books.
    """
    try:
        address = make_url(url)
        query: dict[str, Any] = dict(address.query)
        pool_size = int(query.pop("pool_size", POOL_SIZE))
        cache_size = int(query.pop("statement_cache_size", 100))
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"DATABASE_URL: {error}") from error
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    try:
        return create_async_engine(
            address.set(query=query),
            pool_size=pool_size,
            max_overflow=0,
            isolation_level="READ COMMITTED",
            hide_parameters=True,  # errors reach the log, what customers typed must not
            pool_timeout=POOL_SECONDS,
            connect_args=_connect_args(cache_size, None if patient else COMMAND_SECONDS),
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            "DATABASE_URL: PostgreSQL needs the extra: pip install 'kassir[postgres]'"
        ) from error


def _connect_args(cache_size: int, command_seconds: float | None) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "timeout": CONNECT_SECONDS,
        "command_timeout": command_seconds,
        "statement_cache_size": cache_size,
        "server_settings": {"application_name": "kassir"},
    }
    if cache_size == 0:  # pgbouncer: sessions are shared, so no names that meet and no settings that stay
        arguments["prepared_statement_cache_size"] = 0
        arguments["prepared_statement_name_func"] = lambda: f"__kassir_{uuid4()}__"
    else:
        arguments["server_settings"]["idle_in_transaction_session_timeout"] = IDLE_IN_TRANSACTION
    return arguments
