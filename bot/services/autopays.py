"""Autopays of a customer: connected, changed and deleted by his taps, each in one unit and at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain import periods
from bot.domain.autopays import (
    NEEDS_CONSENT,
    Agreement,
    Autopay,
    AutopayReason,
    AutopayState,
    AutopayStep,
    Interval,
)
from bot.domain.errors import CustomerError, NotYours
from bot.domain.money import Money
from bot.domain.saved_cards import SavedCard
from bot.gateways.base import Method
from bot.services import notice_places, unneeded_charges
from bot.services.autopay.agreements import write
from bot.services.autopay.choice import AutopayChoice, Target
from bot.services.autopay.ending import end, let_go_of_card, pause
from bot.services.autopay.facts import facts_of
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.reading import ended_lately, view_of
from bot.services.autopay.views import AutopayOffer, AutopayView
from bot.services.blocked import refuse_blocked
from bot.services.orders import own_order
from bot.services.payers import own_payer
from bot.services.refunds import RefundService
from bot.services.seller_autopay import Change, tell_autopay
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LONGEST_LEAD = 14
"""Days before paid-until that a connector's charge may be moved to."""
LONGEST_WAIT = timedelta(days=366)


class AutopayService:
    """A tap agrees to what stood on the screen: where that is not true any more, nothing is connected."""

    def __init__(
        self, database: Database, *, choice: AutopayChoice, plan: AutopayPlan, refunds: RefundService
    ) -> None:
        self.database = database
        self._choice = choice
        self._plan = plan
        self._refunds = refunds

    @reading
    def offer_for_order(self, tx: Tx, customer_id: int, order_id: int, currency: str) -> AutopayOffer | None:
        """What the switch in the summary would connect; None where there is nothing to say of autopay."""
        return self._choice.for_order(tx, customer_id, order_id, currency)

    @reading
    def standing_for_order(self, tx: Tx, customer_id: int, order_id: int) -> list[AutopayView]:
        """A customer's own that stand for what an order pays for: it moves their next charges."""
        lines = [line for line in own_order(tx, customer_id, order_id).lines if not line.masked]
        found = (tx.autopays.of_connector(line.connector_id) for line in lines)
        return [view_of(tx, self._plan, each) for each in found if each and each.customer_id == customer_id]

    @reading
    def offer_for_top_up(self, tx: Tx, customer_id: int, payer_id: int, amount: Money) -> AutopayOffer:
        """What the switch in a top-up's summary would connect: that sum, every 30 days."""
        return self._choice.for_top_up(tx, customer_id, payer_id, amount)

    @reading
    def offer_after(self, tx: Tx, customer_id: int, payment_id: int) -> AutopayOffer | None:
        """What the button of a success message would connect: what was paid then, from now on."""
        return self._choice.after(tx, customer_id, payment_id)

    @reading
    def offers(self, tx: Tx, customer_id: int) -> list[AutopayOffer]:
        """What has no autopay yet and can have one, with what was paid last as the default."""
        return self._choice.every(tx, customer_id)

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
        target = Target(customer_id, connector_id, payer_id, currency)
        return self._choice.of_target(tx, target, interval, amount)

    def method_of(self, card: SavedCard) -> Method | None:
        """The method that charges this card, which says what its receipts need."""
        return self._choice.method_of(card)

    @transaction
    def connect(
        self, tx: Tx, customer_id: int, connector_id: str | None, payer_id: int, agreed: Agreement
    ) -> AutopayView:
        """In force at once. The same tap once more finds it connected."""
        tx.customers.lock_payer(payer_id)
        own_payer(tx, customer_id, payer_id)
        target = Target(customer_id, connector_id, payer_id, agreed.amount.currency)
        offer = self._choice.of_target(tx, target, agreed.interval, agreed.amount)
        if offer.standing is not None:
            return offer.standing
        self._choice.refuse_unless_as_offered(tx, customer_id, offer, agreed)
        _end_the_former_payers(tx, connector_id)
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
    def ended(self, tx: Tx, customer_id: int) -> list[AutopayView]:
        """The last one for each thing that has none now, with why it ended."""
        return ended_lately(tx, self._plan, customer_id)

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
        return self._choice.of_standing(tx, _own(tx, customer_id, autopay_id), interval, amount)

    @transaction
    def change(self, tx: Tx, customer_id: int, autopay_id: int, agreed: Agreement) -> AutopayView:
        """Another sum, interval or source: a new consent, and it charges again if it was paused."""
        autopay = self._lock(tx, customer_id, autopay_id)
        offer = self._choice.of_standing(tx, autopay, agreed.interval, agreed.amount)
        self._choice.refuse_unless_as_offered(tx, customer_id, offer, agreed)
        card = tx.saved_cards.get(agreed.card_id) if agreed.card_id else None
        again = _from_the_start()
        if autopay.is_under_way:  # whatever is made after this call is announced as it was agreed to now
            again = {"announced": None, "announced_minor": None}
        if autopay.connector_id is None:
            again["charge_on"] = agreed.first_on
        tx.autopays.change(
            autopay_id,
            payer_id=offer.payer_id,
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
        refuse_blocked(tx, customer_id)
        autopay = self._lock(tx, customer_id, autopay_id)
        if autopay.state is AutopayState.PAUSED:
            is_refused = not tx.autopay_consents.stands(autopay.id)
            if is_refused or AutopayReason(autopay.reason) in NEEDS_CONSENT:
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
        return unneeded_charges.to_give_back(tx, customer_id, payment_id)

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

    def _changed(self, tx: Tx, autopay_id: int, how: Change, agreed: Agreement) -> Autopay:
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


def _end_the_former_payers(tx: Tx, connector_id: str | None) -> None:
    """A connector that was handed on is charged by whoever pays for it now, and by nobody else."""
    former = tx.autopays.of_connector(connector_id) if connector_id else None
    if former is not None and (locked := tx.autopays.lock(former.id)) is not None:
        end(tx, locked, AutopayReason.PAYER_CHANGED)


def _own(tx: Tx, customer_id: int, autopay_id: int) -> Autopay:
    autopay = tx.autopays.get_for_customer(autopay_id, customer_id)
    if autopay is None or not autopay.stands:
        raise NotYours
    return autopay
