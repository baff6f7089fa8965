"""One typesetter for a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.documents.typesetter import Typesetter


@pytest.fixture
def typesetter() -> Iterator[Typesetter]:
    setter = Typesetter()
    yield setter
    setter.close()
