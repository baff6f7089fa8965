from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.money import Money
from bot.domain.registers import Register, read_register

BISHKEK = ZoneInfo("Asia/Bishkek")
LINES = (
    "1234567\t2026-11-18\t12:01:33\t001234567892\t200.00",
    "18446744073709551616\t2026-11-18\t23:59:59\t1234567892\t50.5",
)
TOTAL = "Total:\t2\t250.50"


def read(text: str, encoding: str = "utf-8") -> Register:
    return read_register(text.encode(encoding), "KGS", BISHKEK)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_any_line_end_will_do(end: str) -> None:
    register = read(end.join([*LINES, TOTAL, ""]))
    first, second = register.lines
    assert (first.txn_id, first.account, first.amount) == ("1234567", "001234567892", Money(20000, "KGS"))
    assert first.at == datetime(2026, 11, 18, 6, 1, 33, tzinfo=UTC)
    assert (second.txn_id, second.account, second.amount.minor) == (
        "18446744073709551616",
        "1234567892",
        5050,
    )
    assert register.adds_up


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_either_encoding_will_do(encoding: str) -> None:
    assert read("\n".join([*LINES, "Итого:\t2\t250.50"]), encoding).adds_up


@pytest.mark.parametrize(
    "total", ["Total: 2 250.50", "TOTAL\t2\t250.5", " total:\t2\t250.50 ", "Total:2\t250.50"]
)
def test_last_line_is_found_however_it_is_set(total: str) -> None:
    assert read("\n".join([*LINES, total])).adds_up


@pytest.mark.parametrize("last", ["Total:\t3\t250.50", "Total:\t2\t250.51", "", "Total:"])
def test_file_that_was_cut_or_changed_does_not_add_up(last: str) -> None:
    assert not read("\n".join([*LINES, last])).adds_up


def test_day_without_payments_adds_up() -> None:
    register = read("Total:\t0\t0.00\r\n")
    assert (register.lines, register.adds_up) == ((), True)


@pytest.mark.parametrize(
    "line",
    [
        "1,84467E+19\t2026-11-18\t12:00:00\t001234567892\t200.00",
        "77\t2026-11-18\t12:00:00\t001234567892\t200,00",
        "77\t2026-11-18\t12:00:00\t001234567892\t-1",
        "77\t2026-11-18\t12:00:00\t001234567892\t1e3",
        "77\t2026-11-18\t12:00:00\t001234567892\t0.00",
        "77\t18/11/2026\t12:00:00\t001234567892\t200.00",
        "77\t2026-11-18\t12:00:00\t200.00",
        "77;2026-11-18;12:00:00;001234567892;200.00",
        "<html>",
        "\x00\x01",
    ],
)
def test_line_that_cannot_be_read_is_named(line: str) -> None:
    register = read("\n".join([LINES[0], line, "Total:\t1\t200.00"]))
    assert (len(register.lines), register.unread, register.adds_up) == (1, (2,), True)


def test_payment_that_stands_there_twice_is_named() -> None:
    assert read("\n".join([LINES[0], LINES[0]])).twice == ("1234567",)


@pytest.mark.parametrize("day", ["18.11.2026\t12:01:33", "20261118\t120133", "18.11.2026\t12:01"])
def test_days_are_written_in_several_ways(day: str) -> None:
    (line,) = read(f"77\t{day}\t001234567892\t200.00").lines
    assert line.at.astimezone(UTC).replace(second=0) == datetime(2026, 11, 18, 6, 1, tzinfo=UTC)


def test_no_bytes_make_it_fail() -> None:
    for junk in (b"", b"\xff\xfe\x00", b"\t" * 10_000, bytes(range(256))):
        read_register(junk, "KGS", BISHKEK)
