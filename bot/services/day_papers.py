"""Providers that nobody can ask: the bank's statement and networks' registers tell of their day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.domain.day_closing import DayDifference, DayState, Movement, ProviderDay, Says, totals
from bot.domain.events import EventKind
from bot.domain.invoicing import BANK
from bot.domain.money import Money
from bot.domain.registers import RegisterLine, RegisterReport
from bot.domain.statements import LineState
from bot.storage.tx import Tx

_NOT_OURS = (LineState.FOREIGN, LineState.CLEARING)
_BOOKED = (LineState.BOOKED, LineState.CONFIRMED)


def paper_of(tx: Tx, provider: str, day: date, booked: Sequence[Movement]) -> ProviderDay:
    """How the paper that somebody brought agrees with the books; unknown where nobody has."""
    ours = totals(booked)
    if provider == BANK:
        return _statement(tx, day)
    kept = next((each for each in tx.day_closings.get(day) if each.provider == provider), None)
    if kept is None or kept.state is DayState.UNKNOWN:
        return ProviderDay(provider, DayState.UNKNOWN, ours, (), len(booked), (), "no_register")
    return ProviderDay(provider, kept.state, ours, kept.theirs, len(booked), kept.differences)


def _statement(tx: Tx, day: date) -> ProviderDay:
    """By the bank's day, not by that of loading the file; what waits for a decision is what differs."""
    if not tx.statements.covers(day):
        return ProviderDay(BANK, DayState.UNKNOWN, why="no_statement")
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    lines = waiting = 0
    for state, amount, count in tx.statement_lines.of_day(day):
        if state in _NOT_OURS:
            continue
        theirs[amount.currency] += amount.minor
        lines += count
        if state in _BOOKED:
            ours[amount.currency] += amount.minor
        else:
            waiting += count
    how = DayState.DIFFERS if waiting else DayState.EQUAL
    why = "lines_wait" if waiting else ""
    return ProviderDay(BANK, how, _sums(ours), _sums(theirs), lines, (), why)


def _sums(sums: Mapping[str, int]) -> list[Money]:
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def register_days(report: RegisterReport) -> Iterator[tuple[date, ProviderDay]]:
    """What a network's register says of each of its days, by the network's clock."""
    by_day: dict[date, list[RegisterLine]] = defaultdict(list)
    for line in report.register.lines:
        by_day[line.at.date()].append(line)
    for day, lines in by_day.items():
        numbers = {line.txn_id for line in lines}
        told = [Movement(EventKind.PAID, line.txn_id, line.amount) for line in lines]
        differences = [each for each in _differences(report) if each.movement in numbers]
        if len(by_day) == 1:
            differences += _only_ours(report)
        booked = [each for each in told if each.movement not in {found.movement for found in differences}]
        booked += [Movement(each.kind, each.movement, each.ours) for each in differences if each.ours]
        state = DayState.DIFFERS if differences else DayState.EQUAL
        yield day, ProviderDay(report.network, state, totals(booked), totals(told), len(told), differences)


def _differences(report: RegisterReport) -> list[DayDifference]:
    missing = [
        DayDifference(EventKind.PAID, line.txn_id, Says.MISSING_HERE, None, line.amount)
        for line in report.only_register
    ]
    other = [
        DayDifference(EventKind.PAID, each.line.txn_id, Says.OTHER_SUM, each.booked, each.line.amount)
        for each in report.differ
    ]
    return [*missing, *other]


def _only_ours(report: RegisterReport) -> list[DayDifference]:
    return [
        DayDifference(EventKind.PAID, each.txn_id, Says.MISSING_THERE, each.amount, None)
        for each in report.only_ours
    ]
