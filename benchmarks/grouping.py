"""50 payments a second: how often and how late the group is told of them, and whether its sums are right."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.child import Child, child
from benchmarks.providers import callback
from benchmarks.report import bar, figure, heading
from benchmarks.stand import Stand, opened
from bot.domain.money import Money
from bot.domain.references import new_reference
from tests.gateways.fake import FakeGateway
from tests.postgres import NoPostgres, running_server

A_SECOND = 50
MINUTES, MINUTES_LONG = 1, 10
EVERY = 600
"""Of so many callbacks one tells of money that bears our mark and that we do not know: five a minute."""

MOST_A_MINUTE, MOST_SECONDS = 20, 60
PATIENCE = 300
STRAY = 77_701
_ROUBLES = re.compile(r"((?:\d|(?<=\d)[\xa0\u202f ](?=\d))+)(?:,(\d\d))?[\xa0\u202f ]₽")


async def measure(stand: Stand, telegram: Child, count: int) -> None:
    bank = FakeGateway(currencies=("RUB",))
    paid = stand.fresh("uneven", count)
    strays = [callback("fake", bank.pay(new_reference(), Money(STRAY, "RUB"))) for _ in range(count // EVERY)]
    requests = list(chain.from_iterable(_with_stray(paid, strays, each) for each in range(0, count, EVERY)))
    load, cpu = await stand.measured(requests, per_second=A_SECOND)
    assert set(load.statuses) == {200}, load.statuses
    figure(f"{len(requests):,} callbacks in {load.seconds:.0f} s", f"p99 {load.wait(0.99):.0f} ms, {cpu}")
    await _until_told(stand)
    group, books = await telegram.tell("group"), await stand.till.tell("told")
    _rate(group)
    _lags(books["notices"], len(strays))
    _sums(group, books)
    rows = (await stand.till.tell("books"))["rows"]
    bar("books afterwards", f"{len(rows)} rows disagree", not rows)


async def _until_told(stand: Stand) -> None:
    for _ in range(PATIENCE):
        if not (await stand.till.tell("waiting"))["waiting"]:
            return
        await asyncio.sleep(1)
    figure("the group has not been told all after so many seconds", f"{PATIENCE}")


def _with_stray(paid: list[bytes], strays: list[bytes], first: int) -> list[bytes]:
    return [*paid[first : first + EVERY], *strays[first // EVERY : first // EVERY + 1]]


def _rate(group: dict[str, Any]) -> None:
    moments = [each["at"] for each in group["told"]]
    fullest = max(sum(first <= at < first + 60 for at in moments) for first in moments)
    told = f"{fullest} in the fullest, {len(moments)} in all; {group['turned_away']} turned away with 429"
    bar(f"messages to the group in any minute: {MOST_A_MINUTE}", told, fullest <= MOST_A_MINUTE)


def _lags(notices: list[dict[str, Any]], strays: int) -> None:
    of_all = sorted(each["seconds"] for each in notices)
    half, most = of_all[len(of_all) // 2], of_all[-1]
    folded = sum(each["folded"] for each in notices)
    figure("notices for the group", f"{len(notices):,}, {folded:,} of them folded into digests")
    bar(
        f"  told after {MOST_SECONDS} s",
        f"half after {half:.0f} s, all after {most:.0f}",
        most <= MOST_SECONDS,
    )
    cards = [each for each in notices if each["needs_person"]]
    late = max((each["seconds"] for each in cards), default=0.0)
    alone = len(cards) == strays and not any(each["folded"] for each in cards)
    told = f"{len(cards)} of {strays}, the latest after {late:.0f} s"
    bar("  what needs a person: by itself, as soon", told, alone and late <= MOST_SECONDS)


def _sums(group: dict[str, Any], books: dict[str, Any]) -> None:
    told = sum(roubles(each["text"]) for each in group["told"])
    exact = told == books["ledger"] == books["report"]
    found = (
        f"{_words(told)} told, {_words(books['ledger'])} by the ledger, {_words(books['report'])} by /today"
    )
    bar("the group's sums", found, exact)


def roubles(text: str) -> int:
    """What a message says that came, in kopecks: a digest has a sum a line, all others begin with it."""
    first, *rest = text.splitlines()
    found = (_ROUBLES.search(line) for line in (rest if first.startswith("📋") else [first]))
    return sum(_kopecks(each) for each in found if each)


def _kopecks(found: re.Match[str]) -> int:
    whole, part = found.groups()
    return int(re.sub(r"\D", "", whole)) * 100 + int(part or 0)


def _words(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def on(books: str, folder: Path, count: int) -> None:
    with child("benchmarks.strict_telegram") as telegram:
        wishes = {"module": "benchmarks.grouping_till", "telegram": telegram.port}
        with opened(books, folder, {"uneven": count}, **wishes) as stand:  # type: ignore[arg-type]  # wishes of every kind
            asyncio.run(measure(stand, telegram, count))


def run() -> None:
    minutes = MINUTES_LONG if "--long" in sys.argv else MINUTES
    count = A_SECOND * 60 * minutes
    with _folder() as folder:
        heading(f"{A_SECOND} payments a second for {minutes} min, on SQLite")
        on(f"sqlite:///{folder / 'books.db'}", folder, count)
    if "--sqlite" in sys.argv:
        return
    with suppress(NoPostgres), running_server() as server, _folder() as folder:
        server.sql("create database bench")
        heading(f"{A_SECOND} payments a second for {minutes} min, on PostgreSQL")
        on(server.url("bench"), folder, count)


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as name:
        yield Path(name)


if __name__ == "__main__":
    run()
