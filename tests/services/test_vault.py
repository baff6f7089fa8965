from __future__ import annotations

import pytest

from bot.services.vault import Vault

NEW, OLD = "new " * 10, "old " * 10


def test_what_was_sealed_can_be_read_after_the_key_was_changed() -> None:
    sealed = Vault(OLD).seal(b"a callback")
    assert b"callback" not in sealed
    assert Vault(NEW, OLD).unseal(sealed) == b"a callback"


def test_nothing_is_read_without_its_key() -> None:
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        Vault(NEW).unseal(Vault(OLD).seal(b"a callback"))
