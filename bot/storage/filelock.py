"""One process at a time may write a SQLite file: whoever holds the lock file beside it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.domain.errors import BooksBusy


class FileLock:
    """The operating system lets go of it when the process ends, however it ends."""

    def __init__(self, books: Path) -> None:
        self._books = books
        self._path = books.with_name(books.name + ".lock")
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the lock at once or say who has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise BooksBusy(
                f"{self._books} is in use by process {holder}: do it through the running bot (connectors by "
                "its API, docs/seller-api.md), or stop that process first "
                "(systemctl stop, docker stop, Ctrl+C) and try again"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._descriptor = descriptor

    def release(self) -> None:
        """The file itself stays: removing it would let two processes hold two locks."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
