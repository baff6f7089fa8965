"""What operators decide about a form that was sent in: approved, asked about, or rejected."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.catalogue import Tariff
from bot.domain.errors import CustomerError
from bot.domain.order_forms import Answer, FormState, OrderForm
from bot.domain.periods import now
from bot.services import review_cards
from bot.services.suspense import THE_HOUSE
from bot.storage.tx import Tx

LEAST_LEFT = timedelta(hours=1)
"""What an operator has at least once the customer has answered him."""

LONGEST_REPLY = 3000


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
    for album in review_cards.albums(review_cards.files_of(sent_in)):
        tx.outbox.to_operators("review_files", under=card_id, customer_id=form.customer_id, album=album)
    return card_id


def replied(tx: Tx, form: OrderForm, answer: Answer) -> None:
    """The customer has answered the reviewer's question: our promise runs again.

    CustomerError "form_decided" where it was decided meanwhile, "nothing_asked" where nobody waits for it.
    """
    now_ = _locked(tx, form)
    if now_.state is not FormState.REVIEW:
        raise CustomerError("form_decided")
    if not now_.question:
        raise CustomerError("nothing_asked")
    card = tx.cards.open_about(review_cards.subject_of(form))
    number = sum(1 for name in now_.answers if name.startswith("reply-")) + 1
    tx.order_forms.answer(form.id, f"reply-{number}", answer)
    left = timedelta(seconds=int(card.payload.get("left", 0))) if card else LEAST_LEFT
    until = now() + max(left, LEAST_LEFT)
    tx.order_forms.change(form.id, question="", review_until=until, overdue_told=False)
    if card is None:
        return
    said = {"question": now_.question, "answer": answer.value[:LONGEST_REPLY], "files": len(answer.files)}
    tx.cards.remember(card.id, {**card.payload, "asked": [*card.payload["asked"], said]})
    tx.outbox.to_operators(
        "review_reply", under=card.id, customer_id=form.customer_id, text=said["answer"], files=said["files"]
    )
    for album in review_cards.albums(answer.files):
        tx.outbox.to_operators("review_files", under=card.id, customer_id=form.customer_id, album=album)


def withdrawn(tx: Tx, form: OrderForm) -> None:
    """The customer has taken it back: its card needs nobody any more, and the group is told so."""
    for card in tx.cards.close_all(review_cards.subject_of(form), by=THE_HOUSE, answer="withdrawn"):
        tx.outbox.to_operators("review_withdrawn", under=card.id, customer_id=form.customer_id)


def _locked(tx: Tx, form: OrderForm) -> OrderForm:
    """As it stands now that nobody else can decide about its order."""
    if form.order_id is not None:
        tx.orders.lock(form.order_id)
    found = tx.order_forms.get(form.id)
    assert found is not None
    return found
