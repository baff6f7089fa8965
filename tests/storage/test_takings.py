"""How the till's report is read out of the books."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event

from bot.domain.periods import now
from bot.storage.database import Database
from bot.storage.ledger import source
from bot.storage.tx import Tx


async def test_a_day_is_added_up_by_its_moments_not_by_all_that_a_provider_ever_brought(
    sqlite_database: Database,
) -> None:
    def plan(tx: Tx) -> str:
        asked: list[tuple[str, Any]] = []

        def noted(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
            asked.append((statement, values))

        tx.ledger.open(source("fake"), "RUB")
        event.listen(tx.connection.engine, "before_cursor_execute", noted)
        tx.takings.count_day(now().date(), now() - timedelta(days=1), now())
        event.remove(tx.connection.engine, "before_cursor_execute", noted)
        lines = tx.connection.exec_driver_sql(f"explain query plan {asked[-1][0]}", asked[-1][1])
        return " ".join(line[3] for line in lines)

    found = await sqlite_database.write(plan)
    assert "ix_transfers_created_at" in found
    assert "ix_transfers_from_account" not in found
