"""Lines out of an entry: one for each transfer that the bank names in it, else one for all of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.errors import BadAmount, BadStatement
from bot.domain.money import Money
from bot.domain.statements import StatementLine
from bot.gateways.bank.camt_parts import Entry, Facts
from bot.gateways.bank.cells import LONGEST_PURPOSE, account_number, bad_sum, clean, day, minor_units, payer

BOOKED = "BOOK"

_SIDES = ("CRDT", "DBIT")
_FULL = 140
"""A piece of the purpose of this length was cut anywhere, even inside a number."""
_MOST_PURPOSES = 50
_TAX_NUMBER = re.compile(r"[0-9A-Z]{9,14}", re.ASCII)
_NOTHING = re.compile(r"\s*(?:NOT\s*PROVIDED|NONREF|-)?\s*", re.IGNORECASE)


def lines_of(entry: Entry) -> Iterator[StatementLine]:
    """None, unless it is booked money that came in and does not undo anything."""
    booked = entry.facts.get("status", "").strip() == BOOKED
    minor = amount_of(entry.facts, entry.line)
    if not minor or not booked or not is_credit(entry) or is_reversal(entry):
        return
    amount = _money(minor, entry)
    sums = _sums(entry, amount)
    if sums is None:
        detail = _together(entry.details)
        yield _line(entry, detail, amount, _said(entry.facts, "reference") or _said(detail, "reference"))
        return
    given = Counter(_said(detail, "reference") for detail in entry.details)
    for detail, part in zip(entry.details, sums, strict=True):
        reference = _said(detail, "reference")
        yield _line(entry, detail, part, reference if given[reference] == 1 else "")


def is_credit(entry: Entry) -> bool:
    side = entry.facts.get("side", "").strip()
    if side not in _SIDES:
        raise BadStatement("bad_xml", entry.line)
    return side == "CRDT"


def is_reversal(entry: Entry) -> bool:
    return entry.facts.get("reversal", "").strip().lower() in ("true", "1")


def amount_of(facts: Facts, line: int) -> int:
    told = facts.get("amount", "")
    minor = minor_units(told, line)
    if minor < 0:
        raise bad_sum(told, line)
    return minor


def day_of(entry: Entry) -> date:
    told = entry.facts.get("day", "").strip() or entry.facts.get("value_day", "")
    return day(told, entry.line)


def _sums(entry: Entry, amount: Money) -> list[Money] | None:
    """Of each transfer of a batch; None where it is no batch, or where they do not make the whole of it."""
    if len(entry.details) < 2:
        return None
    sums = [_part(detail, amount.currency, entry.line) for detail in entry.details]
    if 0 in sums or sum(sums) != amount.minor:
        return None
    return [Money(minor, amount.currency) for minor in sums]


def _part(detail: Facts, currency: str, line: int) -> int:
    """What one transfer of a batch brought; 0 where that is not told, or told in another currency."""
    name = "amount" if detail.get("amount", "").strip() else "named_amount"
    told = detail.get(name, "").strip()
    told_in = detail.get(f"{name}_currency", currency)
    is_money = told and told_in == currency and detail.get("side", "CRDT").strip() == "CRDT"
    return max(minor_units(told, line), 0) if is_money else 0


def _together(details: Sequence[Facts]) -> Facts:
    """Whom a whole entry is from can be said of one transfer alone; the purposes of several are all kept."""
    if len(details) == 1:
        return details[0]
    purposes = (_purpose(each) for each in details[:_MOST_PURPOSES])
    return {"purpose": "; ".join(filter(None, purposes))}


def _line(entry: Entry, detail: Facts, amount: Money, reference: str) -> StatementLine:
    tax_number = _said(detail, "tax_number").upper()
    name, tax_number = payer(detail.get("name", ""), tax_number if _TAX_NUMBER.fullmatch(tax_number) else "")
    number = _said(detail, "end_to_end") or _said(detail, "instruction") or _said(entry.facts, "number")
    return StatementLine(
        account=account_number(entry.account),
        booked_on=day_of(entry),
        number=clean(number, 40),
        amount=amount,
        payer_name=name,
        payer_tax_number=tax_number,
        payer_account=account_number(detail.get("account", "")),
        purpose=clean(_purpose(detail) or entry.facts.get("purpose", ""), LONGEST_PURPOSE),
        reference=clean(reference, 80),
    )


def _purpose(detail: Facts) -> str:
    pieces = detail.get("purpose", "").split("\n")
    told = "".join(piece if len(piece) >= _FULL else f"{piece} " for piece in pieces).strip()
    reference = _said(detail, "creditor_reference")
    if reference and reference not in told:
        told = f"{told} {reference}".strip()
    return told or _said(detail, "remark")


def _said(facts: Facts, name: str) -> str:
    """ "" for the words that banks write where they have nothing to say."""
    told = facts.get(name, "").strip()
    return "" if _NOTHING.fullmatch(told) else told


def _money(minor: int, entry: Entry) -> Money:
    currency = entry.facts.get("amount_currency", "").strip()
    try:
        return Money(minor, currency)
    except BadAmount as unknown:
        raise BadStatement("bad_currency", entry.line, told=clean(currency, 8)) from unknown
