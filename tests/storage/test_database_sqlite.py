"""What only the file-based books promise: one writer, whole batches, and honesty when the disk fails."""

from pathlib import Path

import pytest

from bot.domain.errors import BooksBusy
from bot.storage.database import Database


async def test_second_writer_is_told_who_holds_the_books(tmp_path: Path) -> None:
    first = Database.connect(f"sqlite:///{tmp_path}/books.db")
    second = Database.connect(f"sqlite:///{tmp_path}/books.db")
    await first.start()
    with pytest.raises(BooksBusy, match=r"in use by process [0-9]+: do it through the running bot"):
        await second.start()
    await first.close()
    await second.start()
    await second.close()
