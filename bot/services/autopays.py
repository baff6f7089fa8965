"""Autopays of a customer: connected, changed and deleted by his taps, each in one unit and at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain import periods
from bot.domain.autopays import (
    Agreement,
    Autopay,
    AutopayReason,
    AutopayState,
    AutopayStep,
    Interval,
)
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import STARS, Money
from bot.domain.saved_cards import SavedCard
from bot.domain.states import PaymentState
from bot.gateways.base import Method
from bot.services import notice_places
from bot.services.autopay_agreements import write
from bot.services.autopay_ending import end, let_go_of_card, pause
from bot.services.autopay_facts import facts_of
from bot.services.autopay_offers import ACCOUNT_DAYS, AutopayOffers
from bot.services.autopay_plan import AutopayPlan
from bot.services.autopay_reading import view_of
from bot.services.autopay_views import AutopayOffer, AutopayView
from bot.services.beginning import reachable_for_receipt
from bot.services.fulfilment import Fulfilment
from bot.services.orders import own_order
from bot.services.payers import own_payer
from bot.services.refunds import RefundService
from bot.services.seller_autopay import tell_autopay
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

MOST_OFFERED = 50
LONGEST_LEAD = 14
"""Days before paid-until that a connector's charge may be moved to."""
LONGEST_WAIT = timedelta(days=366)
NEEDS_CONSENT = frozenset(
    {
        AutopayReason.PRICE_CHANGED,
        AutopayReason.CARD_UNLINKED,
        AutopayReason.CARD_EXPIRED,
        AutopayReason.HARD_DECLINED,
        AutopayReason.PAYER_CHANGED,
        AutopayReason.NO_CONTACT,
    }
)
"""Paused for these it goes on only with another sum, another card or an address, agreed to anew."""


@dataclass(frozen=True, slots=True)
class _Thing:
    """What an autopay is wished for: a connector, or a payer's balance in a currency."""

    customer_id: int
    connector_id: str | None
    payer_id: int
    currency: str


class AutopayService:
    """A tap agrees to what stood on the screen: where that is not true any more, nothing is connected."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        offers: AutopayOffers,
        plan: AutopayPlan,
        fulfilment: Fulfilment,
        refunds: RefundService,
    ) -> None:
        self.database = database
        self._catalogue = catalogue
        self._offers = offers
        self._plan = plan
        self._fulfilment = fulfilment
        self._refunds = refunds

    @reading
    def offer_for_order(self, tx: Tx, customer_id: int, order_id: int, currency: str) -> AutopayOffer | None:
        """What the switch in the summary would connect; None where there is nothing to say of autopay."""
        order = own_order(tx, customer_id, order_id)
        lines = [line for line in order.lines if not line.masked]
        if len(order.lines) != 1 or not lines:
            return None
        connector = tx.connectors.get_for_customer(lines[0].connector_id, customer_id)
        if connector is None:
            return None
        until = self._fulfilment.would_last(tx, order).get(connector.id)
        interval = Interval(months=lines[0].months)
        price = order.price(currency)
        return self._offers.for_connector(
            tx, customer_id, connector, interval, currency, paid_until=until, paid_now=price
        )

    @reading
    def standing_for_order(self, tx: Tx, customer_id: int, order_id: int) -> list[AutopayView]:
        """A customer's own that stand for what an order pays for: it moves their next charges."""
        lines = [line for line in own_order(tx, customer_id, order_id).lines if not line.masked]
        found = (tx.autopays.of_connector(line.connector_id) for line in lines)
        return [view_of(tx, self._plan, each) for each in found if each and each.customer_id == customer_id]

    @reading
    def offer_for_top_up(self, tx: Tx, customer_id: int, payer_id: int, amount: Money) -> AutopayOffer:
        """What the switch in a top-up's summary would connect: that sum, every 30 days."""
        payer = own_payer(tx, customer_id, payer_id)
        return self._offers.for_account(tx, payer, amount, Interval(days=ACCOUNT_DAYS))

    @reading
    def offer_after(self, tx: Tx, customer_id: int, payment_id: int) -> AutopayOffer | None:
        """What the button of a success message would connect: what was paid then, from now on."""
        payment = tx.payments.get_for_customer(payment_id, customer_id)
        if payment is None:
            raise NotYours
        return self._offers.after(tx, payment) if payment.state is PaymentState.SUCCEEDED else None

    @reading
    def offers(self, tx: Tx, customer_id: int) -> list[AutopayOffer]:
        """What has no autopay yet and can have one, with what was paid last as the default."""
        found: list[AutopayOffer] = []
        for connector in tx.connectors.list_for_customer(customer_id, limit=MOST_OFFERED):
            usual = self._offers.usual_interval(tx, connector)
            offer = usual and self._offers.for_connector(tx, customer_id, connector, *usual)
            if offer and offer.standing is None:
                found.append(offer)
        for payer in tx.payers.of_customer(customer_id):
            for currency in tx.ledger.currencies(payer.id):
                last = tx.payments.last_top_up(payer.id, currency) if currency != STARS else None
                if last is not None and tx.autopays.of_account(payer.id, currency) is None:
                    interval = Interval(days=ACCOUNT_DAYS)
                    found.append(self._offers.for_account(tx, payer, last.amount, interval))
        return found

    @reading
    def offer(
        self,
        tx: Tx,
        customer_id: int,
        connector_id: str | None,
        payer_id: int,
        currency: str,
        *,
        interval: Interval | None = None,
        amount: Money | None = None,
    ) -> AutopayOffer:
        """The same for one thing, with another interval or sum where they are named."""
        thing = _Thing(customer_id, connector_id, payer_id, currency)
        return self._offer(tx, thing, interval, amount)

    def method_of(self, card: SavedCard) -> Method | None:
        """The method that charges this card, which says what its receipts need."""
        return self._offers.method_of(card)

    @transaction
    def connect(
        self, tx: Tx, customer_id: int, connector_id: str | None, payer_id: int, agreed: Agreement
    ) -> AutopayView:
        """In force at once. The same tap once more finds it connected."""
        tx.customers.lock_payer(payer_id)
        own_payer(tx, customer_id, payer_id)
        thing = _Thing(customer_id, connector_id, payer_id, agreed.amount.currency)
        offer = self._offer(tx, thing, agreed.interval, agreed.amount)
        if offer.standing is not None:
            return offer.standing
        self._refuse_unless_as_offered(tx, customer_id, offer, agreed)
        autopay_id = write(tx, customer_id, offer.payer_id, connector_id, agreed, state=AutopayState.ACTIVE)
        autopay = self._changed(tx, autopay_id, "connected", agreed)
        facts = {**facts_of(tx, autopay), "limit": autopay.amount}
        kind = "autopay_connected"
        notice_places.confirm(tx, customer_id, kind, key=str(autopay_id), **facts)
        tx.outbox.to_operators(kind, informs=True, customer_id=customer_id, **facts)
        return view_of(tx, self._plan, autopay)

    @reading
    def all(self, tx: Tx, customer_id: int) -> list[AutopayView]:
        """A customer's that stand, the oldest first."""
        return [view_of(tx, self._plan, each) for each in tx.autopays.of_customer(customer_id)]

    @reading
    def get(self, tx: Tx, customer_id: int, autopay_id: int) -> AutopayView:
        return view_of(tx, self._plan, _own(tx, customer_id, autopay_id))

    @reading
    def offer_of(
        self,
        tx: Tx,
        customer_id: int,
        autopay_id: int,
        interval: Interval | None = None,
        amount: Money | None = None,
    ) -> AutopayOffer:
        """What `change` would agree to: the autopay with these changes, at today's price."""
        return self._offer_of(tx, _own(tx, customer_id, autopay_id), interval, amount)

    @transaction
    def change(self, tx: Tx, customer_id: int, autopay_id: int, agreed: Agreement) -> AutopayView:
        """Another sum, interval or source: a new consent, and it charges again if it was paused."""
        autopay = self._lock(tx, customer_id, autopay_id)
        offer = self._offer_of(tx, autopay, agreed.interval, agreed.amount)
        self._refuse_unless_as_offered(tx, customer_id, offer, agreed)
        card = tx.saved_cards.get(agreed.card_id) if agreed.card_id else None
        again: dict[str, Any] = {} if autopay.is_under_way else _from_the_start()
        if autopay.connector_id is None:
            again["charge_on"] = agreed.first_on
        tx.autopays.change(
            autopay_id,
            minor=agreed.amount.minor,
            months=agreed.interval.months,
            days=agreed.interval.days,
            card_id=agreed.card_id,
            balance_first=agreed.balance_first,
            **again,
        )
        tx.autopay_consents.give(autopay_id, customer_id, agreed, card=card.masked if card else "")
        if autopay.card_id != agreed.card_id:
            let_go_of_card(tx, autopay)
        return view_of(tx, self._plan, self._changed(tx, autopay_id, "changed", agreed))

    @transaction
    def move(self, tx: Tx, customer_id: int, autopay_id: int, to: date) -> AutopayView:
        """Charge on another day: one that can still be announced, and for a connector before it runs out."""
        autopay = self._lock(tx, customer_id, autopay_id)
        first = self._plan.first_day(tx, customer_id, to, autopay.reference)
        if autopay.is_under_way or autopay.state is not AutopayState.ACTIVE:
            raise CustomerError("autopay_not_movable")
        if first != to:
            raise CustomerError("autopay_too_soon", first=first)
        moved: dict[str, Any] = {"charge_on": to}
        if autopay.connector_id is not None:
            moved = {"lead_days": self._lead_days(tx, autopay, to)}
        elif to > periods.now().date() + LONGEST_WAIT:
            raise CustomerError("autopay_too_late", last=periods.now().date() + LONGEST_WAIT)
        tx.autopays.change(autopay_id, **moved, **_from_the_start())
        tx.audit.note(customer_id, "autopay_moved", f"autopay:{autopay_id}", to=to.isoformat())
        return view_of(tx, self._plan, _own(tx, customer_id, autopay_id))

    @transaction
    def pause(self, tx: Tx, customer_id: int, autopay_id: int) -> AutopayView:
        autopay = self._lock(tx, customer_id, autopay_id)
        pause(tx, autopay, AutopayReason.CUSTOMER, tell=False)
        return view_of(tx, self._plan, _own(tx, customer_id, autopay_id))

    @transaction
    def resume(self, tx: Tx, customer_id: int, autopay_id: int) -> AutopayView:
        """Charge again on the terms that stand; where these cannot hold, they are agreed to anew."""
        autopay = self._lock(tx, customer_id, autopay_id)
        if autopay.state is AutopayState.PAUSED:
            if AutopayReason(autopay.reason) in NEEDS_CONSENT:
                raise CustomerError("autopay_needs_consent")
            tx.autopays.change(autopay_id, only_from=(AutopayState.PAUSED,), **_from_the_start())
            tx.audit.note(customer_id, "autopay_resumed", f"autopay:{autopay_id}")
        return view_of(tx, self._plan, _own(tx, customer_id, autopay_id))

    @transaction
    def delete(self, tx: Tx, customer_id: int, autopay_id: int, update_id: int | None = None) -> None:
        """No charge from this moment on; a second tap finds it deleted."""
        found = tx.autopays.get_for_customer(autopay_id, customer_id)
        if found is None:
            raise NotYours
        tx.customers.lock_payer(found.payer_id)
        autopay = tx.autopays.lock(autopay_id)
        assert autopay is not None
        if end(tx, autopay, AutopayReason.REVOKED, how="deleted", update_id=update_id, tell=False):
            tx.audit.note(customer_id, "autopay_deleted", f"autopay:{autopay_id}", update_id=update_id)
            facts = {**facts_of(tx, autopay), "reason": AutopayReason.REVOKED.value}
            tx.outbox.to_operators("autopay_ended", informs=True, customer_id=customer_id, **facts)

    @transaction
    def refuse_waiting(self, tx: Tx, customer_id: int, update_id: int | None = None) -> bool:
        """What was ticked with a payment that has not come shall not begin with it; whether there was any."""
        waiting = tx.autopays.waiting_of(customer_id)
        for autopay in waiting:
            end(tx, autopay, AutopayReason.REVOKED, how="deleted", update_id=update_id, tell=False)
        return bool(waiting)

    async def give_back(self, customer_id: int, payment_id: int) -> None:
        """Send an autopay's money back that settled nothing: it came for what had been paid meanwhile."""
        amount = await self._unneeded(customer_id, payment_id)
        await self._refunds.refund(payment_id, amount, who=customer_id, reason="autopay was not needed")

    @reading
    def _unneeded(self, tx: Tx, customer_id: int, payment_id: int) -> Money:
        payment = tx.payments.get_for_customer(payment_id, customer_id)
        if payment is None or payment.autopay_id is None:
            raise NotYours
        order = tx.orders.get(payment.order_id) if payment.order_id else None
        currency = payment.amount.currency
        if order is not None and tx.ledger.settled_for(order.id, currency):
            raise CustomerError("not_refundable")
        spare = min(tx.ledger.brought_by(payment.id, currency), tx.ledger.balance(payment.payer_id, currency))
        if spare.minor <= 0:
            raise CustomerError("not_refundable")
        return spare

    def _offer(self, tx: Tx, thing: _Thing, interval: Interval | None, amount: Money | None) -> AutopayOffer:
        if thing.connector_id is None:
            payer = own_payer(tx, thing.customer_id, thing.payer_id)
            last = tx.payments.last_top_up(thing.payer_id, thing.currency)
            least = self._catalogue.autopay.limits_for(thing.currency).least
            chosen = interval or Interval(days=ACCOUNT_DAYS)
            return self._offers.for_account(tx, payer, amount or (last.amount if last else least), chosen)
        connector = tx.connectors.get_for_customer(thing.connector_id, thing.customer_id)
        if connector is None:
            raise NotYours
        usual = self._offers.usual_interval(tx, connector)
        chosen = interval or (usual[0] if usual else Interval(months=1))
        offer = self._offers.for_connector(tx, thing.customer_id, connector, chosen, thing.currency)
        if offer is None:
            raise CustomerError("tariff_gone", title=connector.title)
        return offer

    def _offer_of(
        self, tx: Tx, autopay: Autopay, interval: Interval | None, amount: Money | None
    ) -> AutopayOffer:
        chosen, currency = interval or autopay.interval, autopay.amount.currency
        if autopay.connector_id is not None:
            thing = _Thing(autopay.customer_id, autopay.connector_id, autopay.payer_id, currency)
            return self._offer(tx, thing, chosen, None)
        payer = own_payer(tx, autopay.customer_id, autopay.payer_id)
        on = autopay.charge_on if chosen == autopay.interval else None
        return self._offers.for_account(tx, payer, amount or autopay.amount, chosen, wished_on=on)

    def _refuse_unless_as_offered(
        self, tx: Tx, customer_id: int, offer: AutopayOffer, agreed: Agreement
    ) -> None:
        """Its charges owe receipts as well, which have to go somewhere."""
        _refuse_unless_as_offered(offer, agreed)
        card = next((card for card in offer.cards if card.id == agreed.card_id), None)
        method = self.method_of(card) if card is not None else None
        if method is not None:
            reachable_for_receipt(tx, customer_id, method)

    def _lead_days(self, tx: Tx, autopay: Autopay, to: date) -> int:
        connector = tx.connectors.get(autopay.connector_id or "")
        if connector is None or connector.paid_until is None:
            raise CustomerError("autopay_not_movable")
        lead_days = (connector.paid_until - to).days
        if not 0 <= lead_days <= LONGEST_LEAD:
            last = connector.paid_until
            raise CustomerError("autopay_not_then", first=last - timedelta(days=LONGEST_LEAD), last=last)
        return lead_days

    def _lock(self, tx: Tx, customer_id: int, autopay_id: int) -> Autopay:
        found = _own(tx, customer_id, autopay_id)
        tx.customers.lock_payer(found.payer_id)
        autopay = tx.autopays.lock(autopay_id)
        assert autopay is not None
        if not autopay.stands:
            raise NotYours
        return autopay

    def _changed(self, tx: Tx, autopay_id: int, how: Any, agreed: Agreement) -> Autopay:
        """Plan it at once, so that the screen shows the day; told to the seller, kept in the audit log."""
        autopay = tx.autopays.get(autopay_id)
        assert autopay is not None
        if not autopay.is_under_way:
            self._plan.plan(tx, autopay)
            autopay = tx.autopays.get(autopay_id)
            assert autopay is not None
        tell_autopay(tx, how, autopay)
        tx.audit.note(
            autopay.customer_id,
            f"autopay_{how}",
            f"autopay:{autopay_id}",
            amount=agreed.amount,
            update_id=agreed.update_id,
        )
        return autopay


def _from_the_start() -> dict[str, Any]:
    """Active, with a new cycle that is announced anew."""
    return {
        "state": AutopayState.ACTIVE.value,
        "reason": "",
        "cycle": "",
        "announced": None,
        "announced_minor": None,
        "step": AutopayStep.PLAN.value,
        "due_at": periods.now(),
    }


def _refuse_unless_as_offered(offer: AutopayOffer, agreed: Agreement) -> None:
    """What was shown must be what is written down: sum, interval, first day and whose card."""
    if offer.refusal:
        raise CustomerError(f"autopay_{offer.refusal}", least=offer.limits.least, most=offer.limits.most)
    if agreed.card_id is None and not agreed.balance_first:
        raise CustomerError("autopay_card_needed")
    if agreed.card_id is not None and agreed.card_id not in {card.id for card in offer.cards}:
        raise CustomerError("saved_card_gone")
    if (agreed.amount, agreed.interval, agreed.first_on) != (offer.amount, offer.interval, offer.first_on):
        raise CustomerError("autopay_changed")


def _own(tx: Tx, customer_id: int, autopay_id: int) -> Autopay:
    autopay = tx.autopays.get_for_customer(autopay_id, customer_id)
    if autopay is None or not autopay.stands:
        raise NotYours
    return autopay
