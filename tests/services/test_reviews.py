"""A form that was sent in: what hangs in the group, and what operators decide about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.notices import MAIL
from bot.domain.order_forms import Answer, FormState
from bot.domain.periods import now
from bot.domain.states import OrderState
from bot.services.house import House
from bot.services.made_to_order import reviews
from bot.services.order_links import OrderLinkKind
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.made_to_order import ANSWERS, PICTURES, SentIn, form_of, order_of, send_in
from tests.services.conftest import ANNA, CASHIER, OPERATOR, OWNER, STRANGER, VIEWER

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
async def sent_in(house: House, database: Database, catalogue: Catalogue) -> SentIn:
    return await database.write(lambda tx: send_in(tx, catalogue, ANNA))


@pytest.fixture
async def mailed(house: House, database: Database) -> AsyncIterator[Database]:
    """Letters can leave, and Anna's address is known."""
    await database.write(lambda tx: tx.customers.set_email(ANNA, "anna@example.org"))
    database.listeners.add(MAIL)
    yield database


async def card_of(house: House, sent_in: SentIn) -> Card:
    return await house.desk.card(sent_in.card_id)


async def told(database: Database, kind: str) -> list[dict[str, object]]:
    query = select(outbox.c.payload).where(outbox.c.kind == kind).order_by(outbox.c.id)
    return list(await database.read(lambda tx: tx.connection.scalars(query).all()))


async def test_a_form_hangs_in_the_group_with_its_promise(
    house: House, database: Database, sent_in: SentIn
) -> None:
    card = await card_of(house, sent_in)
    form = await database.read(lambda tx: form_of(tx, sent_in))
    assert card.customer_id == ANNA and card.due_at == form.review_until
    assert form.review_until is not None
    assert timedelta(hours=23) < form.review_until - now() <= timedelta(hours=24)
    assert [answer["value"] for answer in card.payload["told"]][:2] == [
        "https://bakery.example",
        ANSWERS["about"].value,
    ]
    albums = [row["album"] for row in await told(database, "review_files")]
    assert albums == [
        [{"file_id": each.file_id, "kind": "photo", "caption": each.caption} for each in PICTURES],
        [{"file_id": "texts-1", "kind": "document", "caption": ""}],
    ]


async def test_long_answers_come_whole_as_a_file(
    house: House, database: Database, catalogue: Catalogue
) -> None:
    answers = ANSWERS | {"about": Answer("A bakery. " * 400)}
    await database.write(lambda tx: send_in(tx, catalogue, ANNA, answers))
    (payload,) = await told(database, "review_text")
    assert payload["long"]


async def test_an_answer_that_nobody_asked_for_is_refused(house: House, sent_in: SentIn) -> None:
    with pytest.raises(CustomerError, match="nothing_asked"):
        await house.order_forms.reply(ANNA, sent_in.form_id, Answer("Yes"))


async def test_what_is_withdrawn_needs_nobody(house: House, database: Database, sent_in: SentIn) -> None:
    await database.write(lambda tx: reviews.withdrawn(tx, form_of(tx, sent_in)))
    card = await card_of(house, sent_in)
    assert (card.closed_by, card.answer) == (0, "withdrawn")
    assert len(await told(database, "review_withdrawn")) == 1


async def test_an_approved_order_can_be_paid_by_the_chat_and_by_the_letters_link(
    house: House, mailed: Database, sent_in: SentIn
) -> None:
    card = await house.reviews.approve(OPERATOR, sent_in.card_id)
    assert (card.closed_by, card.answer) == (OPERATOR, "approved")
    form, order = await mailed.read(lambda tx: (form_of(tx, sent_in), order_of(tx, sent_in)))
    assert (form.state, form.decided_by, form.review_until) == (FormState.APPROVED, OPERATOR, None)
    assert order.state is OrderState.AWAITING
    assert timedelta(days=6) < order.expires_at - now() <= timedelta(days=7)
    (notice,) = await told(mailed, "form_approved")
    (letter,) = await told(mailed, "order_confirmed")
    assert notice["terms"] == letter["terms"] != {}
    token = str(letter["url"]).rpartition("/order/")[2]
    view = await house.order_links.look(token)
    assert (view.kind, view.order.id) == (OrderLinkKind.PAYABLE, order.id)


async def test_a_rejected_order_takes_no_money_and_says_why(
    house: House, database: Database, sent_in: SentIn
) -> None:
    await house.reviews.reject(OPERATOR, sent_in.card_id, "No pictures at all")
    form, order = await database.read(lambda tx: (form_of(tx, sent_in), order_of(tx, sent_in)))
    assert (form.state, form.reason) == (FormState.REJECTED, "No pictures at all")
    assert order.state is OrderState.CANCELLED
    (notice,) = await told(database, "form_rejected")
    assert notice["reason"] == "No pictures at all"


async def test_the_promise_rests_while_the_customer_is_asked(
    house: House, database: Database, catalogue: Catalogue
) -> None:
    """Promised until Tuesday noon; asked with four hours of work left, answered on Friday evening."""
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=MOSCOW), tick=False) as clock:
        sent_in = await database.write(lambda tx: send_in(tx, catalogue, ANNA))
        clock.move_to(datetime(2026, 11, 23, 17, tzinfo=MOSCOW))
        await house.reviews.ask(OPERATOR, sent_in.card_id, "Which colours?")
        form = await database.read(lambda tx: form_of(tx, sent_in))
        assert (form.question, form.review_until) == ("Which colours?", None)
        clock.move_to(datetime(2026, 11, 27, 17, tzinfo=MOSCOW))
        assert await house.reviews.raise_overdue() == 0, "it is the customer's turn"
        await house.order_forms.reply(ANNA, sent_in.form_id, Answer("Red, see", files=PICTURES))
        form = await database.read(lambda tx: form_of(tx, sent_in))
        assert (form.review_until, form.question) == (datetime(2026, 11, 30, 12, tzinfo=MOSCOW), "")
        card = await card_of(house, sent_in)
        assert card.payload["asked"] == [{"question": "Which colours?", "answer": "Red, see", "files": 2}]
        clock.move_to(datetime(2026, 11, 30, 12, 1, tzinfo=MOSCOW))
        assert await house.reviews.raise_overdue() == 1
        assert await house.reviews.raise_overdue() == 0, "once"
    assert [row["under"] for row in await told(database, "review_reply")] == [sent_in.card_id]
    assert len(await told(database, "review_files")) == 3
    assert len(await told(database, "review")) == 2


async def test_whoever_may_only_look_decides_nothing(house: House, sent_in: SentIn) -> None:
    reviews_ = house.reviews
    for who in (VIEWER, STRANGER):
        for decide in (
            reviews_.approve(who, sent_in.card_id),
            reviews_.reject(who, sent_in.card_id, "no"),
            reviews_.ask(who, sent_in.card_id, "what?"),
        ):
            with pytest.raises(CustomerError, match="not_allowed"):
                await decide
    assert (await card_of(house, sent_in)).closed_by is None


async def test_two_decide_at_once_and_one_is_first(house: House, database: Database, sent_in: SentIn) -> None:
    outcomes = await asyncio.gather(
        house.reviews.approve(OPERATOR, sent_in.card_id),
        house.reviews.approve(CASHIER, sent_in.card_id),
        house.reviews.reject(OWNER, sent_in.card_id, "no"),
        return_exceptions=True,
    )
    refusals = [each for each in outcomes if isinstance(each, CustomerError)]
    assert [each.code for each in refusals] == ["card_answered", "card_answered"]
    assert len(await told(database, "form_approved")) + len(await told(database, "form_rejected")) == 1


async def test_approved_and_withdrawn_at_once_is_one_of_them(
    house: House, database: Database, sent_in: SentIn
) -> None:
    outcomes = await asyncio.gather(
        house.reviews.approve(OPERATOR, sent_in.card_id),
        house.order_forms.withdraw(ANNA, sent_in.form_id),
        return_exceptions=True,
    )
    assert sum(isinstance(each, CustomerError) for each in outcomes) == 1
    form, order = await database.read(lambda tx: (form_of(tx, sent_in), order_of(tx, sent_in)))
    assert (form.state, order.state) in (
        (FormState.APPROVED, OrderState.AWAITING),
        (FormState.WITHDRAWN, OrderState.CANCELLED),
    )


async def test_an_answer_that_comes_with_the_approval_changes_nothing(
    house: House, database: Database, sent_in: SentIn
) -> None:
    await house.reviews.ask(OPERATOR, sent_in.card_id, "Which colours?")
    approved, replied = await asyncio.gather(
        house.reviews.approve(OPERATOR, sent_in.card_id),
        house.order_forms.reply(ANNA, sent_in.form_id, Answer("Red")),
        return_exceptions=True,
    )
    assert not isinstance(approved, BaseException)
    assert not isinstance(replied, BaseException) or replied.args == ("form_decided",)
    form = await database.read(lambda tx: form_of(tx, sent_in))
    assert (form.state, form.review_until) == (FormState.APPROVED, None)


async def test_who_blocked_the_bot_is_told_by_letter(house: House, mailed: Database, sent_in: SentIn) -> None:
    await mailed.write(lambda tx: tx.customers.set_reachable(ANNA, False))
    await house.reviews.reject(OPERATOR, sent_in.card_id, "No pictures at all")
    query = select(outbox.c.email).where(outbox.c.kind == "form_rejected")
    assert await mailed.read(lambda tx: tx.connection.scalars(query).all()) == ["anna@example.org"]


async def test_nobody_reviews_for_who_wants_to_be_forgotten(
    house: House, database: Database, sent_in: SentIn
) -> None:
    await house.personal_data.forget(ANNA)
    with pytest.raises(CustomerError, match="card_gone"):
        await house.reviews.approve(OPERATOR, sent_in.card_id)
    order = await database.read(lambda tx: order_of(tx, sent_in))
    assert order.state is OrderState.CANCELLED
