"""What people say of refunds that no provider can tell of: sent by hand, lost on the way, or failed."""

from __future__ import annotations

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.events import Refunded
from bot.domain.invoicing import BANK
from bot.domain.payments import Attempt, Payment
from bot.domain.refunds import Destination, RefundRequest, RefundState, ServiceChange
from bot.domain.states import AttemptState, Role
from bot.services import send_back
from bot.services.desk import DeskService
from bot.services.money_rights import MoneyRights
from bot.services.refund import begins as refund_begins
from bot.services.refund import cards as refund_cards
from bot.services.refund import ends as refund_ends
from bot.services.refunds import RefundService
from bot.services.settlement import SettlementService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LONGEST_NUMBER = 64
SAID = "said"
"""Where a card keeps the first person's word: who, and under which number; "" for "it did not go"."""


class RefundOutcomeService:
    """Cards are answered once; money counts as gone only under a number that somebody has seen."""

    def __init__(
        self,
        database: Database,
        *,
        desk: DeskService,
        rights: MoneyRights,
        refunds: RefundService,
        settlement: SettlementService,
    ) -> None:
        self.database = database
        self._desk = desk
        self._rights = rights
        self._refunds = refunds
        self._settlement = settlement

    @transaction
    def sent_by_hand(self, tx: Tx, who: int, card_id: int, number: str) -> None:
        """Book what a person has sent, under the number of his payment order."""
        self._desk.demand(who, Role.CASHIER)
        card, attempt, payment = _open(tx, card_id, refund_cards.BY_HAND)
        words = _number(number)
        tx.audit.note(who, "refund_sent_by_hand", f"payment:{payment.id}", number=words)
        tx.cards.close(card.id, by=who, answer=f"refund_sent:{words}")
        self._book(tx, attempt, payment, BANK, f"{attempt.reference}:{words}")

    @transaction
    def not_by_hand(self, tx: Tx, who: int, card_id: int) -> None:
        """It will not be sent: the money is the payer's again, and a card asks what then."""
        self._desk.demand(who, Role.CASHIER)
        card, attempt, payment = _open(tx, card_id, refund_cards.BY_HAND)
        tx.audit.note(who, "refund_not_sent", f"payment:{payment.id}")
        tx.cards.close(card.id, by=who, answer="refund_not_sent")
        refund_cards.failed(tx, payment, attempt, "not_sent_by_hand")
        send_back.fail(tx, attempt, payment, "not_sent_by_hand")

    @transaction
    def say(self, tx: Tx, who: int, card_id: int, number: str) -> bool:
        """What became of a refund whose answer was lost; True once a second person has said the same.

        "" says that the provider has nothing of it. Who is alone says it twice.
        """
        self._desk.demand(who, Role.CASHIER)
        card, attempt, payment = _open(tx, card_id, refund_cards.UNKNOWN)
        words = _number(number) if number else ""
        said = card.payload.get(SAID) or {}
        if said.get("number") != words:
            tx.cards.remember(card.id, {**card.payload, SAID: {"by": who, "number": words}})
            tx.audit.note(who, "refund_said", f"payment:{payment.id}", number=words)
            return False
        if said["by"] == who and not self._rights.is_alone(who, attempt.amount):
            raise CustomerError("second_person_needed")
        tx.audit.note(who, "refund_decided", f"payment:{payment.id}", number=words)
        answer = f"refund_sent:{words}" if words else "refund_not_sent"
        tx.cards.close(card.id, by=who, answer=answer)
        if words:
            self._book(tx, attempt, payment, payment.provider, words)
        else:
            refund_cards.failed(tx, payment, attempt, "not_sent")
            send_back.fail(tx, attempt, payment, "not_sent")
        return True

    async def again(self, who: int, card_id: int, *, by_hand: bool = False) -> RefundRequest:
        """Try a failed refund once more, by its provider or by hand."""
        request = await self._again(who, card_id, by_hand)
        if request.state is RefundState.SENDING and request.attempt_id is not None:
            await self._refunds.send(request.attempt_id)
        return await self._look(request.id)

    @transaction
    def leave_on_balance(self, tx: Tx, who: int, card_id: int) -> None:
        """Let a failed refund rest where it is; its connectors change as if it had gone."""
        self._desk.demand(who, Role.CASHIER)
        card, attempt, payment = _of_card(tx, card_id, refund_cards.FAILED)
        self._may(who, attempt)
        if not tx.cards.close(card.id, by=who, answer="refund_on_balance"):
            raise CustomerError("card_answered", card=card.id)
        tx.audit.note(who, "refund_left_on_balance", f"payment:{payment.id}", amount=attempt.amount)
        request = tx.refund_requests.by_attempt(attempt.id)
        if request is not None and tx.refund_requests.move(
            request.id, to=RefundState.DONE, only_from=[RefundState.FAILED], outcome=refund_ends.ON_BALANCE
        ):
            refund_ends.tell_on_balance(tx, request, payment)

    @transaction
    def _again(self, tx: Tx, who: int, card_id: int, by_hand: bool) -> RefundRequest:
        self._desk.demand(who, Role.CASHIER)
        card, attempt, payment = _of_card(tx, card_id, refund_cards.FAILED)
        self._may(who, attempt)
        if not tx.cards.close(card.id, by=who, answer="refund_again"):
            raise CustomerError("card_answered", card=card.id)
        old = tx.refund_requests.by_attempt(attempt.id)
        request = _repeat(tx, who, attempt, payment, old, by_hand=by_hand)
        refund_begins.begin(tx, who, request)
        return _request(tx, request.id)

    def _may(self, who: int, attempt: Attempt) -> None:
        """It was agreed to before: one person is enough, within his limit."""
        if not self._rights.may_decide(who, attempt.amount):
            self._desk.demand(who, Role.OWNER)

    def _book(self, tx: Tx, attempt: Attempt, payment: Payment, provider: str, movement: str) -> None:
        tx.ledger.open(f"source:{provider}", attempt.amount.currency)
        self._settlement.book(
            tx,
            Refunded(
                provider=provider,
                movement=movement,
                provider_payment=payment.provider_payment,
                amount=attempt.amount,
                attempt=attempt.reference,
                reference=payment.reference,
            ),
        )

    @reading
    def _look(self, tx: Tx, request_id: int) -> RefundRequest:
        return _request(tx, request_id)


def _repeat(
    tx: Tx, who: int, attempt: Attempt, payment: Payment, old: RefundRequest | None, *, by_hand: bool
) -> RefundRequest:
    """The same once more, as a request of its own: an attempt is never used again."""
    request_id = tx.refund_requests.add(
        payment_id=payment.id,
        order_id=payment.order_id,
        customer_id=payment.customer_id,
        state=RefundState.ASKED,
        amount=attempt.amount,
        reason=attempt.reason,
        asked_by=old.asked_by if old else who,
    )
    if request_id is None:
        raise CustomerError("refund_open")
    tx.refund_requests.move(
        request_id,
        to=RefundState.PROPOSED,
        only_from=[RefundState.ASKED],
        service=(old.service if old else ServiceChange.KEEP).value,
        destination=(Destination.BY_HAND if by_hand else Destination.SOURCE).value,
        account=old.account if old else "",
        proposed_by=old.proposed_by if old else who,
    )
    if old is not None:
        tx.refund_requests.copy_changes(old.id, request_id)
    return _request(tx, request_id)


def _open(tx: Tx, card_id: int, kind: str) -> tuple[Card, Attempt, Payment]:
    """The card and its attempt, whose end nobody knows yet."""
    card, attempt, payment = _of_card(tx, card_id, kind)
    if card.closed_by is not None:
        raise CustomerError("card_answered", card=card.id)
    if attempt.state is AttemptState.KNOWN:
        raise CustomerError("already_done")
    return card, attempt, payment


def _of_card(tx: Tx, card_id: int, kind: str) -> tuple[Card, Attempt, Payment]:
    """The card of that kind; a button that names another one, where another answer counts, is refused."""
    card = tx.cards.get(card_id)
    attempt = tx.attempts.get(int(card.payload.get("attempt_id") or 0)) if card is not None else None
    if card is None or attempt is None or card.kind != kind:
        raise CustomerError("not_found")
    payment = refund_begins.lock_payment(tx, attempt.payment_id)
    card, attempt = tx.cards.get(card_id), tx.attempts.get(attempt.id)
    assert card is not None and attempt is not None
    return card, attempt, payment


def _request(tx: Tx, request_id: int) -> RefundRequest:
    request = tx.refund_requests.get(request_id)
    assert request is not None
    return request


def _number(words: str) -> str:
    number = "".join(words.split())[:LONGEST_NUMBER]
    if not number:
        raise CustomerError("refund_number_missing")
    return number
