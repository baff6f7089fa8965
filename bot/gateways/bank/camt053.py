"""camt.053, the statement of ISO 20022 (iso20022.org, camt.053.001.02 to .13, read 2026-11-18)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.domain.errors import BadStatement
from bot.domain.statements import Remark, StatementHead, StatementLine
from bot.gateways.bank.camt_lines import BOOKED, amount_of, day_of, is_credit, is_reversal, lines_of
from bot.gateways.bank.camt_parts import Account, Entry, Facts, parts
from bot.gateways.bank.cells import account_number, day, minor_units
from bot.gateways.bank.tally import Tally
from bot.gateways.bank.totals import Told

FORMAT = "camt.053"

_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""", re.ASCII)


def encoding_for(found: str, beginning: str) -> str:
    """What to make the parser believe; "" where the file's own word has to do."""
    if found.startswith("utf-"):
        return found.removesuffix("-sig")
    declared = _DECLARED.match(beginning)
    return "" if declared and declared[1].lower() not in ("utf-8", "utf8") else "windows-1251"


def inspect(path: Path, encoding: str, accounts: Mapping[str, str]) -> StatementHead:
    tally, version = Tally(accounts), FORMAT
    for part in parts(path, encoding):
        if isinstance(part, Entry):
            _count(tally, part)
        else:
            version = part.version
            _note(tally, part)
    return tally.head(version, encoding)


def lines(path: Path, encoding: str, accounts: Mapping[str, str]) -> Iterator[StatementLine]:
    for part in parts(path, encoding):
        if isinstance(part, Entry) and account_number(part.account) in accounts:
            yield from lines_of(part)


def _count(tally: Tally, entry: Entry) -> None:
    account, minor = account_number(entry.account), amount_of(entry.facts, entry.line)
    if not account:
        raise BadStatement("no_accounts")
    if entry.facts.get("status", "").strip() != BOOKED:
        tally.remarks[Remark.PENDING] += 1
        return
    tally.covers(day_of(entry))
    key = _key(tally, account, entry.facts.get("amount_currency", ""))
    move = tally.totals.came if is_credit(entry) else tally.totals.went
    move(key, minor)
    if account in tally.accounts:
        _tell(tally, entry, minor)


def _tell(tally: Tally, entry: Entry, minor: int) -> None:
    if not minor:
        tally.remarks[Remark.NO_MONEY] += 1
    elif is_reversal(entry):
        tally.remarks[Remark.TAKEN_BACK] += 1
    elif is_credit(entry):
        for line in lines_of(entry):
            tally.take(line)
    else:
        tally.went()


def _note(tally: Tally, part: Account) -> None:
    """What the bank says of the account as a whole; what is not booked yet may stand in its totals."""
    account = account_number(part.facts.get("account", ""))
    if not account:
        raise BadStatement("no_accounts")
    tally.name(account)
    for name in ("since", "until"):
        if moment := part.facts.get(name, "").strip():
            tally.covers(day(moment, part.line))
    facts = {} if tally.remarks[Remark.PENDING] else part.facts
    told = Told(
        opening=_balance(part, _OPENING),
        came=_sum(facts, "came", part.line),
        went=_sum(facts, "went", part.line),
        closing=_balance(part, _CLOSING),
        came_count=_whole(facts, "came_count"),
        went_count=_whole(facts, "went_count"),
        line=part.line,
    )
    tally.totals.tell(_key(tally, account, _currency(part)), told)


def _key(tally: Tally, account: str, currency: str) -> str:
    """An account of several currencies has totals for each."""
    usual = tally.accounts.get(account)
    return account if usual in (None, currency) or not currency else f"{account} {currency}"


def _currency(part: Account) -> str:
    told = (part.facts.get("currency", ""), *(each.get("amount_currency", "") for each in part.balances))
    return next((each.strip() for each in told if each.strip()), "")


def _balance(part: Account, codes: Sequence[str]) -> int | None:
    found = next(
        (each for code in codes for each in part.balances if each.get("code", "").strip() == code), None
    )
    if found is None:
        return None
    minor = amount_of(found, part.line)
    return minor if found.get("side", "").strip() == "CRDT" else -minor


def _sum(facts: Facts, name: str, line: int) -> int | None:
    told = facts.get(name, "").strip()
    return minor_units(told, line) if told else None


def _whole(facts: Facts, name: str) -> int | None:
    told = facts.get(name, "").strip()[:9]
    return int(told) if told.isascii() and told.isdigit() else None
