"""Charges of which nobody knows for a day what became of them: a person looks, and says so once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain import periods
from bot.domain.errors import CustomerError
from bot.domain.events import Paid, Refused
from bot.domain.payments import Payment
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.states import Role
from bot.services.autopay.outcomes import is_charge_open
from bot.services.desk import DeskService
from bot.services.settlement import SettlementService
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

PROVIDERS_MAY_TAKE = timedelta(days=1)
AT_ONCE = 20


class UnknownCharges:
    """Until somebody has looked nothing of that cycle is charged again."""

    def __init__(self, database: Database, settlement: SettlementService, desk: DeskService) -> None:
        self.database = database
        self._settlement = settlement
        self._desk = desk

    @transaction
    def tell_due(self, tx: Tx) -> None:
        """Hang a card for each charge whose end is unknown for a day; once."""
        for call in tx.attempts.charges_sent_before(periods.now() - PROVIDERS_MAY_TAKE, AT_ONCE):
            payment = tx.payments.get(call.payment_id)
            if payment is None or tx.cards.has(_subject(payment.id)):
                continue
            facts: dict[str, Any] = {
                "customer_id": payment.customer_id,
                "payment_id": payment.id,
                "provider": payment.provider,
                "amount": payment.amount,
                "sent_at": call.sent_at,
                "number": payment.provider_payment,
                "reference": payment.reference,
            }
            card = tx.cards.add("charge_unknown", _subject(payment.id), facts)
            tx.outbox.to_operators("charge_unknown", card=card, **facts)

    @transaction
    def decide(self, tx: Tx, who: int, payment_id: int, *, number: str = "") -> None:
        """The provider's number of the money that came; without one, the provider has nothing of it.

        Then it is charged again. Refused once its end is known: the second person finds it decided.
        """
        self._desk.demand(who, Role.CASHIER)
        payment = tx.payments.lock_numbered(payment_id)
        if payment is None or payment.autopay_id is None:
            raise CustomerError("not_found")
        if not is_charge_open(tx, payment):
            raise CustomerError("already_done")
        self._desk.refuse_own_gain(who, Role.CASHIER, gains=payment.customer_id)
        words = "".join(number.split())[:64]
        tx.audit.note(who, "charge_decided", _subject(payment.id), number=words)
        self._settlement.book(tx, _event(payment, words))
        tx.cards.close_all(_subject(payment.id), by=who, answer=_answer(words))


def _subject(payment_id: int) -> str:
    return f"charge:{payment_id}"


def _answer(number: str) -> str:
    return f"charge_arrived:{number}" if number else "charge_not_arrived"


def _event(payment: Payment, number: str) -> Paid | Refused:
    if number:
        return Paid(payment.provider, number, payment.reference, payment.amount, number)
    return Refused(payment.provider, payment.reference, Refusal.LINK_EXPIRED, code=NEVER_CREATED)
