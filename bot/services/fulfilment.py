"""An order that has its money: the price leaves the balance and every connector's date moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.invoices import UNPAID, InvoiceState
from bot.domain.money import Money, zero
from bot.domain.orders import Order
from bot.domain.periods import add_months, today
from bot.domain.states import ExtensionCause, OrderState, TransferReason
from bot.services import arrears, promos, seller
from bot.services.invoice import moves as invoice_moves
from bot.services.made_to_order import work_cards
from bot.services.receipts import offsets
from bot.services.receipts.letters import mail_receipt_of_order
from bot.services.seller import Extended
from bot.storage.ledger import REVENUE, Because
from bot.storage.tx import Tx


class Fulfilment:
    """What settling an order changes, always in the unit of whoever brought or used the money."""

    def __init__(self, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self._catalogue = catalogue
        self._zone = zone

    def settle(self, tx: Tx, order: Order, price: Money, *, new: Money) -> list[dict[str, Any]] | None:
        """Take the price from the balance and move every date; None if the order changed meanwhile.

        `new` is what has just come for it: the rest of the price was paid in before, and is offset.
        """
        made = self._made_to_order(tx, order)
        if not tx.orders.settled(order, price, to=OrderState.PAID if made else OrderState.FULFILLED):
            return None
        if made is not None:
            work_cards.open_work(tx, order, made, price)
        if price:
            tx.ledger.debit(
                order.payer_id,
                price,
                taker=REVENUE,
                reason=TransferReason.SETTLED,
                because=Because(order_id=order.id),
            )
        if order.promo_code:
            promos.use(tx, order)
        if order.invoice:
            invoice_moves.move(tx, order.id, to=InvoiceState.PAID, only_from=UNPAID)
        if new < price:
            offsets.owe(tx, order, price - new)
        moved = [self._extend(tx, order, *line) for line in tx.orders.connectors(order.id)]
        seller.tell_settled(tx, order, price, moved)
        restored = {each.connector.id for each in moved if arrears.end(tx, each.connector.id, "paid")}
        told = [_told(tx, order, each, restored=each.connector.id in restored) for each in moved]
        return [{**line, "made": True} for line in told] if made else told

    def settle_from_balance(self, tx: Tx, order: Order, price: Money, balance: Money) -> None:
        """Use money that came before, or none where nothing is to pay, and tell everybody."""
        lines = self.settle(tx, order, price, new=zero(price.currency))
        if lines is None:
            raise CustomerError("order_not_open")  # given up, or run out, just now
        facts: dict[str, Any] = {
            "customer_id": order.customer_id,
            "order_id": order.id,
            "amount": price,
            "method": "balance",
            "lines": lines,
        }
        mail_receipt_of_order(tx, order, price)
        switching = tx.webhooks.seller_listens
        tx.outbox.to_customer(order.customer_id, "paid", rest=balance - price, switching=switching, **facts)
        tx.outbox.to_operators("paid_new", informs=True, titles=order.titles, **facts)

    def _made_to_order(self, tx: Tx, order: Order) -> Tariff | None:
        """What work begins for with its money, so that the order is fulfilled when that is done.

        What was made and paid for before is only renewed.
        """
        tariffs = (
            self._catalogue.tariff(line.tariff)
            for line in order.lines
            if tx.orders.last_period(line.connector_id) is None
        )
        return next((each for each in tariffs if each is not None and each.made_to_order is not None), None)

    def would_last(self, tx: Tx, order: Order) -> dict[str, date]:
        """Until when each connector would be paid if the order were settled today; of others' nothing."""
        return {
            connector.id: self._would_last(tx, connector, line.months)[0]
            for line in order.lines
            if (connector := tx.connectors.get_for_customer(line.connector_id, order.customer_id))
        }

    def _would_last(self, tx: Tx, connector: Connector, months: int) -> tuple[date, int]:
        return extended(connector, months, arrears.period_begins(tx, connector, today(self._zone)))

    def _extend(self, tx: Tx, order: Order, connector: Connector, months: int) -> Extended:
        until, anchor = self._would_last(tx, connector, months)
        sequence = tx.connectors.extend(
            connector, until, anchor_day=anchor, cause=ExtensionCause.ORDER, order_id=order.id
        )
        return Extended(connector, until, sequence, months)


def _told(tx: Tx, order: Order, moved: Extended, *, restored: bool) -> dict[str, Any]:
    """What the payer hears of it; of somebody else's connector he hears no date, its owner does.

    `restored` is said where the money also ended its arrears.
    """
    connector, months = moved.connector, moved.months
    line = next(line for line in order.lines if line.connector_id == connector.id)
    told: dict[str, Any] = {"title": connector.title, "months": months, "paid_until": moved.until}
    if restored:
        told["restored"] = True
    if not line.masked and not _is_anothers(tx, order, connector):
        return told
    if connector.payer_id is not None:
        tx.outbox.to_customer(tx.customers.owner(connector.payer_id), "paid_by_other", lines=[told])
    return {"title": line.title, "months": months, "paid_until": None}


def _is_anothers(tx: Tx, order: Order, connector: Connector) -> bool:
    """Whether the line has changed hands since it was ordered."""
    if connector.payer_id in (order.payer_id, None):
        return False
    return tx.payers.get_for_customer(connector.payer_id, order.customer_id) is None


def extended(connector: Connector, months: int, on: date) -> tuple[date, int]:
    """The new paid-until and its anchor day: a line that ran out starts anew from that day.

    Days that an operator bridged until the money came are a part of what it pays for.
    """
    if connector.bridged_since is not None:
        return _after_bridge(connector, connector.bridged_since, months, on)
    if connector.paid_until is None or connector.paid_until < on:
        return add_months(on, months), on.day
    anchor = connector.anchor_day or connector.paid_until.day
    return add_months(connector.paid_until, months, anchor), anchor


def _after_bridge(connector: Connector, since: date, months: int, on: date) -> tuple[date, int]:
    """As if it had been paid when it was bridged; where the bridge has ended, less the days it lasted."""
    before = replace(connector, paid_until=connector.bridged_from, bridged_since=None)
    bridged_until = connector.paid_until or since
    if bridged_until >= on:
        return extended(before, months, since)
    start = connector.bridged_from if connector.bridged_from and connector.bridged_from > since else since
    return extended(replace(before, paid_until=None), months, on - (bridged_until - start))
