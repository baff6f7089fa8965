"""The method a customer presses for a bank transfer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.gateways.base import Method, Way

PROVIDER = "bank"
INVOICE = "invoice"


def offered(currencies: Sequence[str]) -> tuple[Method, ...]:
    """None where the seller has no account to pay to. Refunds go by hand, to the payer's own account."""
    if not currencies:
        return ()
    invoice = Method(
        INVOICE, PROVIDER, tuple(currencies), way=Way.TRANSFER, tops_up=False, refunds=False, asks=False
    )
    return (invoice,)
