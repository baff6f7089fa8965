"""Fiscal receipts (54-FZ): the provider makes them; here is what it says became of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FiscalState(StrEnum):
    NONE = "none"
    """The provider makes none for this payment."""
    PENDING = "pending"
    REGISTERED = "registered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FiscalReceipt:
    """`number` is what the tax office finds it by, `url` where it can be looked at; else ""."""

    state: FiscalState
    number: str = ""
    url: str = ""
