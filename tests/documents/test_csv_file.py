"""CSV files as a spreadsheet opens them."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from bot.documents.csv_file import csv_file


def test_a_spreadsheet_reads_it_back() -> None:
    file = csv_file("чеки.csv", ["Дата", "Сумма"], [["22.11.2026; «a\n»", Decimal("-1.50")], ["x", 7]])
    assert (file.name, file.media) == ("чеки.csv", "text/csv; charset=utf-8")
    assert file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(file.content.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert rows == [["Дата", "Сумма"], ["22.11.2026; «a\n»", "-1,50"], ["x", "7"]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("+7 999 123-45-67", "+7 999 123-45-67"),
        ("-1 500,00", "-1 500,00"),
        ("2026-11-22", "2026-11-22"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    text = csv_file("a.csv", ["a"], [[cell, "end"]]).content.decode("utf-8-sig")
    assert next(csv.reader([text.split("\r\n")[1]], delimiter=";"))[0] == written
