"""Reads a bank's file from the disk, twice: first to believe it, then for its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.domain.errors import BadStatement
from bot.domain.statements import StatementHead, StatementLine
from bot.gateways.bank import camt053, one_c
from bot.gateways.bank.encodings import beginning_of, encoding_of, plain_text
from bot.gateways.bank.one_c_sections import FIRST_LINE

MOST_BYTES = 512 * 1024 * 1024
"""A year of a busy account; what Telegram hands a bot ends at 20 MB, the command line has no such end."""

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")


def inspect(path: Path, accounts: Mapping[str, str]) -> StatementHead:
    """Believed as a whole or not at all: read to its end, about our accounts, its control totals agree.

    `accounts` are the seller's, each with its currency.
    """
    if path.stat().st_size > MOST_BYTES:
        raise BadStatement("too_large", most=MOST_BYTES // (1024 * 1024))
    beginning = beginning_of(path)
    if beginning.startswith(_ARCHIVES):
        raise BadStatement("archive")
    text = plain_text(beginning)
    if text.startswith(FIRST_LINE):
        return one_c.inspect(path, encoding_of(path), accounts)
    if text.startswith("<"):
        return camt053.inspect(path, camt053.encoding_for(encoding_of(path), text), accounts)
    raise BadStatement("not_a_statement")


def lines(path: Path, head: StatementHead) -> Iterator[StatementLine]:
    """What came in, one at a time; only of a file that `inspect` has believed."""
    accounts = dict(zip(head.accounts, head.currencies, strict=True))
    read = one_c.lines if head.format == one_c.FORMAT else camt053.lines
    return read(path, head.encoding, accounts)
