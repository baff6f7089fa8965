"""Taking over a file of charges: all of it or nothing, and never much of it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.errors import ImportRefused
from bot.domain.imports import ImportedCharge
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.services.charge_file import read_charges
from bot.services.imports import GIVEN_UP, MOST_PROBLEMS, in_order
from bot.storage.database import Database, reading, transaction
from bot.storage.imports import CHARGES
from bot.storage.tx import Tx

PART = 500
"""Rows in one unit: few enough that nobody waits behind it for 50 ms."""


@dataclass(frozen=True, slots=True)
class ChargeReport:
    """What was done with a file; `repeated` were taken before and changed nothing."""

    added: int
    repeated: int


Tell = Callable[[str, int], None]
"""Told how many rows were read or moved so far."""


class ChargeImportService:
    """A file is staged, checked whole, accepted in one commit, then moved part by part.

    A process killed after the acceptance leaves work for `finish`; killed before it, nothing happened.
    """

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone

    async def take(self, file: Path, tell: Tell = lambda *_: None) -> ChargeReport:
        """Take over every charge of the file, or none: then ImportRefused says what to mend, by line."""
        await self.finish()
        batch = new_reference()
        await self._begin(batch)
        try:
            await self._stage(batch, file, tell)
            await self._accept(batch)
        except BaseException:  # also when it is cancelled: nothing half staged may stay
            await self._discard(batch)
            raise
        return await self._move(batch, tell)

    async def finish(self) -> None:
        """End what a killed process began: move what it had accepted, forget what it had not."""
        for batch in await self._accepted():
            await self._move(batch, lambda *_: None)
        for batch in await self._abandoned():
            await self._discard(batch)

    async def _stage(self, batch: str, file: Path, tell: Tell) -> None:
        """Put every good line aside; raise when there was a bad one."""
        found = read_charges(file, self._catalogue, self._zone)
        problems: list[str] = []
        count = 0
        while part := await asyncio.to_thread(lambda: list(islice(found, PART))):
            rows = [each for each in part if isinstance(each, ImportedCharge)]
            problems += [each for each in part if isinstance(each, str)]
            if rows:
                await self._put_aside(batch, rows)
            count += len(rows)
            tell("read", count)
            if len(problems) > MOST_PROBLEMS:
                break
        problems += await self._wrong(batch)
        if problems:
            raise ImportRefused(in_order(problems))
        if not count:
            raise ImportRefused(["line 2: there is no charge in this file"])

    async def _move(self, batch: str, tell: Tell) -> ChargeReport:
        count = added = 0
        while (moved := await self._move_part(batch)) is not None:
            count, added = count + moved[0], added + moved[1]
            tell("moved", count)
        await self._discard(batch)
        return ChargeReport(added, count - added)

    async def _discard(self, batch: str) -> None:
        while await self._discard_part(batch):
            pass

    @transaction
    def _begin(self, tx: Tx, batch: str) -> None:
        tx.imports.begin(batch, kind=CHARGES)

    @transaction
    def _put_aside(self, tx: Tx, batch: str, rows: Sequence[ImportedCharge]) -> None:
        tx.charge_imports.stage(batch, rows)

    @reading
    def _wrong(self, tx: Tx, batch: str) -> list[str]:
        """What only the whole file and the books can tell."""
        staged = tx.charge_imports
        return [
            *(
                f'line {each.line}: reference "{each.connector_id}" stands on line {each.first_line} too'
                for each in staged.repeated(batch, MOST_PROBLEMS)
            ),
            *(
                f'line {line}: there is no connector "{connector}"'
                for line, connector in staged.unknown_connectors(batch, MOST_PROBLEMS)
            ),
            *(
                f'line {line}: "{reference}" was taken before, and said something else'
                for line, reference in staged.differing(batch, MOST_PROBLEMS)
            ),
        ]

    @transaction
    def _accept(self, tx: Tx, batch: str) -> None:
        tx.imports.accept(batch)

    @reading
    def _accepted(self, tx: Tx) -> list[str]:
        return tx.imports.accepted(CHARGES)

    @reading
    def _abandoned(self, tx: Tx) -> list[str]:
        return tx.imports.abandoned(now() - GIVEN_UP, CHARGES)

    @transaction
    def _move_part(self, tx: Tx, batch: str) -> tuple[int, int] | None:
        return tx.charge_imports.move(batch, PART)

    @transaction
    def _discard_part(self, tx: Tx, batch: str) -> bool:
        if tx.charge_imports.discard(batch, PART):
            return True
        tx.imports.end(batch)
        return False
