"""Connectors: what a customer pays for, and how he gets hold of it."""

from __future__ import annotations

from typing import Any

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector, Payer
from bot.domain.errors import CustomerError, NotYours
from bot.domain.references import new_reference
from bot.services import seller
from bot.services.paging import Page, page_of
from bot.services.payers import own_payer
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

MOST_ADDED = 50
TITLE_LENGTH = 64


class ConnectorService:
    """Everybody sees his own connectors alone."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self._catalogue = catalogue
        self._metered, self._once = catalogue.metered, catalogue.not_renewed

    @reading
    def page(
        self, tx: Tx, customer_id: int, *, search: str = "", page: int = 0, to_pay: bool = False
    ) -> Page[Connector]:
        """Those that match the search; the ones that end first stand on top.

        `to_pay` leaves out metered ones, whose invoices come by the month, and what was paid for once.
        """
        kinds = {"without": self._metered, "once": self._once} if to_pay else {}
        total = tx.connectors.count_for_customer(customer_id, search=search, **kinds)

        def look(limit: int, offset: int) -> list[Connector]:
            return tx.connectors.list_for_customer(
                customer_id, search=search, **kinds, limit=limit, offset=offset
            )

        return page_of(look, total, page)

    @reading
    def get(self, tx: Tx, customer_id: int, connector_id: str) -> Connector:
        return own_connector(tx, customer_id, connector_id)

    @transaction
    def add(self, tx: Tx, customer_id: int, tariff_id: str, title: str) -> Connector:
        """Add a connector where the catalogue lets customers do that."""
        tariff = self._catalogue.tariff(tariff_id)
        if tariff is None or not tariff.addable:
            raise CustomerError("not_addable")
        if tx.connectors.count_for_customer(customer_id) >= MOST_ADDED:
            raise CustomerError("too_many_connectors", most=MOST_ADDED)
        connector = Connector(
            id=f"new-{new_reference()[:12]}",
            kind=tariff.kind,
            title=title.strip()[:TITLE_LENGTH],
            tariff=tariff.id,
            payer_id=tx.customers.person(customer_id),
            paid_until=None,
            anchor_day=None,
        )
        if not connector.title:
            raise CustomerError("title_missing")
        tx.connectors.add(connector)
        seller.tell_connector(tx, "added", connector.id)
        tx.outbox.to_operators(
            "connector_added",
            informs=True,
            customer_id=customer_id,
            connector_id=connector.id,
            title=connector.title,
        )
        return connector

    @reading
    def payers(self, tx: Tx, customer_id: int) -> list[Payer]:
        """Whom the customer may let pay, himself first; none before he has or pays anything."""
        return tx.payers.of_customer(customer_id)

    @transaction
    def choose_payer(self, tx: Tx, customer_id: int, connector_id: str, payer_id: int) -> Connector:
        """Let another of the customer's payers pay for it from now on; an open order keeps its payer."""
        connector = own_connector(tx, customer_id, connector_id)
        present, chosen = connector.payer_id, own_payer(tx, customer_id, payer_id).id
        assert present is not None
        if present == chosen:
            return connector
        for each in sorted((present, chosen)):
            tx.customers.lock_payer(each)
        if tx.connectors.hand_over(connector_id, present, to=chosen) is None:
            raise NotYours
        tx.audit.note(customer_id, "payer_chosen", f"connector:{connector_id}", payer=chosen)
        seller.tell_connector(tx, "changed", connector_id)
        return own_connector(tx, customer_id, connector_id)

    @transaction
    def find(self, tx: Tx, customer_id: int, words: str) -> None:
        """Ask operators to find a customer's line; they attach it by a tap."""
        customer = tx.customers.get(customer_id)
        facts: dict[str, Any] = {
            "customer_id": customer_id,
            "phone": customer.phone if customer else "",
            "words": words[:500],
        }
        card_id = tx.cards.add("find_connector", f"customer:{customer_id}", facts)
        tx.outbox.to_operators("find_connector", card=card_id, **facts)


def own_connector(tx: Tx, customer_id: int, connector_id: str) -> Connector:
    """The customer's connector; NotYours for anybody else's and for none."""
    connector = tx.connectors.get_for_customer(connector_id, customer_id)
    if connector is None:
        raise NotYours
    return connector
