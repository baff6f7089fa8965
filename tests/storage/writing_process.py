"""A process that writes pairs of notes until it is killed, and tells of each pair once it was told itself."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from functools import partial

from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.storage.scratch import add_note, bump

CALLERS = 16


async def main(url: str, first: int) -> None:
    database = Database.connect(url)
    await database.start()
    numbers = itertools.count(first)

    async def caller() -> None:
        for number in numbers:
            await database.write(partial(_pair, number=number))
            os.write(1, f"{number}\n".encode())

    await asyncio.gather(*(caller() for _ in range(CALLERS)))


def _pair(tx: Tx, number: int) -> None:
    add_note(tx, f"{number} left")
    bump(tx)
    add_note(tx, f"{number} right")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
