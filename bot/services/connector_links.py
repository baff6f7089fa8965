"""The seller's links to connectors: one to pay for it, by anybody; one to make it one's own, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector, ConnectorLink
from bot.domain.errors import CustomerError, NotYours
from bot.domain.invoices import InvoiceState
from bot.domain.masking import masked, words_of
from bot.domain.references import fingerprint, new_reference
from bot.domain.states import UNPAID_ORDERS, LinkUse, OrderState
from bot.services import promos, seller
from bot.services.connectors import own_connector
from bot.services.invoice import moves as invoice_moves
from bot.services.offers import PeriodOffer, offers
from bot.services.vault import Vault
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

PAY_LINK_LIVES = timedelta(days=3 * 365)
PAY_LINK_HANDED_OUT = timedelta(days=365)
"""One that is good for less than this is not handed out any more: a new one is made."""
ATTACH_LINK_LIVES = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LinkedConnector:
    """What somebody who opened a pay link may pay for; of one that is not his `own` the title is masked."""

    id: str
    own: bool
    title: str
    periods: list[PeriodOffer]


class ConnectorLinkService:
    """A token is the right to pay, or to take over once; it is kept as a fingerprint alone."""

    def __init__(self, database: Database, catalogue: Catalogue, vault: Vault) -> None:
        self.database = database
        self._catalogue = catalogue
        self._vault = vault

    async def to_pay(self, connector_id: str) -> str:
        """The token of the connector's pay link; it is made the first time it is asked for."""
        return await self.known_to_pay(connector_id) or await self._made(connector_id)

    @transaction
    def to_attach(self, tx: Tx, connector_id: str) -> str:
        """The token of a new link that gives the connector to who opens it; NotYours where there is none."""
        if tx.connectors.get(connector_id) is None:
            raise NotYours
        return self._add(tx, connector_id, LinkUse.ATTACH, ATTACH_LINK_LIVES)

    @reading
    def open_to_pay(self, tx: Tx, customer_id: int, token: str) -> LinkedConnector:
        """What the link is for, masked unless it is the customer's own."""
        connector = payable(tx, token)
        own = tx.connectors.get_for_customer(connector.id, customer_id)
        if own is not None:
            return LinkedConnector(own.id, True, own.title, [])
        title = masked_title(connector, self._catalogue)
        tariff = self._catalogue.tariff(connector.tariff)
        if tariff is None or not tariff.periods:
            raise CustomerError("tariff_gone", title=title)
        if tariff.is_paid_off(connector):
            raise CustomerError("paid_once", title=title)
        return LinkedConnector(connector.id, False, title, offers([tariff]))

    @transaction
    def attach(self, tx: Tx, customer_id: int, token: str) -> Connector:
        """Make an ownerless connector the customer's own; who opens his link once more has it still."""
        link = _found(tx, token, LinkUse.ATTACH)
        own = tx.connectors.get_for_customer(link.connector_id, customer_id)
        if own is not None:
            return own
        _refuse_if_over(link)
        payer_id = tx.customers.person(customer_id)
        tx.customers.lock_payer(payer_id)
        if not tx.connector_links.use_up(link.id, customer_id):
            raise CustomerError("link_used")
        if tx.connectors.attach(link.connector_id, payer_id) is None:
            raise CustomerError("connector_taken")
        connector = tx.connectors.get(link.connector_id)
        assert connector is not None
        tx.audit.note(customer_id, "attached_by_link", f"connector:{connector.id}", link=link.id)
        seller.tell_connector(tx, "attached", connector.id)
        tx.outbox.to_operators("connector_attached", informs=True, **_facts(customer_id, connector))
        return connector

    @transaction
    def detach(self, tx: Tx, customer_id: int, connector_id: str) -> Connector:
        """Take a connector from its customer; what he had ordered for it and not paid is cancelled.

        Orders of others who came by a link stay, and so does everything that was paid.
        """
        connector = own_connector(tx, customer_id, connector_id)
        assert connector.payer_id is not None
        tx.customers.lock_payer(connector.payer_id)
        cancel_orders(tx, connector)
        if tx.connectors.detach(connector_id, connector.payer_id) is None:
            raise NotYours
        tx.audit.note(customer_id, "detached", f"connector:{connector_id}")
        seller.tell_connector(tx, "detached", connector_id)
        tx.outbox.to_operators("connector_detached", informs=True, **_facts(customer_id, connector))
        return connector

    @reading
    def known_to_pay(self, tx: Tx, connector_id: str) -> str | None:
        """The token of a pay link that was made before and is good for long yet."""
        link = tx.connector_links.to_pay(connector_id, good_until=periods.now() + PAY_LINK_HANDED_OUT)
        return self._vault.link_behind(link.reference, link.fingerprint) if link else None

    @transaction
    def _made(self, tx: Tx, connector_id: str) -> str:
        if tx.connectors.get(connector_id) is None:
            raise NotYours
        return self._add(tx, connector_id, LinkUse.PAY, PAY_LINK_LIVES)

    def _add(self, tx: Tx, connector_id: str, use: LinkUse, life: timedelta) -> str:
        reference = new_reference()
        token = self._vault.link(reference)
        tx.connector_links.add(
            connector_id,
            use,
            reference=reference,
            fingerprint=fingerprint(token),
            expires_at=periods.now() + life,
        )
        return token


def payable(tx: Tx, token: str) -> Connector:
    """The connector that this token lets anybody pay for; NotYours for a token that nobody was given."""
    link = _found(tx, token, LinkUse.PAY)
    _refuse_if_over(link)
    connector = tx.connectors.get(link.connector_id)
    assert connector is not None
    return connector


def masked_title(connector: Connector, catalogue: Catalogue) -> str:
    """The title for somebody who is not its owner: the tariff's own words stay, names and numbers do not."""
    tariff = catalogue.tariff(connector.tariff)
    said = tariff.title.by_language.values() if tariff else ()
    return masked(connector.title, [word for words in said for word in words_of(words)])


def _found(tx: Tx, token: str, use: LinkUse) -> ConnectorLink:
    link = tx.connector_links.find(fingerprint(token))
    if link is None or link.use is not use:
        raise NotYours
    return link


def _refuse_if_over(link: ConnectorLink) -> None:
    if link.is_over(periods.now()):
        raise CustomerError("link_over")


def cancel_orders(tx: Tx, connector: Connector) -> None:
    """It leaves its owner: what he had ordered for it and not paid is given up, also for late money."""
    if connector.payer_id is None:
        return
    owner = tx.customers.owner(connector.payer_id)
    for order_id in tx.orders.unpaid_with(connector.id, owner):
        for state in UNPAID_ORDERS:
            if tx.orders.move(order_id, to=OrderState.CANCELLED, only_from=state):
                promos.release(tx, order_id)
                invoice_moves.move(tx, order_id, to=InvoiceState.VOID)


def _facts(customer_id: int, connector: Connector) -> dict[str, Any]:
    return {"customer_id": customer_id, "connector_id": connector.id, "title": connector.title}
