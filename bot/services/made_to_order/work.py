"""What operators do about an order that is paid: from stage to stage, until it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.order_forms import OrderStep, OrderWork, SentFile
from bot.domain.orders import Order
from bot.domain.periods import now, today
from bot.domain.personal_data import is_nobody
from bot.domain.states import OrderState, Role
from bot.services import seller
from bot.services.desk import DeskService, card_now
from bot.services.made_to_order import news as order_news
from bot.services.made_to_order import work_cards
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

DONE = "work_done"
"""The answer of a card whose work has come to its end."""

LONGEST = 1500
"""Of an operator's words; a file takes no longer ones below it."""

Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Held:
    """A card with its order and its work, held until the unit ends."""

    card: Card
    order: Order
    work: OrderWork

    @property
    def stages(self) -> list[dict[str, Any]]:
        return list(self.card.payload["stages"])

    @property
    def place(self) -> int:
        """Of the present stage among them; -1 before the first."""
        names = [str(stage["name"]) for stage in self.stages]
        return names.index(self.work.stage) if self.work.stage in names else -1

    @property
    def draft(self) -> Draft:
        return dict(self.card.payload["draft"])


class OrderWorkService:
    """A stage is reached once: whoever comes second is told who was first."""

    def __init__(self, database: Database, desk: DeskService, zone: ZoneInfo) -> None:
        self.database = database
        self._desk = desk
        self._zone = zone

    @reading
    def card(self, tx: Tx, who: int, card_id: int) -> Card:
        """The card, where this person may act on it and there is something left to do."""
        self._desk.demand(who, Role.OPERATOR)
        card = card_now(tx, _card(tx, card_id).id)
        if card.closed_by is not None:
            raise CustomerError("card_answered", card=card_id)
        return card

    @transaction
    def move(self, tx: Tx, who: int, card_id: int, to: int) -> Card:
        """On to the stage of that place, with what was drafted for the customer."""
        self._desk.demand(who, Role.OPERATOR)
        held = _held(tx, card_id)
        _refuse_unless(held, OrderState.PAID)
        if to != held.place + 1 or to >= len(held.stages):
            raise _beaten(tx, held)
        stage, is_last = held.stages[to], to == len(held.stages) - 1
        due_on = None if is_last else self._due(stage, held.draft)
        ends_at = now() if is_last else None
        if not tx.order_work.move(
            held.order.id, to=stage["name"], only_from=held.work.stage, due_on=due_on, done_at=ends_at
        ):
            raise _beaten(tx, held)
        step = _step(who, stage["name"], due_on, held.draft)
        tx.order_work.add_step(held.order.id, step)
        before = {"stage": stage["name"], "before": held.work.stage, "due": held.work.due_on, "who": who}
        tx.cards.remember(card_id, {**held.card.payload, "draft": {}, "undoable": before})
        if is_last:
            tx.orders.move(held.order.id, to=OrderState.FULFILLED, only_from=OrderState.PAID)
            tx.cards.close(card_id, by=who, answer=DONE)
        order_news.moved(tx, held.order, stage, step, form_id=held.card.payload["form_id"])
        _tell_seller(tx, held.order, step, undone=False, is_last=is_last)
        tx.audit.note(who, "order_moved", f"order:{held.order.id}", stage=stage["name"], card=card_id)
        return card_now(tx, card_id)

    @transaction
    def undo(self, tx: Tx, who: int, card_id: int) -> Card:
        """One step back: by whoever made it, or by any cashier; the customer hears of it."""
        self._desk.demand(who, Role.OPERATOR)
        held = _held(tx, card_id)
        _refuse_unless(held, OrderState.PAID, OrderState.FULFILLED)
        step = held.card.payload["undoable"]
        if not step:
            raise CustomerError("already_done")
        if step["who"] != who:
            self._desk.demand(who, Role.CASHIER)
        if not tx.order_work.put_back(
            held.order.id, to=step["before"], only_from=step["stage"], due_on=step["due"]
        ):
            raise _beaten(tx, held)
        payload = {**held.card.payload, "undoable": None}
        if held.order.state is OrderState.FULFILLED:
            tx.orders.move(held.order.id, to=OrderState.PAID, only_from=OrderState.FULFILLED)
            tx.cards.reopen(card_id, payload, None)
        else:
            tx.cards.remember(card_id, payload)
        back = _step(who, step["before"], step["due"], {})
        tx.order_work.add_step(held.order.id, back)
        stage = next((each for each in held.stages if each["name"] == step["before"]), None)
        order_news.moved(tx, held.order, stage, back, form_id=payload["form_id"], undone=True)
        _tell_seller(tx, held.order, back, undone=True, is_last=False)
        tx.audit.note(who, "order_moved_back", f"order:{held.order.id}", stage=step["before"], card=card_id)
        return card_now(tx, card_id)

    @transaction
    def draft(self, tx: Tx, who: int, card_id: int, more: Draft) -> Card:
        """Put something to what the customer gets with the next stage: `due`, `words`, `url` or `file`."""
        self._desk.demand(who, Role.OPERATOR)
        held = _held(tx, card_id)
        _refuse_unless(held, OrderState.PAID)
        if more.get("file") and is_nobody(held.order.customer_id):
            raise CustomerError("file_needs_chat")
        if more.get("due") and more["due"] < today(self._zone):
            raise CustomerError("bad_coming_day")
        if "words" in more:
            more = {**more, "words": str(more["words"]).strip()[:LONGEST]}
        tx.cards.remember(card_id, {**held.card.payload, "draft": held.draft | more})
        return card_now(tx, card_id)

    @transaction
    def clear(self, tx: Tx, who: int, card_id: int) -> Card:
        """The next stage is told plainly after all."""
        self._desk.demand(who, Role.OPERATOR)
        held = _held(tx, card_id)
        tx.cards.remember(card_id, {**held.card.payload, "draft": {}})
        return card_now(tx, card_id)

    @transaction
    def raise_overdue(self, tx: Tx, limit: int = 20) -> int:
        """Hang work up anew whose day is over, once each; call it until it answers 0."""
        overdue = tx.order_work.overdue(today(self._zone), limit)
        for work in overdue:
            tx.order_work.told(work.order_id)
            card = tx.cards.open_about(work_cards.subject_of(work.order_id))
            if card is not None:
                facts = {**card_now(tx, card.id).payload, "late_since": work.due_on}
                tx.outbox.to_operators("order_work", replaces=card.message_id or 0, **facts)
        return len(overdue)

    def _due(self, stage: dict[str, Any], draft: Draft) -> date | None:
        """As the operator said, else as the catalogue promises."""
        if draft.get("due"):
            due: date = draft["due"]
            return due
        days = int(stage["days"])
        return today(self._zone) + timedelta(days=days) if days else None


def _step(who: int, stage: str, due_on: date | None, draft: Draft) -> OrderStep:
    file = draft.get("file")
    sent = SentFile(file["file_id"], file["kind"]) if file else None
    return OrderStep(stage, due_on, draft.get("words", ""), draft.get("url", ""), sent, who, now())


def _tell_seller(tx: Tx, order: Order, step: OrderStep, *, undone: bool, is_last: bool) -> None:
    due_on = step.due_on.isoformat() if step.due_on else None
    seller.tell_order(tx, order, "stage", stage=step.stage or None, due_on=due_on, undone=undone)
    if is_last:
        seller.tell_order(tx, order, "done")


def _card(tx: Tx, card_id: int) -> Card:
    card = tx.cards.get(card_id)
    if card is None or card.kind != work_cards.KIND or not card.payload.get("order_id"):
        raise CustomerError("card_gone")
    return card


def _held(tx: Tx, card_id: int) -> _Held:
    order = tx.orders.lock(int(_card(tx, card_id).payload["order_id"]))
    work = tx.order_work.get(order.id) if order is not None else None
    if order is None or work is None:
        raise CustomerError("card_gone")
    return _Held(_card(tx, card_id), order, work)


def _refuse_unless(held: _Held, *states: OrderState) -> None:
    """What is done, or whose money is all gone, needs no more work."""
    if held.order.state in states:
        return
    if held.order.state is OrderState.REFUNDED or held.card.closed_by is None:
        raise CustomerError("money_gone")
    raise CustomerError("card_answered", card=held.card.id)


def _beaten(tx: Tx, held: _Held) -> CustomerError:
    steps = tx.order_work.steps(held.order.id)
    return CustomerError("done_by", who=steps[-1].who) if steps else CustomerError("already_done")
