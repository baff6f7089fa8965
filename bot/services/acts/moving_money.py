"""Money by an operator's word: an order paid outside, a balance that pays, money moved between payers.

From the seller's limits on a second person says so too, one whose role may move that much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.events import Paid
from bot.domain.money import STARS, Money, zero
from bot.domain.orders import Order
from bot.domain.references import new_reference
from bot.domain.states import OrderState, Role, TransferReason
from bot.services import seller
from bot.services.accounts import open_accounts
from bot.services.acts.money_checks import (
    known_payer,
    locked_order,
    open_order,
    refuse_sum,
    weight_of_move,
    weight_of_paper,
)
from bot.services.acts.reasons import demand_reason, refuse_second
from bot.services.autopay.outcomes import AutopayOutcomes
from bot.services.desk import DeskService
from bot.services.fulfilment import Fulfilment
from bot.services.methods import Methods
from bot.services.money_rights import MoneyRights
from bot.services.notice_places import told_anywhere
from bot.services.owners import event_of
from bot.services.receipts.by_hand import BY_HAND
from bot.services.receipts.offsets import can_offset
from bot.services.reports import missing_for
from bot.services.settlement import Outcome, SettlementService
from bot.services.suspense import FREE
from bot.services.untapped import write_untapped
from bot.storage.database import Database, reading, transaction
from bot.storage.ledger import Because
from bot.storage.tx import Tx

KIND = "money_second"
_ASKED = {"mark_paid": "mark_paid_asked", "move": "money_move_asked"}
LONGEST_NUMBER = 19
MOST_LOOKED_AT, MOST_STRAY = 200, 8
CONFIRMED = "money_by_two"
"""The answer of a card whose act a second person confirmed."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Money that came for an order where no provider of ours saw it; `number` is that of its paper."""

    order_id: int
    amount: Money
    number: str


@dataclass(frozen=True, slots=True)
class Stray:
    """Money without an owner, and the card that it hangs on."""

    card_id: int
    event_id: int
    amount: Money
    provider: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money from one payer's balance to another's; `seen` is the balance it was decided upon."""

    giver: int
    taker: int
    amount: Money
    seen: Money


class MoneyActs:
    """A payer gives no more than he has, and the same paper pays once."""

    def __init__(
        self,
        database: Database,
        desk: DeskService,
        *,
        rights: MoneyRights,
        settlement: SettlementService,
        fulfilment: Fulfilment,
        methods: Methods,
        autopays: AutopayOutcomes,
    ) -> None:
        self.database = database
        self._desk = desk
        self._rights = rights
        self._settlement = settlement
        self._fulfilment = fulfilment
        self._methods = methods
        self._autopays = autopays

    @reading
    def payable(self, tx: Tx, who: int, order_id: int) -> tuple[Order, list[Money]]:
        """An order that still waits for money, and what it lacks in each currency."""
        self._desk.demand(who, Role.CASHIER)
        order = tx.orders.get(order_id)
        if order is None:
            raise CustomerError("record_gone")
        missing = (missing_for(tx, order, price.currency) for price in order.prices)
        return order, [each for each in missing if each]

    @reading
    def balance(self, tx: Tx, who: int, payer_id: int, currency: str) -> Money:
        self._desk.demand(who, Role.CASHIER)
        return tx.ledger.balance(payer_id, currency)

    @reading
    def taker(self, tx: Tx, who: int, words: str) -> int:
        """The payer of that number, or of that payment code."""
        self._desk.demand(who, Role.CASHIER)
        is_number = words.isdecimal() and len(words) < LONGEST_NUMBER
        payer = tx.payers.by_code(words) or (tx.payers.get(int(words)) if is_number else None)
        return known_payer(tx, payer.id if payer else 0)

    @reading
    def stray(self, tx: Tx, who: int) -> list[Stray]:
        """Money without an owner that waits on cards, the oldest first."""
        self._desk.demand(who, Role.CASHIER)
        found = []
        for card in tx.cards.open(MOST_LOOKED_AT):
            event = event_of(tx, card)
            if event is not None and event.fate in FREE:
                found.append(Stray(card.id, event.id, event.amount, event.provider))
        return found[:MOST_STRAY]

    @transaction
    def mark_paid(self, tx: Tx, who: int, paid: Outside, reason: str) -> Card | None:
        """Book what was paid outside; the card of a second person where one is needed."""
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        order = open_order(tx, paid.order_id)
        refuse_sum(tx, order, paid.amount)
        weight = weight_of_paper(tx, order, paid.amount)
        if self._takes_two(who, weight, gains=order.customer_id):
            facts = {"order_id": order.id, "customer_id": order.customer_id, "number": paid.number}
            return _ask_second(
                tx, who, "mark_paid", f"order:{order.id}", amount=paid.amount, reason=words, **facts
            )
        self._mark_paid(tx, who, paid, words)
        return None

    @transaction
    def move(self, tx: Tx, who: int, transfer: Transfer, reason: str) -> Card | None:
        """Give one payer's money to another; the card of a second person where one is needed."""
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        amount = transfer.amount
        _hold(tx, transfer)
        weight = weight_of_move(tx, transfer.giver, transfer.taker, amount)
        if self._takes_two(who, weight, gains=tx.customers.owner(transfer.taker)):
            facts = {
                "giver": transfer.giver,
                "taker": transfer.taker,
                "seen": transfer.seen,
                "customer_id": tx.customers.owner(transfer.giver),
            }
            return _ask_second(
                tx, who, "move", f"payer:{transfer.giver}", amount=amount, reason=words, **facts
            )
        self._move(tx, who, transfer, words)
        return None

    @transaction
    def pay_from_balance(self, tx: Tx, who: int, order_id: int, currency: str, reason: str) -> None:
        """Let the payer's balance pay his order, as he could himself."""
        self._desk.demand(who, Role.CASHIER)
        words = demand_reason(reason)
        order = locked_order(tx, order_id)
        if order.state is not OrderState.AWAITING:
            refuse_second(tx, f"order:{order_id}", "paid_from_balance", "marked_paid")
        price, balance = order.price(currency), tx.ledger.balance(order.payer_id, currency)
        if price is None or balance < price:
            raise CustomerError("balance_too_low")
        if not can_offset(tx, self._methods, order, currency):
            raise CustomerError("act_no_receipt")
        self._fulfilment.settle_from_balance(tx, order, price, balance)
        tx.audit.note(who, "paid_from_balance", f"order:{order_id}", amount=price, reason=words)

    @transaction
    def second(self, tx: Tx, who: int, card_id: int) -> None:
        """The second person's word, another one than the first."""
        card = tx.cards.get(card_id)
        if card is None or card.kind != KIND:
            raise CustomerError("card_gone")
        facts, amount = card.payload, card.payload["amount"]
        asked_by = int(facts["asked_by"])
        self._desk.demand(who, Role.CASHIER)
        if who == asked_by:
            raise CustomerError("second_person_needed")
        if not tx.cards.close(card_id, by=who, answer=CONFIRMED):
            raise CustomerError("card_answered", card=card_id)
        if who not in self._rights.who_may(asked_by, _weight(tx, facts)):
            self._desk.demand(who, Role.OWNER)
        self._desk.refuse_own_gain(who, Role.CASHIER, gains=_gains(tx, facts), asked_by=asked_by)
        if facts["act"] == "mark_paid":
            paid = Outside(int(facts["order_id"]), amount, str(facts["number"]))
            self._mark_paid(tx, who, paid, str(facts["reason"]), asked_by=asked_by)
        else:
            transfer = Transfer(int(facts["giver"]), int(facts["taker"]), amount, facts["seen"])
            self._move(tx, who, transfer, str(facts["reason"]), asked_by=asked_by)

    def _takes_two(self, who: int, weight: Money, *, gains: int) -> bool:
        """Who has nobody beside him decides by himself."""
        return self._rights.needs_another(who, weight, gains=gains) and not self._rights.is_alone(who, weight)

    def _mark_paid(self, tx: Tx, who: int, paid: Outside, reason: str, **more: Any) -> None:
        order = open_order(tx, paid.order_id)
        payer, amount = tx.payers.get(order.payer_id), paid.amount
        assert payer is not None
        refuse_sum(tx, order, amount)
        reference, number = new_reference(), " ".join(paid.number.split())[:64]
        event = Paid(BY_HAND, number.lower(), reference, amount, provider_payment=number)
        if not number or tx.events.known(event.identity) is not None:
            raise CustomerError("paper_known")
        open_accounts(tx, payer.id, BY_HAND, amount.currency)
        write_untapped(
            tx, payer, reference, method=BY_HAND, provider=BY_HAND, amount=amount, order_id=order.id
        )
        if self._settlement.book(tx, event) is Outcome.REPEATED:
            raise CustomerError("paper_known")  # for another order, at the same moment
        subject = f"order:{order.id}"
        tx.audit.note(who, "marked_paid", subject, amount=amount, number=number, reason=reason, **more)

    def _move(self, tx: Tx, who: int, transfer: Transfer, reason: str, **more: Any) -> None:
        _hold(tx, transfer)
        giver, taker, amount = transfer.giver, transfer.taker, transfer.amount
        tx.ledger.open_payer(taker, amount.currency)
        why = TransferReason.MOVED
        balance = tx.ledger.hand_over(giver, taker, amount, reason=why, because=Because())
        left = tx.ledger.balance(giver, amount.currency)
        for subject, other in ((f"payer:{giver}", taker), (f"payer:{taker}", giver)):
            tx.audit.note(who, "money_moved", subject, amount=amount, other=other, reason=reason, **more)
        self._autopays.topped_up(tx, taker, amount.currency)
        seller.tell_balance(tx, taker, amount, balance, why="assigned")
        told_anywhere(tx, tx.customers.owner(giver), "balance_given", amount=amount, balance=left)
        told_anywhere(tx, tx.customers.owner(taker), "balance_got", amount=amount, balance=balance)


def _weight(tx: Tx, facts: dict[str, Any]) -> Money:
    """That of what a card asks a second person about, as things stand now."""
    amount: Money = facts["amount"]
    if facts["act"] == "mark_paid":
        return weight_of_paper(tx, open_order(tx, int(facts["order_id"])), amount)
    return weight_of_move(tx, int(facts["giver"]), int(facts["taker"]), amount)


def _gains(tx: Tx, facts: dict[str, Any]) -> int:
    """Who has the money afterwards."""
    return tx.customers.owner(int(facts["taker"])) if "taker" in facts else int(facts["customer_id"])


def _hold(tx: Tx, transfer: Transfer) -> None:
    """Both payers, until this unit ends; refused where the sum is not there, or one of them."""
    for payer_id in sorted({transfer.giver, transfer.taker}):
        tx.customers.lock_payer(payer_id)
    amount, balance = transfer.amount, tx.ledger.balance(transfer.giver, transfer.amount.currency)
    if transfer.giver == transfer.taker:
        raise CustomerError("join_itself")
    for payer_id in (transfer.giver, transfer.taker):
        known_payer(tx, payer_id)
    if balance != transfer.seen:
        refuse_second(tx, f"payer:{transfer.giver}", "money_moved", "payers_joined")
    if amount.currency == STARS or not zero(amount.currency) < amount <= balance:
        raise CustomerError("balance_too_low")


def _ask_second(tx: Tx, who: int, act: str, subject: str, *, amount: Money, reason: str, **more: Any) -> Card:
    facts: dict[str, Any] = {"act": act, "amount": amount, "reason": reason, "asked_by": who, **more}
    card_id = tx.cards.add(KIND, f"second:{subject}", facts)
    tx.outbox.to_operators(KIND, card=card_id, **facts)
    tx.audit.note(who, _ASKED[act], subject, amount=amount, reason=reason)
    card = tx.cards.get(card_id)
    assert card is not None
    return card
