"""Taking over the seller's connectors: all of a file or nothing, and never much of it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import ImportRefused
from bot.domain.imports import DateDifference, ImportedConnector, Repeated
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.states import ExtensionCause
from bot.services import arrears, seller
from bot.services.connector_file import read_connectors
from bot.services.seller import Extended
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

PART = 200
"""Rows in one unit: few enough that nobody waits behind it for 50 ms."""
MOST_PROBLEMS = 200
GIVEN_UP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was done with a file; `differing` counts existing connectors whose date in it is another."""

    added: int
    updated: int
    differing: int
    dates_set: bool


class ImportService:
    """A file is staged, checked whole, accepted in one commit, then moved part by part.

    A process killed after the acceptance leaves work for `finish`; killed before it, nothing happened.
    """

    def __init__(self, database: Database, catalogue: Catalogue, language: str) -> None:
        self.database = database
        self._catalogue = catalogue
        self._language = language

    async def connectors(
        self, file: Path, *, set_dates: bool, tell: Callable[[DateDifference], None] = lambda _: None
    ) -> ImportReport:
        """Take over every connector of the file, or none: then ImportRefused says what to mend, by line."""
        await self.finish()
        batch = new_reference()
        await self._begin(batch, set_dates)
        try:
            count = await self._stage(batch, file)
            existing = await self._count_existing(batch)
            differing = 0
            async for difference in self._differences(batch):
                tell(difference)
                differing += 1
            await self._accept(batch)
        except BaseException:  # also when it is cancelled: nothing half staged may stay
            await self._discard(batch)
            raise
        await self._move(batch)
        return ImportReport(count - existing, existing, differing, set_dates)

    async def finish(self) -> None:
        """End what a killed process began: move what it had accepted, forget what it had not."""
        for batch in await self._accepted():
            await self._move(batch)
        for batch in await self._abandoned():
            await self._discard(batch)

    async def _stage(self, batch: str, file: Path) -> int:
        """Put every good line aside and count them; raise when there was a bad one."""
        found = read_connectors(file, self._catalogue)
        problems: list[str] = []
        count = 0
        while part := await asyncio.to_thread(_next, found):
            rows = [each for each in part if isinstance(each, ImportedConnector)]
            problems += [each for each in part if isinstance(each, str)]
            if rows:
                await self._put_aside(batch, rows)
            count += len(rows)
            if len(problems) > MOST_PROBLEMS:
                break
        for twice in await self._repeated(batch):
            problems.append(
                f'line {twice.line}: id "{twice.connector_id}" stands on line {twice.first_line} too'
            )
        if problems:
            raise ImportRefused(in_order(problems))
        if not count:
            raise ImportRefused(["line 2: there is no connector in this file"])
        return count

    async def _differences(self, batch: str) -> AsyncIterator[DateDifference]:
        line = 0
        while page := await self._page_of_differences(batch, line):
            for difference in page:
                yield difference
            line = page[-1].line

    async def _move(self, batch: str) -> None:
        while await self._move_part(batch):
            pass
        await self._discard(batch)

    async def _discard(self, batch: str) -> None:
        while await self._discard_part(batch):
            pass

    @transaction
    def _begin(self, tx: Tx, batch: str, set_dates: bool) -> None:
        tx.imports.begin(batch, set_dates=set_dates)

    @transaction
    def _put_aside(self, tx: Tx, batch: str, rows: Sequence[ImportedConnector]) -> None:
        tx.imports.stage(batch, rows)

    @reading
    def _repeated(self, tx: Tx, batch: str) -> list[Repeated]:
        return tx.imports.repeated(batch, MOST_PROBLEMS)

    @reading
    def _count_existing(self, tx: Tx, batch: str) -> int:
        return tx.imports.count_existing(batch)

    @reading
    def _page_of_differences(self, tx: Tx, batch: str, after_line: int) -> list[DateDifference]:
        return tx.imports.differences(batch, after_line=after_line, limit=PART)

    @transaction
    def _accept(self, tx: Tx, batch: str) -> None:
        tx.imports.accept(batch)

    @reading
    def _accepted(self, tx: Tx) -> list[str]:
        return tx.imports.accepted()

    @reading
    def _abandoned(self, tx: Tx) -> list[str]:
        return tx.imports.abandoned(now() - GIVEN_UP)

    @transaction
    def _move_part(self, tx: Tx, batch: str) -> bool:
        """Moved dates are told to the seller's own systems, if they listen; new connectors are not."""
        redated = tx.imports.redated(batch, PART)
        listed = redated if tx.webhooks.seller_listens else []
        before = [tx.connectors.get(each.connector_id) for each in listed]
        moved = tx.imports.move(batch, language=self._language, size=PART)
        extended = [_extended(tx, connector) for connector in before if connector is not None]
        seller.tell_extended(tx, filter(None, extended), cause=ExtensionCause.IMPORT)
        for connector_id in tx.arrears.among([each.connector_id for each in redated]):
            arrears.end(tx, connector_id, "import")
        return moved

    @transaction
    def _discard_part(self, tx: Tx, batch: str) -> bool:
        return tx.imports.discard(batch, size=PART)


def _extended(tx: Tx, before: Connector) -> Extended | None:
    now = tx.connectors.get(before.id)
    if now is None or now.paid_until is None:
        return None
    return Extended(before, now.paid_until, now.sequence)


def _next(found: Iterator[ImportedConnector | str]) -> list[ImportedConnector | str]:
    return list(islice(found, PART))


def in_order(problems: list[str]) -> list[str]:
    """By line, and no more than a person reads."""
    ordered = sorted(problems, key=lambda problem: int(problem.split(":")[0].removeprefix("line ")))
    more = len(ordered) - MOST_PROBLEMS
    return ordered if more <= 0 else [*ordered[:MOST_PROBLEMS], f"and more ({more} found so far)"]
