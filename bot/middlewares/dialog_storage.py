"""Where each person stands in a dialog: a file of its own, never in the way of the books."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import aiosqlite
import structlog
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from bot.domain import periods

REMEMBERED = 20_000
"""Dialogs kept in memory; a tap in one of them reads nothing."""

KEEP = timedelta(days=30)

_SCHEMA = """
create table if not exists dialogs (
    key text primary key, state text, data text not null, touched integer not null
) without rowid
"""
_SAVE = (
    "insert into dialogs (key, state, data, touched) values (?, ?, ?, ?) on conflict (key) "
    "do update set state = excluded.state, data = excluded.data, touched = excluded.touched"
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """`data` stays text, so that nobody changes it by changing what he was given."""

    state: str | None = None
    data: str = "{}"


_NOWHERE = Standing()


class DialogStorage(BaseStorage):
    """Every change is in the file when the call returns; changes that come together share one commit.

    One task alone writes, so a handler cancelled in the middle leaves nothing half done behind it.
    """

    def __init__(self, path: Path, *, remembered: int = REMEMBERED) -> None:
        self._path = path
        self._remembered = remembered
        self._cache: OrderedDict[StorageKey, Standing] = OrderedDict()
        self._unsaved: set[StorageKey] = set()
        self._being_saved: set[StorageKey] = set()
        self._connection: aiosqlite.Connection | None = None
        self._saving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the file, and clean it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = await aiosqlite.connect(self._path)
        for statement in ("pragma journal_mode = wal", "pragma synchronous = normal", _SCHEMA):
            await self._connection.execute(statement)
        await self.purge()

    async def close(self) -> None:
        if self._connection is not None:
            await self._save()
            await self._connection.close()
            self._connection = None

    async def purge(self) -> None:
        """Forget what nobody has touched for long."""
        oldest = int((periods.now() - KEEP).timestamp())
        await self._open_connection().execute("delete from dialogs where touched < ?", (oldest,))
        await self._open_connection().commit()

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._standing(key)).state

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        name = state.state if isinstance(state, State) else state
        old = await self._standing(key)
        await self._change(key, old, Standing(name, old.data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        text = (await self._standing(key)).data
        data: dict[str, Any] = json.loads(text) if text != _NOWHERE.data else {}
        return data

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        text = json.dumps(dict(data), ensure_ascii=False, separators=(",", ":")) if data else _NOWHERE.data
        old = await self._standing(key)
        await self._change(key, old, Standing(old.state, text))

    async def _standing(self, key: StorageKey) -> Standing:
        if (known := self._cache.get(key)) is not None:
            self._cache.move_to_end(key)
            return known
        query = "select state, data from dialogs where key = ?"
        rows = list(await self._open_connection().execute_fetchall(query, (_text(key),)))
        found = Standing(*rows[0]) if rows else _NOWHERE
        found = self._cache.setdefault(key, found)  # unless somebody changed it meanwhile
        self._forget_some()
        return found

    async def _change(self, key: StorageKey, old: Standing, new: Standing) -> None:
        if old != new:
            self._cache[key] = new
            self._unsaved.add(key)
            await self._save()

    async def _save(self) -> None:
        """Wait until what is unsaved now is in the file; a cancelled wait does not stop the writing."""
        if self._saving is not None:
            await asyncio.shield(self._saving)  # it may have begun before this change
        if self._saving is None and self._unsaved:
            self._saving = asyncio.create_task(self._write_unsaved())
        if self._saving is not None:
            await asyncio.shield(self._saving)

    async def _write_unsaved(self) -> None:
        self._being_saved, self._unsaved = self._unsaved, set()
        touched = int(periods.now().timestamp())
        rows = [(_text(key), *astuple(self._cache[key]), touched) for key in self._being_saved]
        connection = self._open_connection()
        try:
            await connection.executemany(_SAVE, rows)
            await connection.commit()
        except aiosqlite.Error as error:
            log.error("dialogs.not_saved", error=str(error))  # they go on in memory, and into the next write
            self._unsaved |= self._being_saved
            await connection.rollback()
        finally:
            self._being_saved = set()
            self._saving = None
            self._forget_some()

    def _forget_some(self) -> None:
        """Drop dialogs untouched for longest, but none that is still on its way into the file."""
        too_many = len(self._cache) - self._remembered
        if too_many > 0:
            saved = (key for key in self._cache if key not in self._unsaved and key not in self._being_saved)
            for key in list(islice(saved, too_many)):
                del self._cache[key]

    def _open_connection(self) -> aiosqlite.Connection:
        if self._connection is None:
            raise RuntimeError("the dialog storage is not started")
        return self._connection


def _text(key: StorageKey) -> str:
    parts = (key.bot_id, key.chat_id, key.user_id, key.thread_id, key.business_connection_id, key.destiny)
    return ":".join("" if part is None else str(part) for part in parts)
