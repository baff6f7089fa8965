"""Whose a payer is, and which of a customer's payers pays for what he chose."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.customers import Payer
from bot.domain.errors import NotYours
from bot.storage.tx import Tx


def own_payer(tx: Tx, customer_id: int, payer_id: int) -> Payer:
    """The customer's payer; NotYours for anybody else's and for none."""
    payer = tx.payers.get_for_customer(payer_id, customer_id)
    if payer is None:
        raise NotYours
    return payer


def payer_for(tx: Tx, customer_id: int, connector_ids: Collection[str]) -> int:
    """The one payer of this customer's who pays for all of these connectors; himself where there is none."""
    person = tx.customers.person(customer_id)
    paying = tx.connectors.payers_of(connector_ids)
    only = paying.pop() if len(paying) == 1 else None
    if only in (None, person):
        return person
    return only if tx.payers.get_for_customer(only, customer_id) else person
