"""Whatever a file holds: the right lines or a typed refusal, never anything else and nothing half."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import BadStatement
from bot.domain.statement_keys import LineKeys
from bot.domain.statements import StatementHead, StatementLine
from bot.gateways.bank import reading
from tests.gateways.bank.writing import ACCOUNTS, OURS, Transfer, camt, one_c

Write = Callable[..., str]

LETTERS = st.characters(codec="cp1251", categories=("L", "N", "P", "Zs", "Sm"))
WORDS = st.text(LETTERS, max_size=60)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(lambda day: f"{day:%d.%m.%Y}")
TRANSFERS = st.builds(
    Transfer,
    number=st.text("0123456789", min_size=1, max_size=6),
    minor=st.integers(1, 10**12),
    day=DAYS,
    name=WORDS,
    tax_number=st.sampled_from(["", "7707083893", "500100732259"]),
    account=st.text("0123456789", min_size=20, max_size=20).filter(lambda account: account != OURS),
    purpose=WORDS,
    out=st.booleans(),
)
FILES = st.lists(TRANSFERS, max_size=6)
WRITERS = pytest.mark.parametrize(
    ("write", "encodings"),
    [(one_c, ("cp1251", "utf-8", "utf-8-sig", "utf-16")), (camt, ("utf-8", "utf-8-sig", "utf-16"))],
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(content: bytes) -> tuple[StatementHead, list[StatementLine]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "statement")
        path.write_bytes(content)
        head = reading.inspect(path, ACCOUNTS)
        lines = list(reading.lines(path, head))
    assert_whole(head, lines)
    return head, lines


def assert_whole(head: StatementHead, lines: list[StatementLine]) -> None:
    """The second reading gives exactly what the first one promised, and all of it can be kept."""
    sums: dict[str, int] = {}
    for line in lines:
        assert line.account in head.accounts
        assert line.amount.minor > 0
        assert all(
            text.isprintable() for text in (line.number, line.payer_name, line.purpose, line.reference)
        )
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
    assert len(lines) == head.incoming
    assert sums == {amount.currency: amount.minor for amount in head.sums}


def read_or_refused(content: bytes) -> list[StatementLine] | None:
    try:
        return read(content)[1]
    except BadStatement as refused:
        json.dumps(refused.blanks)  # can be told
        return None


def said(text: str) -> str:
    return " ".join("".join(letter for letter in " ".join(text.split()) if letter.isprintable()).split())


@WRITERS
@given(transfers=FILES, data=st.data())
@MANY
def test_every_document_comes_back_in_any_letters(
    write: Write, encodings: tuple[str, ...], transfers: list[Transfer], data: Any
) -> None:
    text = write(*transfers)
    if data.draw(st.booleans(), label="foreign encoding told"):
        text = text.replace("Кодировка=Windows", "Кодировка=DOS")
    head, lines = read(text.encode(data.draw(st.sampled_from(encodings))))
    came = [each for each in transfers if not each.out]
    assert head.outgoing == len(transfers) - len(came)
    told = [(line.amount.minor, f"{line.booked_on:%d.%m.%Y}", line.payer_account) for line in lines]
    assert told == [(each.minor, each.day, each.account) for each in came]
    for line, each in zip(lines, came, strict=True):
        assert said(line.purpose) == said(each.purpose)


@WRITERS
def test_file_cut_at_any_place_is_refused(write: Write, encodings: tuple[str, ...]) -> None:
    """All that may be missing is what comes after the end."""
    content = write(Transfer(purpose="Оплата")).encode(encodings[0]).rstrip()
    believed = [place for place in range(len(content)) if read_or_refused(content[:place]) is not None]
    assert believed == []


@WRITERS
@given(transfers=st.lists(TRANSFERS, min_size=1, max_size=4), data=st.data())
@MANY
def test_mutations_are_read_or_refused(
    write: Write, encodings: tuple[str, ...], transfers: list[Transfer], data: Any
) -> None:
    """Pieces are thrown out, doubled or replaced by junk; what is believed still adds up."""
    content = write(*transfers).encode(data.draw(st.sampled_from(encodings)))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 60)))
        junk = st.sampled_from(
            [b"", content[start:end] * 2, b"\r\n", b"=", b"<", b"&", b"\x00", b"-1", b"\xff\xfe"]
        )
        content = content[:start] + data.draw(st.one_of(junk, st.binary(max_size=8))) + content[end:]
    read_or_refused(content)


@WRITERS
@given(transfers=st.lists(TRANSFERS, min_size=2, max_size=6), data=st.data())
@MANY
def test_whole_lines_lost_or_doubled_never_change_the_sum(
    write: Write, encodings: tuple[str, ...], transfers: list[Transfer], data: Any
) -> None:
    """The totals stand in the file as they were: a file that lost a document or has one twice is refused."""
    mark = "<Ntry>" if write is camt else "СекцияДокумент"
    first, *documents = write(*transfers).split(mark)
    tail = "</Stmt>" if write is camt else "КонецФайла"
    last, end = documents[-1].split(tail)
    documents[-1] = last
    place = data.draw(st.integers(0, len(documents) - 1))
    changed = documents[:place] + documents[place:][1:]
    if data.draw(st.booleans()):
        changed = [*documents, documents[place]]
    text = mark.join([first, *changed]) + tail + end
    assert read_or_refused(text.encode(encodings[0])) is None


@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize(
    "start", [b"", b"1CClientBankExchange\r\n", b"<?xml version='1.0'?>", b"\xef\xbb\xbf<", b"\xff\xfe"]
)
def test_junk_is_refused(start: bytes, content: bytes) -> None:
    assert not read_or_refused(start + content)


@given(transfers=st.lists(TRANSFERS, min_size=1, max_size=8))
@MANY
def test_overlapping_files_tell_the_same_keys(transfers: list[Transfer]) -> None:
    """Of a day that stands whole in both, whatever else they hold; equal transfers stay as many."""
    first, *others = transfers
    day = [each for each in [first, first, *others] if each.day == first.day]
    rest = [each for each in others if each.day != first.day]
    short, long = (keys_of(read(one_c(*each).encode("cp1251"))[1]) for each in (day, [*rest, *day]))
    assert len(set(long)) == len(long)
    assert set(short) <= set(long)


def keys_of(lines: list[StatementLine]) -> list[str]:
    keys = LineKeys()
    return [keys.key(line) for line in lines]
