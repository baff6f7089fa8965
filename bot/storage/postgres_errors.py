"""What PostgreSQL says, in the words of this product."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.errors import StorageUnavailable

TROUBLE = (DBAPIError, PoolTimeout, OSError)
"""Everything that the driver or the network may raise."""

_LOST_RACE = ("40001", "40P01")  # serialization failure, deadlock
_ROW_IS_THERE = "23505"  # unique violation: run again, the unit finds what another one wrote meanwhile
_LOST_SERVER = ("08", "57P")  # connection, shutdown
_NO_ROOM = ("53", "55P03", "57014", "58", "XX")  # disk, memory, locks, cancelled, system, corrupted
_REFUSED = (*_LOST_RACE, "23")  # said at COMMIT, these mean that nothing stands


def connection_is_lost(error: BaseException) -> bool:
    """The connection is of no more use; before COMMIT nothing of its transaction stands."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _state(error).startswith(_LOST_SERVER)
    return isinstance(error, OSError)


def may_run_again(error: BaseException) -> bool:
    """Another try may well succeed: a race was lost, or a connection; not so after a time limit."""
    lost = connection_is_lost(error) or _state(error) in (*_LOST_RACE, _ROW_IS_THERE)
    return lost and not isinstance(error, TimeoutError)


def unavailable(error: BaseException) -> StorageUnavailable | None:
    """Trouble with the server; None where the error is the unit's own."""
    if (
        isinstance(error, PoolTimeout | TimeoutError)
        or (may_run_again(error) and _state(error) != _ROW_IS_THERE)
        or _state(error).startswith(_NO_ROOM)
    ):
        return StorageUnavailable(f"the books were not written: {str(error) or 'no answer in time'}")
    return None


def refused_at_commit(error: BaseException) -> bool:
    """The server said no, so nothing stands; if it did not say so, nobody knows."""
    return _state(error).startswith(_REFUSED)


def hide_values(error: BaseException | None) -> None:
    """The server quotes in DETAIL what customers typed; errors reach the log, that must not."""
    while error is not None:
        error.args = tuple(
            part.split("\nDETAIL:")[0] if isinstance(part, str) else part for part in error.args
        )
        if not isinstance(error, DBAPIError):
            vars(error).pop("detail", None)
        error = error.__cause__


def _state(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
