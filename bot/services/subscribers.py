"""Subscribers: whose papers the invoices section shows. One metered connector, or all that a payer has."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector, Payer
from bot.domain.errors import NotYours
from bot.services.connectors import own_connector
from bot.services.paging import Page, page_of
from bot.services.payers import own_payer
from bot.storage.database import Database, reading
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`connector` is None for all that this payer has."""

    payer: Payer
    connector: Connector | None


@dataclass(frozen=True, slots=True)
class SubscriberList:
    """What there is to choose from; `payers` have one or more each."""

    payers: list[Payer]
    found: Page[Connector]


class SubscriberService:
    """Reads, and changes nothing."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self.database = database
        self._tariffs = catalogue.metered

    @reading
    def page(self, tx: Tx, customer_id: int, *, search: str = "", page: int = 0) -> SubscriberList:
        total = tx.subscribers.count(customer_id, self._tariffs, search=search)

        def look(limit: int, offset: int) -> list[Connector]:
            return tx.subscribers.page(customer_id, self._tariffs, search=search, limit=limit, offset=offset)

        with_any = tx.subscribers.payers(customer_id, self._tariffs)
        payers = [own_payer(tx, customer_id, each) for each in with_any]
        return SubscriberList(payers, page_of(look, total, page))

    @reading
    def get(self, tx: Tx, customer_id: int, payer_id: int, connector_id: str = "") -> Subscriber:
        """The one that was chosen, by whoever pays for it now."""
        if not connector_id:
            return Subscriber(own_payer(tx, customer_id, payer_id), None)
        connector = own_connector(tx, customer_id, connector_id)
        if connector.tariff not in self._tariffs or connector.payer_id is None:
            raise NotYours
        return Subscriber(own_payer(tx, customer_id, connector.payer_id), connector)
