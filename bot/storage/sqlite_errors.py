"""What SQLite says, in the words of this product."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from bot.domain.errors import CommitUnknown, StorageError, StorageUnavailable

_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
_NOTHING_WRITTEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}


def typed(error: BaseException) -> BaseException:
    """Trouble with the file becomes `StorageUnavailable`; anything else is the unit's own and stays."""
    if not isinstance(error, DBAPIError):
        return error
    if _code(error.orig) not in _TROUBLE:
        return error
    return unavailable(error.orig)


def unavailable(error: BaseException | None) -> StorageUnavailable:
    """The transaction fell, or never began."""
    named = StorageUnavailable(f"the books were not written: {error}")
    named.__cause__ = error
    return named


def at_commit(error: sqlite3.Error) -> StorageError:
    """After a failed write or sync the log may still hold the commit and bring it back at the next start."""
    if _code(error) in _NOTHING_WRITTEN:
        return unavailable(error)
    named = CommitUnknown(f"COMMIT failed, the units may or may not stand: {error}")
    named.__cause__ = error
    return named


def _code(error: BaseException | None) -> int:
    """The primary code; the detail is in the higher bits."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
