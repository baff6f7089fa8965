"""Whose a payer is, and which of a customer's payers pays for what he chose."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError, NotYours
from bot.storage.tx import Tx

MOST_PAYERS = 20


def own_payer(tx: Tx, customer_id: int, payer_id: int) -> Payer:
    """The customer's payer; NotYours for anybody else's and for none."""
    payer = tx.payers.get_for_customer(payer_id, customer_id)
    if payer is None:
        raise NotYours
    return payer


def refuse_too_many(tx: Tx, customer_id: int) -> None:
    """Before another payer is made."""
    if len(tx.payers.of_customer(customer_id)) >= MOST_PAYERS:
        raise CustomerError("too_many_payers", most=MOST_PAYERS)


def payer_for(tx: Tx, customer_id: int, connector_ids: Collection[str]) -> int:
    """The one payer of this customer's who pays for all of these connectors; himself where there is none."""
    person = tx.customers.person(customer_id)
    paying = tx.connectors.payers_of(connector_ids)
    only = paying.pop() if len(paying) == 1 else None
    if only in (None, person):
        return person
    return only if tx.payers.get_for_customer(only, customer_id) else person
