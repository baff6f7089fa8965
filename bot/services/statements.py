"""Bank statements: a file is staged, its lines matched with invoices, the sure booked, the rest waits."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from bot.domain.errors import CustomerError
from bot.domain.invoicing import Invoicing
from bot.domain.statement_keys import LineKeys
from bot.domain.statements import (
    Doubt,
    KeptStatement,
    LineState,
    Remark,
    StatementHead,
    StatementLine,
    StatementReader,
    StatementReport,
)
from bot.domain.states import Role
from bot.services.bank import BankService
from bot.services.desk import DeskService
from bot.services.statement import cards as statement_cards
from bot.services.statement.facts import verdict_on, verdicts_on
from bot.services.statement.matching import Rules, Verdict
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

PART = 200
"""Lines in one unit: few enough that nobody waits behind it for 50 ms."""
AT_ONCE = 16
"""So many lines are booked side by side, each in a unit of its own: on SQLite they share a commit."""


class StatementService:
    """A process killed anywhere on the way leaves work for `settle` or for the same file, brought again."""

    def __init__(
        self,
        database: Database,
        *,
        reader: StatementReader | None,
        invoicing: Invoicing | None,
        bank: BankService,
        desk: DeskService,
    ) -> None:
        self.database = database
        self._reader = reader
        self._accounts = _accounts(invoicing)
        self._rules = Rules.of(invoicing)
        self._bank = bank
        self._desk = desk
        self._settling = asyncio.Lock()

    async def receive(self, who: int, path: Path, name: str) -> StatementReport:
        """The same for what a cashier brought."""
        self._desk.demand(who, Role.CASHIER)
        return await self.load(path, name, who)

    async def load(self, path: Path, name: str, who: int = 0) -> StatementReport:
        """Keep every line of a file once, book what is sure, and say what became of each.

        A file that is wrong in anything is refused whole, before a line of it is kept.
        """
        if self._reader is None or not self._accounts:
            raise CustomerError("statements_off")
        head = await asyncio.to_thread(self._reader.inspect, path, self._accounts)
        digest = await asyncio.to_thread(digest_of, path)
        statement = await self._begin(digest, name, head, who)
        if not statement.loaded:
            await self._stage(statement.id, _keyed(self._reader.lines(path, head)))
            await self._loaded(statement, head, who)
        await self.settle()
        return replace(await self._report(statement), remarks=head.remarks)

    async def settle(self) -> int:
        """Decide about every new line, also those that a killed process left; how many were booked."""
        async with self._settling:
            doubtful = await self._match()
            booked, refused = await self._book()
            await self._show(news=doubtful + refused > 0)
        return booked

    async def _stage(self, statement_id: int, found: Iterator[tuple[str, StatementLine]]) -> None:
        while part := await asyncio.to_thread(_next, found):
            await self._keep(statement_id, part)

    async def _match(self) -> int:
        """Write down what is to become of each new line; how many of them wait for a person."""
        after = doubtful = 0
        while part := await self._look(after):
            await self._judge(part)
            after = part[-1][0]
            doubtful += sum(not verdict.is_sure for _line, verdict in part)
        return doubtful

    async def _book(self) -> tuple[int, int]:
        """Book what is sure; how many were booked, and how many were so no longer."""
        after = 0
        counts = {True: 0, False: 0}
        while part := await self._sure(after):
            for start in range(0, len(part), AT_ONCE):
                for booked in await asyncio.gather(*map(self._book_line, part[start : start + AT_ONCE])):
                    counts[booked] += 1
            after = part[-1]
        return counts[True], counts[False]

    async def _book_line(self, line_id: int) -> bool:
        try:
            return await self._settle_line(line_id)
        except CustomerError:  # the books do not take it so; a person finds out why
            await self._refuse(line_id)
            return False

    @transaction
    def _begin(self, tx: Tx, digest: str, name: str, head: StatementHead, who: int) -> KeptStatement:
        return tx.statements.begin(digest, name, head, who)

    @transaction
    def _keep(self, tx: Tx, statement_id: int, part: Sequence[tuple[str, StatementLine]]) -> None:
        tx.statements.keep(statement_id, part)

    @transaction
    def _loaded(self, tx: Tx, statement: KeptStatement, head: StatementHead, who: int) -> None:
        """Two who bring one file at once end it once."""
        if tx.statements.loaded(statement.id):
            subject = f"statement:{statement.id}"
            tx.audit.note(who, "statement_loaded", subject)
            if count := head.remarks.get(Remark.TAKEN_BACK):
                facts: dict[str, Any] = {"file": statement.name, "count": count}
                card = tx.cards.add("statement_reversals", subject, facts)
                tx.outbox.to_operators("statement_reversals", card=card, **facts)

    @reading
    def _look(self, tx: Tx, after: int) -> list[tuple[int, Verdict]]:
        lines = tx.statement_lines.unseen(after, PART)
        verdicts = verdicts_on(tx, lines, self._rules)
        return [(line.id, verdict) for line, verdict in zip(lines, verdicts, strict=True)]

    @transaction
    def _judge(self, tx: Tx, part: Sequence[tuple[int, Verdict]]) -> None:
        tx.statement_lines.judge([_judged(line_id, verdict) for line_id, verdict in part])

    @reading
    def _sure(self, tx: Tx, after: int) -> list[int]:
        return tx.statement_lines.sure(after, PART)

    @transaction
    def _settle_line(self, tx: Tx, line_id: int) -> bool:
        """Look again, since something may have happened to the invoice, then book the line once."""
        line = tx.statement_lines.lock(line_id)
        if line is None or line.state is not LineState.NEW:
            return True
        if line.invoice_id is not None:
            tx.statement_matches.lock_payer_of(line.invoice_id)
        verdict, promise_id = verdict_on(tx, line, self._rules)
        if verdict.provider:
            self._bank.clear(tx, line, verdict.provider)
        elif verdict.invoice is None or not verdict.is_sure:
            tx.statement_lines.judge([_judged(line_id, verdict)])
            return False
        elif promise_id is not None:
            self._bank.confirm(tx, line, promise_id)
        else:
            self._bank.book_to_invoice(tx, line, verdict.invoice.id)
        return True

    @transaction
    def _refuse(self, tx: Tx, line_id: int) -> None:
        tx.statement_lines.move(
            line_id, to=LineState.WAITING, only_from=LineState.NEW, why=Doubt.REFUSED.value
        )

    @transaction
    def _show(self, tx: Tx, *, news: bool) -> None:
        statement_cards.hang(tx, news=news)

    @reading
    def _report(self, tx: Tx, statement: KeptStatement) -> StatementReport:
        return StatementReport(statement, tuple(tx.statements.groups(statement.id)), again=statement.loaded)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _judged(line_id: int, verdict: Verdict) -> tuple[int, LineState, int | None, str, str]:
    invoice_id = verdict.invoice.id if verdict.invoice else None
    if verdict.doubt is None:
        return line_id, LineState.NEW, invoice_id, verdict.provider, verdict.remark
    return line_id, LineState.WAITING, invoice_id, "", verdict.doubt.value


def _next(found: Iterator[tuple[str, StatementLine]]) -> list[tuple[str, StatementLine]]:
    return list(islice(found, PART))


def _keyed(lines: Iterable[StatementLine]) -> Iterator[tuple[str, StatementLine]]:
    keys = LineKeys()
    return ((keys.key(line), line) for line in lines)


def _accounts(invoicing: Invoicing | None) -> dict[str, str]:
    """The seller's, each with its currency."""
    return {account.number: account.currency for account in invoicing.accounts} if invoicing else {}
