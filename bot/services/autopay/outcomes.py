"""What became of a charge, in the unit that books it or hears that it was refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain import periods
from bot.domain.autopay_times import UNSENT_PAUSES
from bot.domain.autopays import (
    CHARGING,
    NEEDS_NEW_TAP,
    Autopay,
    AutopayReason,
    AutopayState,
    AutopayStep,
    DeclineGroup,
    decline_group,
)
from bot.domain.notice_topics import NoticeTopic
from bot.domain.payments import Payment
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import UnlinkedBecause
from bot.domain.states import AttemptState
from bot.services import notice_places
from bot.services.autopay.ending import end, pause, stop_using_card
from bot.services.autopay.facts import facts_of
from bot.services.autopay.plan import AutopayPlan
from bot.services.seller_autopay import tell_autopay
from bot.storage.tx import Tx

NOT_SENT = "not_sent"
"""The outcome of a call that provably never arrived: it counts as no try."""
DONE = "done"


class AutopayOutcomes:
    """Each is heard once: the attempt is known from then on. An autopay that has ended meanwhile stays so."""

    def __init__(self, plan: AutopayPlan) -> None:
        self._plan = plan

    def paid(self, tx: Tx, payment: Payment) -> Autopay | None:
        """A charge brought its money; the next one is planned. The autopay that charged it."""
        autopay = self._known(tx, payment, DONE)
        if autopay is None or autopay.state not in CHARGING:
            return autopay
        tx.autopays.plan_at(autopay.id, periods.now())
        return autopay

    def paid_for(self, tx: Tx, connector_id: str, customer_id: int) -> tuple[Autopay, date] | None:
        """His autopay of a connector that was just paid for, by whatever way, and its next day."""
        autopay = tx.autopays.of_connector(connector_id)
        if autopay is None or autopay.customer_id != customer_id:
            return None
        if autopay.state not in CHARGING or autopay.is_under_way:
            return None
        return autopay, self._plan.next_day(tx, autopay)

    def topped_up(self, tx: Tx, payer_id: int, currency: str) -> Autopay | None:
        """Money of any kind came onto a balance: its autopay counts its days from now on, paused or not."""
        autopay = tx.autopays.of_account(payer_id, currency)
        if autopay is None:
            return None
        today = self._plan.today(tx, autopay.customer_id)
        changes: dict[str, Any] = {
            "cycle": "",
            "charge_on": today + timedelta(days=autopay.interval.days),
            "announced": None,
            "announced_minor": None,
        }
        rearmed = autopay.state is AutopayState.PAUSED and AutopayReason(autopay.reason) not in NEEDS_NEW_TAP
        if autopay.state in CHARGING or rearmed:
            changes |= {"state": AutopayState.ACTIVE.value, "reason": "", "tries": 0, "unsent": 0}
            changes["step"] = AutopayStep.PLAN.value
        if (autopay.state in CHARGING and not autopay.is_under_way) or rearmed:
            changes["due_at"] = periods.now()  # else it is planned once the end of its charge is known
        tx.autopays.change(autopay.id, **changes)
        return tx.autopays.get(autopay.id)

    def refused(self, tx: Tx, payment: Payment, refusal: Refusal, code: str) -> None:
        """The bank said no: tried again on another day, or never with this card."""
        autopay = self._known(tx, payment, code or refusal.value)
        if autopay is None:
            return
        tell_autopay(tx, "failed", autopay, refusal.value, code=code)
        group = decline_group(refusal)
        is_its_card = autopay.card_id == payment.card_id  # he may have taken another one meanwhile
        if group is DeclineGroup.REVOKED:
            self._taken_back(tx, autopay, payment.card_id)
        if self._is_past(tx, autopay, payment) or (group is DeclineGroup.REVOKED and is_its_card):
            return
        if group is DeclineGroup.HARD and is_its_card:
            facts: dict[str, Any] = {"refusal": refusal.value, "order_id": payment.order_id or 0}
            pause(tx, autopay, AutopayReason.HARD_DECLINED, **facts)
        else:
            self.try_again(tx, autopay, payment.order_id, refusal)

    def try_again(self, tx: Tx, autopay: Autopay, order_id: int | None, refusal: Refusal) -> None:
        """Count one more declined charge, and tell when the next is."""
        at = self._plan.try_again(tx, autopay)
        facts: dict[str, Any] = {
            "refusal": refusal.value,
            "order_id": order_id or 0,
            "tries": autopay.tries + 1,
        }
        if at is None:
            pause(tx, autopay, AutopayReason.RETRIES_EXHAUSTED, **facts)
            return
        facts = {**facts_of(tx, autopay), **facts, "next_try": at}
        key = f"{autopay.id}:{autopay.cycle}:{autopay.tries + 1}"
        customer_id = autopay.customer_id
        notice_places.tell(tx, customer_id, NoticeTopic.CHARGES, "autopay_failed", key=key, **facts)
        tx.outbox.to_operators("autopay_failed", informs=True, customer_id=customer_id, **facts)

    def never_sent(self, tx: Tx, payment: Payment, *, pause_for: timedelta | None = None) -> None:
        """The call provably never arrived: made again soon, and counted as a try only when that lasts.

        With `pause_for` the provider itself asked to wait, which is nobody's fault.
        """
        tx.payments.ask_at(payment.id, None)
        autopay = self._known(tx, payment, NOT_SENT)
        if autopay is None or self._is_past(tx, autopay, payment):
            tx.payments.refuse(payment.id, Refusal.CANCELLED)
            return
        if pause_for is None and autopay.unsent >= len(UNSENT_PAUSES):
            tx.payments.refuse(payment.id, Refusal.BANK_SILENT)
            self.try_again(tx, autopay, payment.order_id, Refusal.BANK_SILENT)
            return
        after = pause_for or UNSENT_PAUSES[autopay.unsent]
        unsent = autopay.unsent + (pause_for is None)
        tx.autopays.change(autopay.id, due_at=periods.now() + after, unsent=unsent)

    def _is_past(self, tx: Tx, autopay: Autopay, payment: Payment) -> bool:
        """Whether the autopay has gone on since: what it does next has nothing to do with this charge."""
        attempt = tx.attempts.charge_of(payment.id)
        if autopay.is_under_way and attempt is not None and attempt.cycle != autopay.cycle:
            tx.autopays.plan_at(autopay.id, periods.now())
            return True
        return not autopay.is_under_way

    def _known(self, tx: Tx, payment: Payment, outcome: str) -> Autopay | None:
        """Keep the answer on the attempt; the autopay, None where this was known before."""
        assert payment.autopay_id is not None
        attempt = tx.attempts.charge_of(payment.id)
        autopay = tx.autopays.lock(payment.autopay_id)
        if attempt is None or autopay is None:
            return None
        if not tx.attempts.known(attempt.id, outcome=outcome, movement=payment.provider_payment):
            return autopay if outcome == DONE else None
        return autopay

    def _taken_back(self, tx: Tx, autopay: Autopay, card_id: int | None) -> None:
        """At his bank he took back what he agreed to: that is a refusal of this card for all autopays."""
        if autopay.card_id == card_id:
            end(tx, autopay, AutopayReason.REVOKED, how="bank")
        if card_id:
            tx.saved_cards.unlink(card_id, UnlinkedBecause.BANK)
            stop_using_card(tx, card_id, how="bank")


def is_charge_open(tx: Tx, payment: Payment) -> bool:
    """Whether a call that was to take its money by a saved card has not ended yet, as far as we know."""
    call = tx.attempts.charge_of(payment.id)
    return call is not None and call.state is not AttemptState.KNOWN
