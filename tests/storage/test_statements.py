"""Files of the bank on their way into the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.money import Money
from bot.domain.statements import LineState, StatementHead, StatementLine
from bot.storage.database import Database
from bot.storage.tables import statement_lines
from bot.storage.tx import Tx
from tests.services.conftest import Count
from tests.services.conftest import count as count  # noqa: PLC0414 (a fixture)

DAY = date(2026, 11, 18)


def line(number: str, minor: int = 150000, currency: str = "RUB") -> tuple[str, StatementLine]:
    return f"key-{number}", StatementLine(
        "40702810938000000001",
        DAY,
        number,
        Money(minor, currency),
        payer_name='ООО "Ромашка"',
        payer_tax_number="7707083893",
        purpose="Оплата по счету INV-2026-000123",
    )


def head(*lines: tuple[str, StatementLine]) -> StatementHead:
    total = Money(sum(each.amount.minor for _key, each in lines), "RUB")
    return StatementHead("1c", ("40702810938000000001",), DAY, DAY, len(lines), (total,))


def staged(
    tx: Tx, digest: str, *lines: tuple[str, StatementLine], loaded: bool = True, keep: int | None = None
) -> int:
    statement = tx.statements.begin(digest, f"{digest}.txt", head(*lines), 2002)
    tx.statements.keep(statement.id, lines[:keep])
    if loaded:
        tx.statements.loaded(statement.id)
    return statement.id


async def test_overlapping_files_keep_each_line_once_and_add_up(database: Database, count: Count) -> None:
    first = await database.write(lambda tx: staged(tx, "a", line("1"), line("2")))
    second = await database.write(lambda tx: staged(tx, "b", line("2"), line("3", 100)))
    assert await count(statement_lines) == 3
    groups = await database.read(lambda tx: [tx.statements.groups(each) for each in (first, second)])
    told = [[(each.told_before, each.count, each.amount.minor) for each in group] for group in groups]
    assert told == [[(False, 2, 300000)], [(False, 1, 100), (True, 1, 150000)]]


async def test_lines_wait_until_their_file_is_whole(database: Database) -> None:
    lines = (line("1"), line("2"))
    first = await database.write(lambda tx: staged(tx, "a", *lines, loaded=False, keep=1))
    assert await database.read(lambda tx: tx.statement_lines.unseen(0, 9)) == []
    again = await database.write(lambda tx: staged(tx, "a", *lines))
    assert again == first, "the same file goes on where it was left"
    found = await database.read(lambda tx: tx.statement_lines.unseen(0, 9))
    assert [each.line for each in found] == [replace(each, reference="") for _key, each in lines]


async def test_line_is_decided_once(database: Database) -> None:
    await database.write(lambda tx: staged(tx, "a", line("1"), line("2"), line("3")))
    first, second, third = await database.read(lambda tx: tx.statement_lines.unseen(0, 9))

    def judge(tx: Tx) -> None:
        wait = (LineState.WAITING, None, "", "no_number")
        tx.statement_lines.judge([(first.id, *wait), (second.id, *wait)])
        tx.statement_lines.judge([(third.id, LineState.NEW, None, "yookassa", "")])

    await database.write(judge)
    assert await database.read(lambda tx: tx.statement_lines.unseen(0, 9)) == []
    assert await database.read(lambda tx: tx.statement_lines.sure(0, 9)) == [third.id]

    def decide(tx: Tx) -> bool:
        return tx.statement_lines.move(first.id, to=LineState.FOREIGN, only_from=LineState.WAITING, by=2002)

    assert [await database.write(decide), await database.write(decide)] == [True, False]

    def place(tx: Tx) -> tuple[int, int, int]:
        lines = tx.statement_lines
        after, before = lines.waiting_beside(first.id), lines.waiting_beside(third.id, back=True)
        assert after is not None
        assert before is not None
        return lines.count_waiting(), after.id, before.id

    assert await database.read(place) == (1, second.id, second.id)
    decided = await database.read(lambda tx: tx.statement_lines.get(first.id))
    assert decided is not None
    assert (decided.state, decided.decided_by, decided.why) == (LineState.FOREIGN, 2002, "no_number")
