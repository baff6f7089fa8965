"""Orders by a form, the customer's side: every answer is kept, it is sent in once, withdrawn, forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.order_forms import Answer, FormState, OrderForm, SentFile
from bot.domain.periods import now
from bot.domain.states import ExtensionCause, OrderState
from bot.services.house import House, build_house
from bot.services.made_to_order.forms import MOST_IN_REVIEW, OrderFormService
from bot.storage.connectors import Bridge
from bot.storage.database import Database
from bot.storage.tables import form_answers, operator_cards, order_forms, order_work, orders, outbox
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.made_to_order import by_the_year
from tests.payers import ROMASHKA
from tests.services.conftest import ANNA, BOB, OPERATOR, WHATSAPP, Count, surroundings
from tests.services.money import begun

APP = "app"
TYPED = {
    "site": "Example.org/shop",
    "about": "Menu, prices\nand a map",
    "systems": "both",
    "email": "Anna@Example.org",
    "phone": "+375 29 123-45-67",
}
"""Whatever must be answered, and a link."""

PICTURE = SentFile("pic-1", "photo", size=120_000)


async def begin(house: House) -> OrderForm:
    return await house.order_forms.begin(ANNA, APP, 12)


async def fill_in(house: House) -> OrderForm:
    form = await begin(house)
    for name, text in TYPED.items():
        await house.order_forms.answer(ANNA, form.id, name, text)
    for name in ("languages", "logo", "texts", "wanted_by"):
        await house.order_forms.skip(ANNA, form.id, name)
    return await house.order_forms.get(ANNA, form.id)


async def send_in(house: House) -> OrderForm:
    form = await fill_in(house)
    return await house.order_forms.send_in(ANNA, form.id)


async def approve(house: House) -> None:
    (card,) = await house.desk.open_cards(OPERATOR)
    await house.reviews.approve(OPERATOR, card.id)


async def pay(house: House, database: Database, fake: FakeGateway, order_id: int) -> None:
    order = await house.orders.get(ANNA, order_id)
    reference = await begun(house, database, order)
    await house.callbacks.receive(fake.name, fake.pay(reference))


async def test_answers_are_kept_in_their_normal_form(house: House) -> None:
    form = await fill_in(house)
    assert {name: form.answers[name].value for name in TYPED} == {
        "site": "https://example.org/shop",
        "about": "Menu, prices\nand a map",
        "systems": "both",
        "email": "Anna@example.org",
        "phone": "+375291234567",
    }


async def test_sending_in_makes_an_order_that_waits_for_review(house: House) -> None:
    form = await send_in(house)
    assert form.state is FormState.REVIEW
    assert form.order_id is not None and form.review_until is not None and form.sent_in_at is not None
    order = await house.orders.get(ANNA, form.order_id)
    assert order.state is OrderState.REVIEW
    assert [str(price.decimal()) for price in order.prices] == ["590.00"]
    assert order.lines[0].connector_id.startswith("new-")
    assert order.lines[0].title == "A mobile app made to order"
    customer = await house.customers.get(ANNA)
    assert customer is not None
    assert (customer.email, customer.phone) == ("Anna@example.org", "+375291234567")


async def test_a_contact_that_is_known_stays(house: House) -> None:
    await house.customers.set_email(ANNA, "old@example.org")
    await send_in(house)
    customer = await house.customers.get(ANNA)
    assert customer is not None and customer.email == "old@example.org"


@time_machine.travel(datetime(2026, 11, 20, 14, 0, tzinfo=UTC), tick=False)  # Friday, 17:00 in Moscow
async def test_an_answer_is_promised_in_working_hours(house: House) -> None:
    form = await send_in(house)
    assert form.review_until == datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # 1, 9, 9 and 5 hours


async def test_a_double_tap_sends_in_once(house: House, count: Count) -> None:
    form = await fill_in(house)
    sent = await asyncio.gather(*(house.order_forms.send_in(ANNA, form.id) for _ in range(5)))
    assert len({each.order_id for each in sent}) == 1
    assert await count(orders) == 1
    assert await count(operator_cards) == 1


async def test_what_is_not_answered_is_not_sent_in(house: House, count: Count) -> None:
    form = await begin(house)
    with pytest.raises(CustomerError, match="form_incomplete"):
        await house.order_forms.send_in(ANNA, form.id)
    with pytest.raises(CustomerError, match="answer_needed"):
        await house.order_forms.skip(ANNA, form.id, "about")
    assert await count(orders) == 0


async def test_a_form_is_nobody_elses(house: House) -> None:
    form = await fill_in(house)
    for doing in (
        house.order_forms.look(BOB, form.id),
        house.order_forms.answer(BOB, form.id, "about", "mine"),
        house.order_forms.add_file(BOB, form.id, "logo", PICTURE),
        house.order_forms.send_in(BOB, form.id),
        house.order_forms.withdraw(BOB, form.id),
        house.order_forms.reply(BOB, form.id, Answer("yes")),
    ):
        with pytest.raises(NotYours):
            await doing


async def test_an_album_of_fifty_leaves_ten_however_it_comes(house: House) -> None:
    form = await begin(house)
    pictures = [SentFile(f"pic-{number}", "photo", size=100) for number in range(50)]
    kept = await asyncio.gather(
        *(house.order_forms.add_file(ANNA, form.id, "logo", each) for each in pictures),
        return_exceptions=True,
    )
    refused = [each for each in kept if isinstance(each, CustomerError)]
    assert [each.code for each in refused] == ["form_files_full"] * 40
    found = await house.order_forms.get(ANNA, form.id)
    assert len(found.answers["logo"].files) == 10
    assert len({file.file_id for file in found.answers["logo"].files}) == 10


@pytest.mark.parametrize(
    ("name", "file", "code"),
    [
        ("texts", SentFile("film", "document", "film.zip", 2_000_000_000), "file_too_large"),
        ("logo", SentFile("film", "document", "film.mp4", 1000), "picture_wanted"),
        ("wanted_by", PICTURE, "day_wanted"),
        ("about", PICTURE, "words_wanted"),
    ],
)
async def test_a_file_that_is_no_answer_is_refused(
    house: House, name: str, file: SentFile, code: str
) -> None:
    form = await begin(house)
    with pytest.raises(CustomerError, match=code):
        await house.order_forms.add_file(ANNA, form.id, name, file)
    assert (await house.order_forms.get(ANNA, form.id)).answers == {}


async def test_files_are_taken_away_again(house: House) -> None:
    form = await begin(house)
    for number in (1, 2):
        await house.order_forms.add_file(ANNA, form.id, "logo", replace(PICTURE, file_id=f"pic-{number}"))
    left = await house.order_forms.remove_file(ANNA, form.id, "logo", "pic-1")
    assert [file.file_id for file in left.answers["logo"].files] == ["pic-2"]
    left = await house.order_forms.remove_file(ANNA, form.id, "logo", "pic-2")
    assert "logo" not in left.answers


async def test_a_form_that_was_left_is_gone_on_with(house: House) -> None:
    first = await begin(house)
    await house.order_forms.answer(ANNA, first.id, "about", "A shop")
    again = await begin(house)
    assert again.id == first.id
    assert again.answers["about"] == Answer("A shop")


async def test_nothing_is_changed_once_it_was_sent_in(house: House) -> None:
    form = await send_in(house)
    for doing in (
        house.order_forms.answer(ANNA, form.id, "about", "Something else"),
        house.order_forms.add_file(ANNA, form.id, "logo", PICTURE),
        house.order_forms.skip(ANNA, form.id, "site"),
    ):
        with pytest.raises(CustomerError, match="form_sent_in"):
            await doing


async def test_it_is_withdrawn_until_it_is_decided(house: House, count: Count) -> None:
    form = await send_in(house)
    assert form.order_id is not None
    for _ in range(2):
        assert (await house.order_forms.withdraw(ANNA, form.id)).state is FormState.WITHDRAWN
    assert (await house.orders.get(ANNA, form.order_id)).state is OrderState.CANCELLED
    assert await count(operator_cards, operator_cards.c.state == "open") == 0
    other = await send_in(house)
    await approve(house)
    with pytest.raises(CustomerError, match="form_decided"):
        await house.order_forms.withdraw(ANNA, other.id)


async def test_a_form_that_is_only_begun_can_be_given_up(house: House, count: Count) -> None:
    form = await begin(house)
    assert (await house.order_forms.withdraw(ANNA, form.id)).state is FormState.WITHDRAWN
    assert (await begin(house)).id != form.id
    assert await count(orders) == 0


async def test_the_answer_to_a_reviewer_goes_back(house: House) -> None:
    form = await send_in(house)
    (card,) = await house.desk.open_cards(OPERATOR)
    await house.reviews.ask(OPERATOR, card.id, "Which colour?")
    told = await house.order_forms.reply(ANNA, form.id, Answer("Green", (PICTURE,)))
    assert told.question == ""
    assert told.review_until is not None
    assert told.answers["reply-1"] == Answer("Green", (PICTURE,))
    with pytest.raises(CustomerError, match="nothing_asked"):
        await house.order_forms.reply(ANNA, form.id, Answer("Green"))


async def test_who_is_blocked_orders_nothing(house: House, database: Database) -> None:
    form = await fill_in(house)
    await database.write(lambda tx: tx.customers.block(ANNA, "rude"))
    with pytest.raises(CustomerError, match="blocked"):
        await house.order_forms.send_in(ANNA, form.id)
    with pytest.raises(CustomerError, match="blocked"):
        await begin(house)


async def test_other_questions_of_the_catalogue_meanwhile(
    house: House, database: Database, catalogue: Catalogue, count: Count
) -> None:
    """Answers to questions that are gone are ignored; what is required since is asked."""
    form = await fill_in(house)
    tariff = catalogue.tariffs[APP]
    made = tariff.made_to_order
    assert made is not None
    colour = replace(made.form[1], name="colour")
    others = replace(made, form=(*(each for each in made.form if each.name != "site"), colour))
    changed = replace(catalogue, tariffs={APP: replace(tariff, made_to_order=others)})
    service = OrderFormService(database, changed, house.order_forms._zone)
    with pytest.raises(CustomerError, match="form_incomplete"):
        await service.send_in(ANNA, form.id)
    with pytest.raises(CustomerError, match="question_gone"):
        await service.answer(ANNA, form.id, "site", "example.org")
    await service.answer(ANNA, form.id, "colour", "Green")
    assert (await service.send_in(ANNA, form.id)).state is FormState.REVIEW
    assert await count(orders) == 1


async def test_somebody_is_reminded_once_and_forgotten_in_the_end(house: House, count: Count) -> None:
    start = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        form = await fill_in(house)
        clock.shift(timedelta(days=3, minutes=-1))
        assert await house.waiting_forms.remind_due() == 0
        clock.shift(timedelta(minutes=1))
        assert await house.waiting_forms.remind_due() == 1
        clock.shift(timedelta(days=30))
        assert await house.waiting_forms.remind_due() == 0
        assert await count(outbox, outbox.c.kind == "form_waits") == 1
        assert (await begin(house)).answers["about"] == form.answers["about"], "after a month all is there"
        clock.shift(timedelta(days=60))
        assert await house.waiting_forms.forget_abandoned() == 1
        assert await count(order_forms) == 0


async def test_a_form_that_was_given_up_is_forgotten_as_well(house: House, count: Count) -> None:
    with time_machine.travel(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), tick=False) as clock:
        form = await fill_in(house)
        await house.order_forms.withdraw(ANNA, form.id)
        clock.shift(timedelta(days=59))
        assert await house.waiting_forms.forget_abandoned() == 0
        clock.shift(timedelta(days=1))
        assert await house.waiting_forms.forget_abandoned() == 1
        assert await count(form_answers) == 0


async def test_answers_of_what_came_to_nothing_are_forgotten(
    house: House, database: Database, count: Count
) -> None:
    with time_machine.travel(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), tick=False) as clock:
        form = await send_in(house)
        clock.shift(timedelta(days=100))
        assert await house.waiting_forms.forget_answers() == 0, "somebody still looks at it"
        await house.order_forms.withdraw(ANNA, form.id)
        clock.shift(timedelta(days=59))
        assert await house.waiting_forms.forget_answers() == 0
        clock.shift(timedelta(days=1))
        assert await house.waiting_forms.forget_answers() == 1
        assert await house.waiting_forms.forget_answers() == 0
    assert (await count(form_answers), await count(order_forms)) == (0, 1)
    card = await database.read(lambda tx: tx.cards.last_about(f"form:{form.id}", "review"))
    assert card is not None and card.payload["told"] == []


async def test_what_was_sent_in_is_not_forgotten(house: House, count: Count) -> None:
    with time_machine.travel(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), tick=False) as clock:
        await send_in(house)
        clock.shift(timedelta(days=100))
        assert await house.waiting_forms.remind_due() == 0
        assert await house.waiting_forms.forget_abandoned() == 0
        assert await count(order_forms) == 1


async def test_the_list_shows_orders_without_a_form_as_well(house: House, database: Database) -> None:
    form = await send_in(house)
    await database.write(
        lambda tx: tx.connectors.add(
            Connector("app-1", "app", "An app", APP, tx.customers.person(ANNA), None, None)
        )
    )
    by_hand = await house.orders.place(ANNA, ["app-1"], 12)
    await house.orders.place(ANNA, [WHATSAPP], 1)
    page = await house.order_forms.page(ANNA)
    told = {
        (view.form.id if view.form else None, view.order.id if view.order else None) for view in page.items
    }
    assert told == {(form.id, form.order_id), (None, by_hand.id)}
    assert (await house.order_forms.page(BOB)).total == 0


async def test_what_is_made_to_order_is_paid_for_by_its_own_order_alone(
    house: House,
) -> None:
    form = await send_in(house)
    assert form.order_id is not None
    order = await house.orders.get(ANNA, form.order_id)
    (line,) = order.lines
    assert line.connector_id not in [each.id for each in (await house.connectors.page(ANNA)).items]
    with pytest.raises(CustomerError, match="made_to_order"):
        await house.orders.place(ANNA, [line.connector_id], 12)
    await house.order_forms.withdraw(ANNA, form.id)
    with pytest.raises(CustomerError, match="made_to_order"):
        await house.orders.place(ANNA, [line.connector_id], 12)
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED


async def test_what_is_paid_for_once_is_paid_for_once(
    house: House, database: Database, fake: FakeGateway
) -> None:
    form = await send_in(house)
    assert form.order_id is not None
    await approve(house)
    await pay(house, database, fake, form.order_id)
    connector_id = (await house.orders.get(ANNA, form.order_id)).lines[0].connector_id
    assert connector_id in [each.id for each in (await house.connectors.page(ANNA)).items]
    to_pay = await house.connectors.page(ANNA, to_pay=True)
    assert connector_id not in [each.id for each in to_pay.items]
    assert to_pay.total == len(to_pay.items) == 2
    with pytest.raises(CustomerError, match="paid_once"):
        await house.orders.place(ANNA, [connector_id], 12)
    token = await house.connector_links.to_pay(connector_id)
    with pytest.raises(CustomerError, match="paid_once"):
        await house.connector_links.open_to_pay(BOB, token)


async def test_days_that_were_lent_are_no_payment(house: House, database: Database) -> None:
    def lend(tx: Tx) -> None:
        payer, today = tx.customers.person(ANNA), now().date()
        app = Connector("app-1", "app", "An app", APP, payer, None, None)
        tx.connectors.add(app)
        until, bridge = today + timedelta(days=5), Bridge(None, today)
        tx.connectors.extend(app, until, anchor_day=None, cause=ExtensionCause.BRIDGE, bridge=bridge)

    await database.write(lend)
    assert "app-1" in [each.id for each in (await house.connectors.page(ANNA, to_pay=True)).items]
    order = await house.orders.place(ANNA, ["app-1"], 12)
    assert order.state is OrderState.AWAITING


async def test_only_the_first_payment_begins_work(
    database: Database, fake: FakeGateway, count: Count, catalogue: Catalogue
) -> None:
    house = build_house(database, surroundings(by_the_year(catalogue), fake))
    await house.customers.greet(ANNA, name="Anna", language="en")
    form = await send_in(house)
    assert form.order_id is not None
    await approve(house)
    await pay(house, database, fake, form.order_id)
    order = await house.orders.get(ANNA, form.order_id)
    assert order.state is OrderState.PAID
    connector_id = order.lines[0].connector_id
    assert connector_id in [each.id for each in (await house.connectors.page(ANNA)).items]
    assert connector_id in [each.id for each in (await house.connectors.page(ANNA, to_pay=True)).items]
    again = await house.orders.place(ANNA, [connector_id], 12)
    await pay(house, database, fake, again.id)
    assert (await house.orders.get(ANNA, again.id)).state is OrderState.FULFILLED
    assert await count(order_work) == 1


async def test_approving_and_withdrawing_at_once_end_as_one_of_them(house: House, count: Count) -> None:
    form = await send_in(house)
    assert form.order_id is not None
    (card,) = await house.desk.open_cards(OPERATOR)
    ended = await asyncio.gather(
        house.reviews.approve(OPERATOR, card.id),
        house.order_forms.withdraw(ANNA, form.id),
        return_exceptions=True,
    )
    assert len([each for each in ended if isinstance(each, CustomerError)]) == 1
    form = await house.order_forms.get(ANNA, form.id)
    order = await house.orders.get(ANNA, form.order_id or 0)
    assert (form.state, order.state) in (
        (FormState.APPROVED, OrderState.AWAITING),
        (FormState.WITHDRAWN, OrderState.CANCELLED),
    )
    assert await count(operator_cards, operator_cards.c.state == "open") == 0


async def test_answers_at_the_same_moment_are_all_kept(house: House) -> None:
    form = await begin(house)
    await asyncio.gather(
        *(house.order_forms.answer(ANNA, form.id, name, text) for name, text in TYPED.items()),
        *(house.order_forms.answer(ANNA, form.id, "about", TYPED["about"]) for _ in range(5)),
    )
    assert set((await house.order_forms.get(ANNA, form.id)).answers) == set(TYPED)


async def test_a_firm_of_his_may_pay(house: House) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    theirs = await house.payers.save(BOB, None, ROMASHKA)
    form = await fill_in(house)
    with pytest.raises(NotYours):
        await house.order_forms.choose_payer(ANNA, form.id, theirs.id)
    await house.order_forms.choose_payer(ANNA, form.id, firm.id)
    form = await house.order_forms.send_in(ANNA, form.id)
    assert (await house.orders.get(ANNA, form.order_id or 0)).payer_id == firm.id == form.payer_id
    with pytest.raises(CustomerError, match="form_sent_in"):
        await house.order_forms.choose_payer(ANNA, form.id, firm.id)


async def test_the_operators_are_not_flooded(house: House, count: Count) -> None:
    for _ in range(MOST_IN_REVIEW):
        await send_in(house)
    with pytest.raises(CustomerError, match="too_many_orders"):
        await send_in(house)
    assert await count(orders) == MOST_IN_REVIEW


async def test_nobody_is_charged_again_for_what_is_made_to_order(house: House) -> None:
    form = await send_in(house)
    await approve(house)
    assert await house.autopays.offer_for_order(ANNA, form.order_id or 0, "BYN") is None


async def test_an_order_of_other_things_has_no_page_here(house: House) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    with pytest.raises(NotYours):
        await house.order_forms.look_at_order(ANNA, order.id)
