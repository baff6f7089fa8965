"""Two small tables for tests of how units run."""

from __future__ import annotations

import time

from sqlalchemy import text

from bot.storage.tx import Tx


def create_scratch(tx: Tx) -> None:
    serial = "integer" if tx.connection.dialect.name == "sqlite" else "serial"
    tx.connection.execute(text(f"create table notes (id {serial} primary key, body text not null unique)"))
    tx.connection.execute(text("create table counter (value integer not null)"))
    tx.connection.execute(text("insert into counter values (0)"))


def add_note(tx: Tx, body: str) -> None:
    tx.connection.execute(text("insert into notes (body) values (:body)"), {"body": body})


def notes(tx: Tx) -> list[str]:
    return list(tx.connection.execute(text("select body from notes order by body")).scalars())


def bump(tx: Tx) -> None:
    tx.connection.execute(text("update counter set value = value + 1"))


def counter(tx: Tx) -> int:
    return int(tx.connection.execute(text("select value from counter")).scalar_one())


def pause(tx: Tx, seconds: float) -> None:
    """Stay in the unit; on PostgreSQL it runs on the loop, so there it is the server that waits."""
    if tx.connection.dialect.name == "sqlite":
        time.sleep(seconds)
    else:
        tx.connection.execute(text(f"select pg_sleep({seconds})"))
