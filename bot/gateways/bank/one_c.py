"""1CClientBankExchange (v8.1c.ru, «Стандарт обмена с системами Клиент банка», read 2026-11-18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from bot.domain.money import Money
from bot.domain.statements import Remark, StatementHead, StatementLine
from bot.gateways.bank.cells import LONGEST_PURPOSE, account_number, bad_sum, clean, day, minor_units, payer
from bot.gateways.bank.one_c_sections import ACCOUNT, DOCUMENT, PURPOSE, PURPOSE_PIECES, Section, sections
from bot.gateways.bank.tally import Tally
from bot.gateways.bank.totals import Told

FORMAT = "1c"

_NARROWEST = 20
"""Pieces of the purpose that are all narrower end where a line of it ended, not where it was cut."""


def inspect(path: Path, encoding: str, accounts: Mapping[str, str]) -> StatementHead:
    tally = Tally(accounts)
    for section in sections(path, encoding):
        if section.kind == DOCUMENT:
            _count(tally, section)
        else:
            _note(tally, section)
    return tally.head(FORMAT, encoding)


def lines(path: Path, encoding: str, accounts: Mapping[str, str]) -> Iterator[StatementLine]:
    """Transfers that have arrived on one of the accounts, at the day of arrival."""
    for section in sections(path, encoding):
        if section.kind == DOCUMENT and (
            line := _incoming(section, _amount(section), _came_to(section), accounts)
        ):
            yield line


def _note(tally: Tally, section: Section) -> None:
    """A header or a section of an account."""
    account = account_number(section.first("РасчСчет"))
    if account:
        tally.name(account)
    for name in ("ДатаНачала", "ДатаКонца"):
        if told := section.first(name):
            tally.covers(day(told, section.line))
    if section.kind == ACCOUNT:
        names = ("НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток")
        opening, came, went, closing = (_sum(section, name) for name in names)
        tally.totals.tell(account, Told(opening, came, went, closing, line=section.line))


def _count(tally: Tally, section: Section) -> None:
    minor, came_to, went_from = _amount(section), _came_to(section), _went_from(section)
    for account in came_to:
        tally.totals.came(account, minor)
    for account in went_from:
        tally.totals.went(account, minor)
    line = _incoming(section, minor, came_to, tally.accounts)
    if line is not None:
        tally.take(line)
    elif not (came_to | went_from).isdisjoint(tally.accounts):
        if minor:
            tally.went()
        else:
            tally.remarks[Remark.NO_MONEY] += 1


def _incoming(
    section: Section, minor: int, came_to: Set[str], accounts: Mapping[str, str]
) -> StatementLine | None:
    account = min(came_to & accounts.keys(), default="")
    if not account or not minor:
        return None
    name, tax_number = payer(section.first("Плательщик", "Плательщик1"), section.first("ПлательщикИНН"))
    return StatementLine(
        account=account,
        booked_on=day(section.first("ДатаПоступило"), section.line),
        number=clean(section.first("Номер"), 40),
        amount=Money(minor, accounts[account]),
        payer_name=name,
        payer_tax_number=tax_number,
        payer_account=account_number(section.first("ПлательщикСчет", "ПлательщикРасчСчет")),
        purpose=clean(_purpose(section), LONGEST_PURPOSE),
    )


def _came_to(section: Section) -> Set[str]:
    """Of whom it arrived at; nobody, while the day of arrival is empty."""
    return _accounts(section, "Получатель") if section.first("ДатаПоступило") else frozenset()


def _went_from(section: Section) -> Set[str]:
    return _accounts(section, "Плательщик") if section.first("ДатаСписано") else frozenset()


def _accounts(section: Section, side: str) -> Set[str]:
    told = (section.first(f"{side}Счет"), section.first(f"{side}РасчСчет"))
    return {account_number(each) for each in told if each}


def _amount(section: Section) -> int:
    minor = _sum(section, "Сумма")
    if minor is None or minor < 0:
        raise bad_sum(section.first("Сумма"), section.line)
    return minor


def _sum(section: Section, name: str) -> int | None:
    told = section.first(name)
    return minor_units(told, section.line) if told else None


def _purpose(section: Section) -> str:
    """Where it stands in pieces, full ones were cut anywhere, even inside a number."""
    if whole := section.first(PURPOSE):
        return whole
    pieces = [section.fields.get(name, "") for name in PURPOSE_PIECES]
    width = max(map(len, pieces))
    return "".join(piece if len(piece) == width >= _NARROWEST else f"{piece} " for piece in pieces)
