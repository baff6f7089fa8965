"""The method a customer presses for a bank transfer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.invoicing import BANK, BY_TRANSFER
from bot.gateways.base import Method, Way


def offered(currencies: Sequence[str]) -> tuple[Method, ...]:
    """None where the seller has no account to pay to. Refunds go by hand, to the payer's own account."""
    if not currencies:
        return ()
    invoice = Method(
        BY_TRANSFER, BANK, tuple(currencies), way=Way.TRANSFER, tops_up=False, refunds=False, asks=False
    )
    return (invoice,)
