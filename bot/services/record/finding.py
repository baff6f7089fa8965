"""What operators may mean by what they type: numbers first, each by its own road, then words of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from bot.domain.customers import Customer
from bot.domain.invoices import invoice_number
from bot.domain.payment_codes import BadCode, read_code
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.records import RecordKind
from bot.domain.search_words import Wanted, wanted
from bot.storage.search import Hit
from bot.storage.tx import Tx

MOST_FOUND = 40
"""Whoever gets so many writes more of a name."""
LONGEST_NUMBER = 15
LONGEST_PLACE = 6
"""The last digits of an invoice's number."""
YEARS_BACK = 6
"""For how long invoices are asked for by their last digits."""

_INVOICE = re.compile(r"(?:INV[\s-]*)?(20\d\d)\s*-\s*(\d{1,6})", re.IGNORECASE | re.ASCII)
_THEIRS = re.compile(r"[\w.:/+=-]{3,80}", re.ASCII)
_REFERENCE = re.compile(r"[a-z2-7]{6,26}|\d{6,18}", re.ASCII)


def hits(tx: Tx, asked: Wanted) -> list[Hit]:
    """Everything that may be meant, the surest first; one more than is shown where there is more."""
    if not asked.text:
        return []
    named = _INVOICE.fullmatch(asked.text)
    if named is not None and (found := _invoices(tx, [invoice_number(int(named[1]), int(named[2]))])):
        return found
    ways = chain(_numbered(tx, asked), _told_by_providers(tx, asked), _worded(tx, asked))
    found = list(islice(dict.fromkeys(ways), MOST_FOUND + 1))
    return found or list(_by_the_end(tx, asked))


def payments_meant(tx: Tx, words: str, limit: int) -> list[Payment]:
    """By our number, by its provider's or by our reference; the surest first."""
    asked = wanted(words)
    if not asked.text:
        return []
    ways = [*_our_payment(tx, asked), *_told_by_providers(tx, asked)] or _by_the_end(tx, asked)
    found = (tx.payments.get(int(text_id)) for _kind, text_id in dict.fromkeys(ways))
    return [payment for payment in islice(found, limit) if payment is not None]


def customers_meant(tx: Tx, words: str, limit: int) -> list[Customer]:
    """Whoever may be meant himself, or by what is his; a payment speaks of nobody but itself."""
    behind = (_customer_behind(tx, kind, text_id) for kind, text_id in hits(tx, wanted(words)))
    people = (tx.customers.get(who) for who in dict.fromkeys(behind) if who is not None)
    return list(islice(filter(None, people), limit))


def _customer_behind(tx: Tx, kind: RecordKind, text_id: str) -> int | None:
    match kind:
        case RecordKind.CUSTOMER:
            return int(text_id)
        case RecordKind.PAYER:
            return _owner(tx, int(text_id))
        case RecordKind.CONNECTOR:
            connector = tx.connectors.get(text_id)
            return _owner(tx, connector.payer_id) if connector and connector.payer_id else None
        case RecordKind.INVOICE:
            invoice = tx.invoices.get(int(text_id))
            return invoice.customer_id if invoice else None
    return None


def _owner(tx: Tx, payer_id: int) -> int | None:
    payer = tx.payers.get(payer_id)
    return payer.customer_id if payer else None


def _numbered(tx: Tx, asked: Wanted) -> Iterator[Hit]:
    """Ours: codes, tax numbers, invoices, payments, orders, chats; and the seller's connectors."""
    if tx.connectors.get(asked.text) is not None:
        yield RecordKind.CONNECTOR, asked.text
    if asked.digits:
        yield from _payers(tx, asked.digits)
    if asked.digits and len(asked.digits) <= LONGEST_PLACE:
        years = range(now().year, now().year - YEARS_BACK, -1)
        yield from _invoices(tx, [invoice_number(year, int(asked.digits)) for year in years])
    yield from _our_payment(tx, asked)
    if asked.digits and len(asked.digits) <= LONGEST_NUMBER:
        customer = tx.customers.get(int(asked.digits))
        if customer is not None:
            yield RecordKind.CUSTOMER, str(customer.id)


def _our_payment(tx: Tx, asked: Wanted) -> Iterator[Hit]:
    if asked.digits and len(asked.digits) <= LONGEST_NUMBER:
        payment = tx.payments.get(int(asked.digits))
        if payment is not None:
            yield RecordKind.PAYMENT, str(payment.id)


def _payers(tx: Tx, digits: str) -> Iterator[Hit]:
    try:
        payer = tx.payers.by_code(read_code(digits))
    except BadCode:
        payer = None
    if payer is not None:
        yield RecordKind.PAYER, str(payer.id)
    if digits.strip("0"):
        for payer_id in tx.search.payers_taxed(digits, MOST_FOUND):
            yield RecordKind.PAYER, str(payer_id)


def _invoices(tx: Tx, numbers: list[str]) -> list[Hit]:
    return [(RecordKind.INVOICE, str(invoice_id)) for invoice_id in tx.search.invoices(numbers)]


def _told_by_providers(tx: Tx, asked: Wanted) -> Iterator[Hit]:
    numbers = tx.search.payments(asked.text, MOST_FOUND) if _THEIRS.fullmatch(asked.text) else []
    if _REFERENCE.fullmatch(asked.text.lower()):
        numbers += tx.search.payments_beginning(asked.text.lower(), MOST_FOUND)
    for number in numbers:
        yield RecordKind.PAYMENT, str(number)


def _worded(tx: Tx, asked: Wanted) -> Iterator[Hit]:
    yield from tx.search.beginning(asked.beginnings, MOST_FOUND + 1)
    yield from tx.search.named(asked.words, MOST_FOUND + 1)


def _by_the_end(tx: Tx, asked: Wanted) -> Iterator[Hit]:
    """What banks cut off at the front; asked for last, for it takes the longest."""
    if _REFERENCE.fullmatch(asked.text.lower()):
        for number in tx.search.payments_ending(asked.text.lower(), MOST_FOUND):
            yield RecordKind.PAYMENT, str(number)
