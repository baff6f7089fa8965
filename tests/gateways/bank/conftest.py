"""Reads what a test wrote as a file from the bank."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import BadStatement
from bot.domain.statements import StatementHead, StatementLine
from bot.gateways.bank import reading
from tests.gateways.bank.writing import ACCOUNTS

Read = Callable[[str | bytes], tuple[StatementHead, list[StatementLine]]]
Refused = Callable[[str | bytes], BadStatement]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Text is written as the bank's program would: cp1251 for 1C, UTF-8 for XML."""

    def read(content: str | bytes) -> tuple[StatementHead, list[StatementLine]]:
        path = tmp_path / "statement"
        if isinstance(content, str):
            content = content.encode("utf-8" if content.startswith("<") else "cp1251")
        path.write_bytes(content)
        head = reading.inspect(path, ACCOUNTS)
        return head, list(reading.lines(path, head))

    return read


@pytest.fixture
def refused(read: Read) -> Refused:
    def refused(content: str | bytes) -> BadStatement:
        with pytest.raises(BadStatement) as caught:
            read(content)
        return caught.value

    return refused
