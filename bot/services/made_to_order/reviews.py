"""What operators decide about a form that was sent in: approved, asked about, or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.desk import THE_HOUSE, Card
from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError
from bot.domain.form_terms import MadeToOrder
from bot.domain.order_forms import Answer, FormState, OrderForm
from bot.domain.orders import Order
from bot.domain.periods import now
from bot.domain.states import OrderState, Role
from bot.domain.working_hours import resumed_until, working_time
from bot.services import promos, seller
from bot.services.desk import DeskService, card_now
from bot.services.made_to_order import news as order_news
from bot.services.made_to_order import review_cards
from bot.services.order_links import OrderLinks
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LEAST_LEFT = timedelta(hours=1)
"""Of working time, what an operator has at least once the customer has answered him."""

LONGEST = 3000
"""Of a question, an answer or a reason."""


@dataclass(frozen=True, slots=True)
class Under:
    """What can be shown below a card once more: albums of ten, and whether its words need a file."""

    card: Card
    albums: list[list[dict[str, str]]]
    long: bool


class ReviewService:
    """A form is decided about once; whoever comes second is told so, the customer's own wish included."""

    def __init__(
        self,
        database: Database,
        *,
        desk: DeskService,
        catalogue: Catalogue,
        links: OrderLinks,
        zone: ZoneInfo,
    ) -> None:
        self.database = database
        self._desk = desk
        self._catalogue = catalogue
        self._links = links
        self._zone = zone

    @transaction
    def approve(self, tx: Tx, who: int, card_id: int) -> Card:
        """From now on it can be paid, by the chat and by the link in a letter."""
        self._desk.demand(who, Role.OPERATOR)
        form, order = _waiting(tx, card_id)
        made = self._made(form)
        until = now() + timedelta(days=made.pay_days)
        if not tx.orders.approved(order.id, until=until):
            raise CustomerError("order_not_open")
        _decide(tx, who, card_id, form, FormState.APPROVED)
        url, day = self._links.give(tx, order), until.astimezone(self._zone).date()
        order_news.approved(tx, form, order, made, until=until, day=day, url=url)
        seller.tell_order(tx, order, "approved")
        return card_now(tx, card_id)

    @transaction
    def reject(self, tx: Tx, who: int, card_id: int, reason: str) -> Card:
        """Nothing can be paid any more; the customer reads why."""
        self._desk.demand(who, Role.OPERATOR)
        reason = _words(reason)
        form, order = _waiting(tx, card_id)
        if not tx.orders.move(order.id, to=OrderState.CANCELLED, only_from=OrderState.REVIEW):
            raise CustomerError("order_not_open")
        promos.release(tx, order.id)
        _decide(tx, who, card_id, form, FormState.REJECTED, reason=reason)
        order_news.rejected(tx, form, order, reason)
        return card_now(tx, card_id)

    @transaction
    def ask(self, tx: Tx, who: int, card_id: int, question: str) -> Card:
        """The customer is asked; what was promised to him waits for his answer, and so does the card."""
        self._desk.demand(who, Role.OPERATOR)
        question = _words(question)
        form, order = _waiting(tx, card_id)
        card = card_now(tx, card_id)
        if form.review_until is not None:
            left = working_time(now(), form.review_until, self._catalogue.desk, self._zone)
            tx.cards.remember(card_id, _stored(tx, card_id) | {"left": int(left.total_seconds())})
        tx.order_forms.change(form.id, question=question, review_until=None)
        tx.audit.note(who, "form_asked_about", card.subject, card=card_id)
        order_news.asked(tx, form, order, question)
        return card_now(tx, card_id)

    @reading
    def decidable(self, tx: Tx, who: int, card_id: int) -> Card:
        """The card, where this person may decide about it and nobody has; before he types his words."""
        self._desk.demand(who, Role.OPERATOR)
        _form_of(tx, card_id)
        card = card_now(tx, card_id)
        if card.closed_by is not None:
            raise CustomerError("card_answered", card=card_id)
        return card

    @reading
    def under(self, tx: Tx, who: int, card_id: int) -> Under:
        """Everything that the customer has sent with it until now."""
        self._desk.demand(who, Role.VIEWER)
        files = review_cards.files_of(_form_of(tx, card_id))
        card = card_now(tx, card_id)
        return Under(card, review_cards.albums(files), bool(card.payload["long"]))

    @transaction
    def raise_overdue(self, tx: Tx, limit: int = 20) -> int:
        """Hang cards up anew whose promise is over, once each; call it until it answers 0."""
        overdue = tx.order_forms.overdue(limit)
        for form in overdue:
            tx.order_forms.change(form.id, overdue_told=True)
            card = tx.cards.open_about(review_cards.subject_of(form))
            if card is not None:
                facts = {**card_now(tx, card.id).payload, "waits_since": form.sent_in_at}
                tx.outbox.to_operators("review", replaces=card.message_id or 0, **facts)
        return len(overdue)

    def _made(self, form: OrderForm) -> MadeToOrder:
        """As the catalogue has it today; what is gone from it is promised as usual."""
        tariff = self._catalogue.tariff(form.tariff)
        return (tariff.made_to_order if tariff else None) or MadeToOrder(())


def open_review(tx: Tx, form: OrderForm, tariff: Tariff) -> int:
    """Hang the form up in the group, in the unit that sends it in; the card's id.

    The form is in review already, has its order and says by when an answer is promised.
    """
    hours = tariff.made_to_order.review_hours if tariff.made_to_order else 0
    until = form.review_until or now() + timedelta(hours=hours)
    tx.order_forms.change(form.id, review_until=until, overdue_told=False)
    sent_in = tx.order_forms.get(form.id)
    assert sent_in is not None
    facts = review_cards.facts(tx, sent_in, tariff)
    card_id = tx.cards.add(review_cards.KIND, review_cards.subject_of(form), facts, due_at=until)
    tx.outbox.to_operators("review", card=card_id, **facts)
    if facts["long"]:
        tx.outbox.to_operators("review_text", under=card_id, **facts)
    _send_below(tx, card_id, form, Answer(files=tuple(review_cards.files_of(sent_in))))
    return card_id


def replied(tx: Tx, form: OrderForm, answer: Answer, terms: DeskTerms, zone: ZoneInfo) -> None:
    """The customer has answered the reviewer's question: our promise runs again, in working hours.

    CustomerError "form_decided" where it was decided meanwhile, "nothing_asked" where nobody waits for it.
    """
    form = _locked(tx, form)
    if form.state is not FormState.REVIEW:
        raise CustomerError("form_decided")
    if not form.question:
        raise CustomerError("nothing_asked")
    number = sum(1 for name in form.answers if name.startswith(review_cards.REPLY)) + 1
    tx.order_forms.answer(form.id, f"{review_cards.REPLY}{number}", answer)
    card = tx.cards.open_about(review_cards.subject_of(form))
    left = timedelta(seconds=int(card.payload.get("left", 0))) if card else LEAST_LEFT
    until = resumed_until(now(), max(left, LEAST_LEFT), terms, zone)
    tx.order_forms.change(form.id, question="", review_until=until, overdue_told=False)
    if card is None:
        return
    said = {"question": form.question, "answer": answer.value[:LONGEST], "files": len(answer.files)}
    tx.cards.remember(card.id, {**card.payload, "asked": [*card.payload["asked"], said]})
    tx.outbox.to_operators(
        "review_reply", under=card.id, customer_id=form.customer_id, text=said["answer"], files=said["files"]
    )
    _send_below(tx, card.id, form, answer)


def withdrawn(tx: Tx, form: OrderForm) -> None:
    """The customer has taken it back: its card needs nobody any more, and the group is told so."""
    for card in tx.cards.close_all(review_cards.subject_of(form), by=THE_HOUSE, answer="withdrawn"):
        tx.outbox.to_operators("review_withdrawn", under=card.id, customer_id=form.customer_id)


def give_up_all(tx: Tx, customer_id: int) -> None:
    """Nobody reviews for somebody who wants to be forgotten."""
    for form in tx.order_forms.in_review(customer_id):
        if form.order_id is not None:
            tx.orders.lock(form.order_id)
            tx.orders.move(form.order_id, to=OrderState.CANCELLED, only_from=OrderState.REVIEW)
        gone = {"state": FormState.WITHDRAWN.value, "question": "", "review_until": None}
        tx.order_forms.change(form.id, only_from=[FormState.REVIEW], **gone)
        withdrawn(tx, form)


def _send_below(tx: Tx, card_id: int, form: OrderForm, answer: Answer) -> None:
    """Each album is a notice of its own: one that fails sends neither the card nor the others again."""
    for album in review_cards.albums(answer.files):
        tx.outbox.to_operators("review_files", under=card_id, customer_id=form.customer_id, album=album)


def _waiting(tx: Tx, card_id: int) -> tuple[OrderForm, Order]:
    """What the card is about, held until this unit ends; refused where somebody was first."""
    form = _locked(tx, _form_of(tx, card_id))
    card = tx.cards.get(card_id)
    if card is None or card.closed_by is not None or form.state is not FormState.REVIEW:
        raise CustomerError("card_answered", card=card_id)
    order = tx.orders.get(form.order_id) if form.order_id is not None else None
    if order is None:
        raise CustomerError("order_not_open")
    return form, order


def _decide(tx: Tx, who: int, card_id: int, form: OrderForm, to: FormState, *, reason: str = "") -> None:
    """Write the decision down; whoever comes second finds the card closed."""
    decided: dict[str, Any] = {"decided_by": who, "decided_at": now(), "reason": reason}
    open_ = {"question": "", "review_until": None}
    is_first = tx.order_forms.change(
        form.id, only_from=[FormState.REVIEW], state=to.value, **decided, **open_
    )
    if not is_first or not tx.cards.close(card_id, by=who, answer=to.value):
        raise CustomerError("card_answered", card=card_id)
    tx.audit.note(who, f"form_{to.value}", review_cards.subject_of(form), card=card_id, order=form.order_id)


def _form_of(tx: Tx, card_id: int) -> OrderForm:
    card = tx.cards.get(card_id)
    if card is None or card.kind != review_cards.KIND:
        raise CustomerError("card_gone")
    form = tx.order_forms.get(int(card.payload["form_id"])) if card.payload.get("form_id") else None
    if form is None:
        raise CustomerError("card_gone")
    return form


def _stored(tx: Tx, card_id: int) -> dict[str, Any]:
    card = tx.cards.get(card_id)
    assert card is not None
    return card.payload


def _locked(tx: Tx, form: OrderForm) -> OrderForm:
    """As it stands now that nobody else can decide about its order."""
    if form.order_id is not None:
        tx.orders.lock(form.order_id)
    found = tx.order_forms.get(form.id)
    assert found is not None
    return found


def _words(typed: str) -> str:
    words = typed.strip()[:LONGEST]
    if not words:
        raise CustomerError("words_needed")
    return words
