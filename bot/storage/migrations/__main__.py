"""Write the next step: `python -m bot.storage.migrations "Add promo codes"`; read it before you commit it."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import Connection

from bot.storage.database import Database
from bot.storage.migrate import alembic_config, migrate, newest


async def write_step(title: str) -> None:
    """Compare `tables.py` with books that the steps so far have made."""
    number = f"{int(newest() or 0) + 1:04}"

    def revise(connection: Connection) -> None:
        command.revision(alembic_config(connection), message=title, rev_id=number, autogenerate=True)

    with TemporaryDirectory() as folder:
        database = Database.connect(f"sqlite:///{Path(folder) / 'books.db'}")
        await database.start()
        try:
            await migrate(database)
            await database.alone(revise)
        finally:
            await database.close()


if __name__ == "__main__":
    asyncio.run(write_step(sys.argv[1]))
