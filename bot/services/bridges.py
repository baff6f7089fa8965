"""Between an invoice and its money: the customer says that it is on its way, an operator bridges the wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.attachments import MOST_FILES, Attachment
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.invoices import OPEN_INVOICES, Invoice
from bot.domain.periods import today
from bot.domain.states import ExtensionCause, Role
from bot.services import arrears, seller
from bot.services.bank import locked_invoice
from bot.services.desk import DeskService
from bot.services.invoice.facts import facts_of
from bot.services.invoices import own_invoice
from bot.services.reports import missing_for
from bot.services.seller import Extended
from bot.storage.connectors import Bridge
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

REASON_LENGTH = 200


class BridgeService:
    """The days are lent: what pays the invoice pays for them too; where nothing comes they end."""

    def __init__(self, database: Database, catalogue: Catalogue, desk: DeskService, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._desk = desk
        self._zone = zone

    @property
    def most_days(self) -> int:
        return self._catalogue.invoicing.bridge_days if self._catalogue.invoicing else 0

    @transaction
    def say_sent(self, tx: Tx, customer_id: int, invoice_id: int, files: Sequence[Attachment] = ()) -> None:
        """Put the customer's word, and the payment order where he sent one, before the operators.

        While a card waits, only files that come later are passed on. All of it proves nothing: money counts.
        """
        invoice = own_invoice(tx, customer_id, invoice_id)
        if invoice.state not in OPEN_INVOICES:
            raise CustomerError("invoice_not_open")
        subject = f"invoice:{invoice_id}"
        is_known = tx.cards.has_open(subject)
        if is_known and not files:
            raise CustomerError("payment_sent_known")
        if not is_known:
            self._hang_card(tx, subject, invoice, files)
        for place, file in enumerate(files[:MOST_FILES], start=1):
            if is_known or place > 1:
                more: dict[str, Any] = {"number": invoice.number, "place": place, "of": len(files)}
                tx.outbox.to_operators("payment_order", file=asdict(file), **more)

    @reading
    def bridgeable(self, tx: Tx, who: int, invoice_id: int) -> Invoice:
        """The invoice whose connectors may be switched on; refused once it was paid or bridged."""
        self._desk.demand(who, Role.OPERATOR)
        invoice, _connectors = self._bridgeable(tx, invoice_id)
        return invoice

    @transaction
    def bridge(self, tx: Tx, who: int, invoice_id: int, days: int, reason: str) -> date:
        """Switch the invoice's connectors on for some days from now on; until when the longest lasts.

        What the customer's word asked for is done by it: its card closes.
        """
        self._desk.demand(who, Role.OPERATOR)
        if not 0 < days <= self.most_days:
            raise CustomerError("bridge_too_long", most=self.most_days)
        words = " ".join(reason.split())[:REASON_LENGTH]
        if not words:
            raise CustomerError("reason_missing")
        invoice, connectors = self._bridgeable(tx, invoice_id)
        for gains in {invoice.customer_id, *_owners(tx, connectors)}:
            self._desk.refuse_own_gain(who, Role.OPERATOR, gains=gains)
        moved = [self._lend(tx, connector, days, words) for connector in connectors]
        seller.tell_extended(tx, moved, cause=ExtensionCause.BRIDGE)
        for each in moved:
            arrears.end(tx, each.connector.id, "bridge")
        tx.audit.note(who, "bridged", f"invoice:{invoice_id}", days=days, reason=words)
        tx.cards.close_all(f"invoice:{invoice_id}", by=who, answer=f"bridged:{days}")
        until = max(each.until for each in moved if each.until)
        self._tell(tx, invoice, moved, days)
        return until

    def _hang_card(self, tx: Tx, subject: str, invoice: Invoice, files: Sequence[Attachment]) -> None:
        """It bears the first file; the others follow it."""
        order = tx.orders.get(invoice.order_id)
        assert order is not None
        facts = {
            **facts_of(invoice),
            "tax_number": invoice.buyer.tax_number,
            "missing": missing_for(tx, order, invoice.total.currency),
            "file": asdict(files[0]) if files else None,
            "files": len(files),
            "bridge_days": self.most_days,
        }
        card_id = tx.cards.add("payment_sent", subject, facts)
        tx.outbox.to_operators("payment_sent", card=card_id, **facts)

    def _bridgeable(self, tx: Tx, invoice_id: int) -> tuple[Invoice, list[Connector]]:
        invoice = locked_invoice(tx, invoice_id)
        connectors = [connector for connector, _months in tx.orders.connectors(invoice.order_id)]
        if invoice.state not in OPEN_INVOICES or not connectors:
            raise CustomerError("invoice_not_open")
        if any(connector.bridged_since is not None for connector in connectors):
            raise CustomerError("bridged_already")
        if tx.suspensions.running([connector.id for connector in connectors]):
            raise CustomerError("suspended_now")
        return invoice, connectors

    def _lend(self, tx: Tx, connector: Connector, days: int, reason: str) -> Extended:
        day = today(self._zone)
        start = max(connector.paid_until or day, day)
        until = start + timedelta(days=days)
        sequence = tx.connectors.extend(
            connector,
            until,
            anchor_day=connector.anchor_day,
            cause=ExtensionCause.BRIDGE,
            note=reason,
            bridge=Bridge(connector.paid_until, day),
        )
        return Extended(connector, until, sequence)

    def _tell(self, tx: Tx, invoice: Invoice, moved: Sequence[Extended], days: int) -> None:
        """Of somebody else's connector, ordered by a link or given away since, he hears no date."""
        lines = [{"title": each.connector.title, "paid_until": each.until} for each in moved]
        his = [self._told(tx, invoice, each) for each in moved]
        facts: dict[str, Any] = {**facts_of(invoice), "days": days}
        tx.outbox.to_customer(invoice.customer_id, "bridged", lines=his, **facts)
        tx.outbox.to_operators("bridged", informs=True, lines=lines, **facts)

    def _told(self, tx: Tx, invoice: Invoice, moved: Extended) -> dict[str, Any]:
        connector = moved.connector
        if tx.connectors.get_for_customer(connector.id, invoice.customer_id) is not None:
            return {"title": connector.title, "paid_until": moved.until}
        order = tx.orders.get(invoice.order_id)
        assert order is not None
        line = next(line for line in order.lines if line.connector_id == connector.id)
        return {"title": line.title, "paid_until": None}


def _owners(tx: Tx, connectors: Sequence[Connector]) -> set[int]:
    return {tx.customers.owner(each.payer_id) for each in connectors if each.payer_id is not None}
