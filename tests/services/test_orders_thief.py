"""Forms, work, callers' links, the blocked and the forgotten, days: what thieves and haste may try there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, KassirError, NotYours
from bot.domain.money import STARS, Money, zero
from bot.domain.order_forms import FormState
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.refunds import RefundState
from bot.domain.states import OrderState
from bot.domain.takings import Span
from bot.services.acts.dates import Shift
from bot.services.acts.moving_money import Outside, Transfer
from bot.services.house import House
from bot.services.made_to_order.work_cards import subject_of
from bot.storage.database import Database
from bot.storage.tables import customer_links, outbox
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.made_to_order import SentIn, form_of, order_of, send_in
from tests.services.acts.test_callers import CALLER, ordered
from tests.services.acts.test_people import FIRM, SUM, person, rich
from tests.services.acts.test_people import balance as balance_of
from tests.services.conftest import ANNA, BOB, CASHIER, LINE, OPERATOR, OWNER, STRANGER, VIEWER, WHATSAPP
from tests.services.money import balance, begun, price_of, reference_of
from tests.services.test_desk import refused_with
from tests.services.test_desk_thief import at_once, last, went
from tests.services.test_refund_requests import pay, plan

WHY = "as agreed"
HUGE = (10**18, 2**63 - 1, 2**63, 10**30)


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def sent_in(house: House, database: Database, catalogue: Catalogue) -> SentIn:
    return await database.write(lambda tx: send_in(tx, catalogue, ANNA))


async def token_of(house: House, database: Database, order_id: int) -> str:
    def give(tx: Tx) -> str:
        order = tx.orders.get(order_id)
        assert order is not None
        return house.reviews._links.give(tx, order).rpartition("/")[2]

    return await database.write(give)


async def begun_made(house: House, database: Database, sent_in: SentIn) -> str:
    """Approved, and its payment begun; the reference."""
    await house.reviews.approve(OPERATOR, sent_in.card_id)
    link = await house.payments.start(ANNA, sent_in.order_id, "fake", "BYN")
    return await reference_of(database, link.payment_id)


async def paid_made(house: House, database: Database, fake: FakeGateway, sent_in: SentIn) -> Payment:
    reference = await begun_made(house, database, sent_in)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    return payment


class TestForms:
    async def test_four_words_at_once_and_one_counts(
        self, house: House, database: Database, sent_in: SentIn
    ) -> None:
        ended = await at_once(
            house.reviews.approve(OPERATOR, sent_in.card_id),
            house.reviews.reject(CASHIER, sent_in.card_id, "no"),
            house.order_forms.withdraw(ANNA, sent_in.form_id),
            house.reviews.approve(OWNER, sent_in.card_id),
        )
        assert went(ended) == 1
        form = await database.read(lambda tx: form_of(tx, sent_in))
        order = await database.read(lambda tx: order_of(tx, sent_in))
        is_approved = form.state is FormState.APPROVED
        assert (order.state is OrderState.AWAITING) == is_approved

    async def test_nothing_pays_what_nobody_approved(
        self, house: House, database: Database, fake: FakeGateway, sent_in: SentIn
    ) -> None:
        token = await token_of(house, database, sent_in.order_id)
        order = await database.read(lambda tx: order_of(tx, sent_in))
        paid = Outside(order.id, order.prices[0], "KO-1")
        for act in (
            house.payments.start(ANNA, order.id, "fake", "BYN"),
            house.order_links.begin(token, "fake", "BYN"),
            house.acts.money.mark_paid(OWNER, paid, WHY),
            house.acts.money.pay_from_balance(OWNER, order.id, "BYN", WHY),
            house.orders.settle(ANNA, order.id, "BYN"),
            house.invoices.issue(ANNA, order.id, "BYN"),
        ):
            with pytest.raises(CustomerError):
                await act
        assert fake.sales == {}
        assert await database.read(lambda tx: tx.cards.open_about(subject_of(order.id))) is None

    async def test_paid_and_given_up_at_once(
        self, house: House, database: Database, fake: FakeGateway, sent_in: SentIn
    ) -> None:
        reference = await begun_made(house, database, sent_in)
        await refused_with("form_decided", house.order_forms.withdraw(ANNA, sent_in.form_id))
        await at_once(
            house.callbacks.receive("fake", fake.pay(reference)),
            house.orders.cancel(ANNA, sent_in.order_id),
        )
        order = await database.read(lambda tx: order_of(tx, sent_in))
        rests = await balance(database, "BYN")
        assert (order.state is OrderState.PAID) == (rests == zero("BYN"))

    async def test_of_other_peoples_forms_nothing_is_to_be_had(self, house: House, sent_in: SentIn) -> None:
        forms, form = house.order_forms, sent_in.form_id
        for act in (
            forms.get(BOB, form),
            forms.look(BOB, form),
            forms.look_at_order(BOB, sent_in.order_id),
            forms.send_in(BOB, form),
            forms.withdraw(BOB, form),
            forms.answer(BOB, form, "site", "https://x.example"),
        ):
            with pytest.raises(NotYours):
                await act

    async def test_roles_and_cards_of_another_kind(
        self, house: House, database: Database, fake: FakeGateway, sent_in: SentIn
    ) -> None:
        for who in (ANNA, STRANGER, VIEWER):
            await refused_with("not_allowed", house.reviews.approve(who, sent_in.card_id))
        payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 1))
        await house.refund_wishes.ask(ANNA, payment.id, "why not")
        wish = await database.read(lambda tx: tx.cards.open(50))
        (card,) = [each.id for each in wish if each.kind == "refund_asked"]
        await refused_with("card_gone", house.reviews.approve(OWNER, card))
        await refused_with("card_gone", house.order_work.move(OWNER, card, 0))
        await refused_with("card_gone", house.acts.money.second(OWNER, card))
        await refused_with("card_gone", house.acts.moves.second(OWNER, card))
        await refused_with("card_gone", house.order_work.move(OWNER, sent_in.card_id, 0))
        await refused_with("not_found", house.desk.give_to_customer(OWNER, sent_in.card_id, 1, ANNA))
        await refused_with("not_found", house.refund_outcomes.sent_by_hand(OWNER, sent_in.card_id, "1"))

    async def test_approved_he_is_blocked_and_pays_nothing(
        self, house: House, database: Database, sent_in: SentIn
    ) -> None:
        token = await token_of(house, database, sent_in.order_id)
        await house.reviews.approve(OPERATOR, sent_in.card_id)
        await house.acts.blocking.block(CASHIER, ANNA, WHY)
        await refused_with("blocked", house.order_links.begin(token, "fake", "BYN"))
        await refused_with("blocked", house.payments.start(ANNA, sent_in.order_id, "fake", "BYN"))

    async def test_what_is_approved_while_he_is_forgotten_is_owed_by_nobody(
        self, house: House, database: Database, sent_in: SentIn
    ) -> None:
        token = await token_of(house, database, sent_in.order_id)
        ended = await at_once(
            house.reviews.approve(OPERATOR, sent_in.card_id), house.personal_data.forget(ANNA)
        )
        assert went(ended) >= 1
        with pytest.raises(CustomerError):
            await house.order_links.begin(token, "fake", "BYN")

    async def test_stages_are_reached_once_and_not_after_the_money_went(
        self, house: House, database: Database, fake: FakeGateway, sent_in: SentIn
    ) -> None:
        payment = await paid_made(house, database, fake, sent_in)
        card = await database.read(lambda tx: tx.cards.open_about(subject_of(sent_in.order_id)))
        assert card is not None
        move = house.order_work.move
        ended = await at_once(*(move(who, card.id, 0) for who in (OPERATOR, CASHIER, OWNER)))
        assert went(ended) == 1
        for to in (-1, 0, 2, 99):
            with pytest.raises(CustomerError):
                await move(OWNER, card.id, to)
        ended = await at_once(
            house.refunds.refund(payment.id, payment.amount, who=OWNER, reason=WHY), move(OWNER, card.id, 1)
        )
        assert not isinstance(ended[0], BaseException)
        with pytest.raises(CustomerError):
            await move(OWNER, card.id, 2)
        order = await database.read(lambda tx: order_of(tx, sent_in))
        assert order.state is OrderState.REFUNDED

    async def test_undone_stages_make_no_order_of_a_refunded_one(
        self, house: House, database: Database, fake: FakeGateway, sent_in: SentIn
    ) -> None:
        payment = await paid_made(house, database, fake, sent_in)
        card = await database.read(lambda tx: tx.cards.open_about(subject_of(sent_in.order_id)))
        assert card is not None
        for to in range(len(card.payload["stages"])):
            await house.order_work.move(OPERATOR, card.id, to)
        assert (await database.read(lambda tx: order_of(tx, sent_in))).state is OrderState.FULFILLED
        await house.refunds.refund(payment.id, payment.amount, who=OWNER, reason=WHY)
        with pytest.raises(CustomerError):
            await house.order_work.undo(OPERATOR, card.id)


class TestCallers:
    async def test_a_link_is_nobodys_twice(self, house: House, database: Database, fake: FakeGateway) -> None:
        caller = await house.acts.callers.meet(OPERATOR, CALLER)
        await rich(house, fake, database, caller.id, await person(database, caller.id))
        token = await house.acts.callers.link(OPERATOR, caller.id)
        claim = house.acts.callers.claim
        ended = await at_once(*(claim(who, token) for who in (ANNA, BOB, ANNA, BOB)))
        assert went(ended) == 2, "the second press of whoever was first changes nothing"
        both = [await balance_of(database, await person(database, who)) for who in (ANNA, BOB)]
        assert sorted(both) == [zero("RUB"), SUM]

    async def test_a_link_dies_with_its_time_and_its_caller(self, house: House, database: Database) -> None:
        caller = await house.acts.callers.meet(OPERATOR, CALLER)
        token = await house.acts.callers.link(OPERATOR, caller.id)
        over = update(customer_links).values(expires_at=now() - timedelta(days=1))
        await database.write(lambda tx: tx.connection.execute(over) and None)
        await refused_with("link_over", house.acts.callers.claim(ANNA, token))
        await refused_with(
            "start_first",
            house.acts.callers.claim(STRANGER, await house.acts.callers.link(OPERATOR, caller.id)),
        )

    async def test_a_caller_who_was_moved_is_claimed_by_nobody_else(
        self, house: House, database: Database
    ) -> None:
        caller = await house.acts.callers.meet(OPERATOR, CALLER)
        token = await house.acts.callers.link(OPERATOR, caller.id)
        card = await house.acts.moves.ask(CASHIER, caller.id, ANNA, WHY)
        ended = await at_once(house.acts.moves.second(OWNER, card.id), house.acts.callers.claim(BOB, token))
        assert went(ended) == 1
        with pytest.raises(CustomerError):
            await house.acts.callers.claim(BOB if isinstance(ended[1], Exception) else ANNA, token)

    async def test_a_caller_who_was_forgotten_is_nobodys(self, house: House, database: Database) -> None:
        caller = await house.acts.callers.meet(OPERATOR, CALLER)
        token = await house.acts.callers.link(OPERATOR, caller.id)
        await house.personal_data.forget(caller.id)
        await house.personal_data.carry_out()
        with pytest.raises(CustomerError):
            await house.acts.callers.claim(BOB, token)
        with pytest.raises(CustomerError):
            await ordered(house, caller)

    async def test_who_wants_to_be_forgotten_takes_no_caller_over(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        caller = await house.acts.callers.meet(OPERATOR, CALLER)
        token = await house.acts.callers.link(OPERATOR, caller.id)
        await rich(house, fake, database, ANNA, await person(database, ANNA))
        await house.personal_data.forget(ANNA)
        await refused_with("move_forgetting", house.acts.callers.claim(ANNA, token))
        await house.acts.callers.claim(BOB, token)

    @pytest.mark.parametrize("minor", [0, -1, -(10**9), *HUGE])
    async def test_sums_that_are_none(self, house: House, minor: int) -> None:
        with pytest.raises(CustomerError):
            await house.acts.caller_orders.sum_link(OPERATOR, ANNA, Money(minor, "RUB"), WHY)

    async def test_stars_are_asked_for_by_no_link(self, house: House) -> None:
        with pytest.raises(KassirError):
            await house.acts.caller_orders.sum_link(OPERATOR, ANNA, Money(5, STARS), WHY)

    async def test_what_a_customer_may_not_order_nobody_orders_for_him(
        self, house: House, database: Database, sent_in: SentIn
    ) -> None:
        orders = house.acts.caller_orders
        await house.acts.blocking.block(CASHIER, ANNA, WHY)
        await refused_with("blocked", orders.order(OPERATOR, ANNA, WHATSAPP, 1))
        await refused_with("blocked", orders.add(OPERATOR, ANNA, "whatsapp", "Line"))
        await refused_with("not_addable", orders.add(OPERATOR, BOB, "app", "App"))
        for months in (0, -1, 5, 10**9):
            with pytest.raises(CustomerError):
                await orders.order(OPERATOR, BOB, WHATSAPP, months)
        for who in (ANNA, VIEWER, STRANGER):
            await refused_with("not_allowed", orders.order(who, BOB, WHATSAPP, 1))
            await refused_with("not_allowed", house.acts.callers.link(who, BOB))

    async def test_a_payer_is_named_for_open_orders_alone(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        await pay(house, database, fake, order)
        await refused_with("order_not_open", house.acts.caller_orders.name_payer(OPERATOR, order.id, FIRM))


class TestBlocked:
    async def test_every_door_is_shut(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        mine = await person(database, ANNA)
        for _times in range(3):
            await rich(house, fake, database, ANNA, mine)
        token = await token_of(house, database, order.id)
        await house.acts.blocking.block(CASHIER, ANNA, WHY)
        for act in (
            house.payments.start(ANNA, order.id, "fake"),
            house.payments.start_top_up(ANNA, mine, "fake", SUM),
            house.order_links.begin(token, "fake", "RUB"),
            house.orders.place(ANNA, [LINE], 1),
            house.orders.settle(ANNA, order.id, "RUB"),
            house.invoices.issue(ANNA, order.id, "RUB"),
        ):
            await refused_with("blocked", act)
        assert await balance_of(database, mine) == SUM * 3

    async def test_his_money_is_his_all_the_same(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        await house.acts.blocking.block(CASHIER, ANNA, WHY)
        await house.callbacks.receive("fake", fake.pay(reference))
        assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
        payment = await database.read(lambda tx: tx.payments.by_reference(reference))
        assert payment is not None
        await house.refund_wishes.ask(ANNA, payment.id, "so give it back")
        done = await house.refund_requests.propose(CASHIER, plan(payment))
        assert done.request.state is RefundState.DONE

    async def test_who_moves_away_stays_blocked(self, house: House, database: Database) -> None:
        await house.acts.blocking.block(CASHIER, ANNA, WHY)
        card = await house.acts.moves.ask(CASHIER, ANNA, BOB, WHY)
        await house.acts.moves.second(OWNER, card.id)
        await refused_with("blocked", house.orders.place(BOB, [WHATSAPP], 1))


class TestForgotten:
    async def test_a_refund_that_was_proposed_goes_to_nobody_unasked(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        """Who was forgotten meanwhile gets his money back all the same, and the request has an end."""
        payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 12))
        await house.refund_requests.propose(CASHIER, plan(payment))
        await house.personal_data.forget(ANNA)
        await house.personal_data.carry_out()
        request = await last(database, payment)
        if request.state is RefundState.PROPOSED:
            await house.refund_requests.confirm(OWNER, request.id)
            assert (await last(database, payment)).state is RefundState.DONE
        names = select(outbox.c.id).where(outbox.c.address == ANNA, outbox.c.kind == "refunded")
        assert await database.read(lambda tx: tx.connection.execute(names).first()) is None

    async def test_a_wish_of_who_is_forgotten(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        payment = await pay(house, database, fake, order)
        await house.refund_wishes.ask(ANNA, payment.id, "me first")
        await house.personal_data.forget(ANNA)
        await house.personal_data.carry_out()
        with pytest.raises(CustomerError):
            await house.refund_wishes.offer(ANNA, payment.id)
        cards = await database.read(lambda tx: tx.cards.open(50))
        waiting = [each for each in cards if each.kind == "refund_asked"]
        for each in waiting:
            await house.refund_requests.decline(OWNER, each.payload["request_id"], WHY)

    async def test_a_move_to_or_from_who_is_going(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        card = await house.acts.moves.ask(CASHIER, ANNA, BOB, WHY)
        await house.personal_data.forget(BOB)
        await house.personal_data.carry_out()
        with pytest.raises(CustomerError):
            await house.acts.moves.second(OWNER, card.id)
        assert (await house.connectors.get(ANNA, WHATSAPP)).id == WHATSAPP

    async def test_money_on_its_way_to_who_was_moved_twice(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        for old, new in ((ANNA, BOB), (BOB, ANNA), (ANNA, BOB)):
            card = await house.acts.moves.ask(CASHIER, old, new, WHY)
            await house.acts.moves.second(OWNER, card.id)
        await house.callbacks.receive("fake", fake.pay(reference))
        assert (await house.orders.get(BOB, order.id)).state is OrderState.FULFILLED
        assert await balance_of(database, await person(database, ANNA)) == zero("RUB")

    async def test_moved_and_paid_and_joined_at_once(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        mine, bobs = await person(database, ANNA), await person(database, BOB)
        card = await house.acts.moves.ask(CASHIER, ANNA, BOB, WHY)
        await at_once(
            house.acts.moves.second(OWNER, card.id),
            house.callbacks.receive("fake", fake.pay(reference)),
            house.acts.payers.join(OWNER, mine, bobs, WHY),
            house.acts.payers.join(OWNER, bobs, mine, WHY),
        )
        found = await database.read(lambda tx: tx.orders.get(order.id))
        assert found is not None and found.state is OrderState.FULFILLED


class TestDates:
    @pytest.mark.parametrize("days", [0, 367, -367, 10**9, -(10**12)])
    async def test_days_that_no_calendar_has(self, house: House, days: int) -> None:
        connector = await house.acts.dates.of(CASHIER, WHATSAPP)
        move = house.acts.dates.move(
            CASHIER, WHATSAPP, Shift(days=days), WHY, seen=connector.sequence, silently=True
        )
        await refused_with("act_days_wrong", move)

    @pytest.mark.parametrize("to", [date.min, date.max, date(1970, 1, 1)])
    async def test_dates_that_no_calendar_has(self, house: House, to: date) -> None:
        connector = await house.acts.dates.of(CASHIER, WHATSAPP)
        move = house.acts.dates.move(
            CASHIER, WHATSAPP, Shift(to=to), WHY, seen=connector.sequence, silently=True
        )
        await refused_with("act_date_wrong", move)

    async def test_days_without_end_are_not_given_a_year_at_a_time(self, house: House) -> None:
        with pytest.raises(CustomerError):
            for _year in range(20):
                connector = await house.acts.dates.of(CASHIER, WHATSAPP)
                await house.acts.dates.move(
                    CASHIER, WHATSAPP, Shift(days=366), WHY, seen=connector.sequence, silently=True
                )

    async def test_paid_and_moved_at_once_both_count(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        seen = (await house.acts.dates.of(CASHIER, WHATSAPP)).sequence
        ended = await at_once(
            house.acts.dates.move(CASHIER, WHATSAPP, Shift(days=7), WHY, seen=seen, silently=False),
            house.acts.dates.move(OWNER, WHATSAPP, Shift(days=7), WHY, seen=seen, silently=False),
            house.callbacks.receive("fake", fake.pay(reference)),
        )
        assert went(ended[:2]) <= 1
        assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED


class TestDays:
    async def test_what_two_book_is_booked_once(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        fake.pay(reference)
        day = house.takings.today()
        closing = await house.day_closings.compare(CASHIER, day)
        ((_provider, missing),) = closing.open_differences
        ended = await at_once(*(house.day_closings.book(who, missing.id) for who in (CASHIER, OWNER)))
        assert went(ended) == 1
        assert await balance(database) == zero("RUB")
        total = (await house.takings.report(Span(day, day))).total("RUB")
        assert (total.came, total.movements) == (price_of(order), 1)

    async def test_what_came_meanwhile_is_not_booked_again(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        callback = fake.pay(reference)
        ((_provider, missing),) = (
            await house.day_closings.compare(CASHIER, house.takings.today())
        ).open_differences
        await at_once(house.callbacks.receive("fake", callback), house.day_closings.book(CASHIER, missing.id))
        await house.callbacks.receive("fake", callback)
        assert await balance(database) == zero("RUB")

    async def test_what_is_in_suspense_was_given_away_meanwhile(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        """The callback came to nobody; its money is Bob's before the day is compared and booked."""
        await house.callbacks.receive("fake", fake.pay("nobody-knows-this-reference", SUM))
        (card,) = [each for each in await house.desk.open_cards(OWNER) if each.subject.startswith("event:")]
        event = int(card.subject.removeprefix("event:"))
        gives = house.desk.give_to_customer
        ended = await at_once(gives(CASHIER, card.id, event, BOB), gives(OWNER, card.id, event, ANNA))
        assert went(ended) == 1
        closing = await house.day_closings.compare(CASHIER, house.takings.today())
        assert closing.open_differences == []
        both = [await balance_of(database, await person(database, who)) for who in (ANNA, BOB)]
        assert sorted(both) == [zero("RUB"), SUM]

    @pytest.mark.parametrize("who", [ANNA, STRANGER, VIEWER, OPERATOR])
    async def test_roles(self, house: House, who: int) -> None:
        day = house.takings.today()
        for act in (
            house.day_closings.compare(who, day),
            house.day_closings.close(who, day),
            house.day_closings.book(who, 1),
            house.day_closings.accept(who, 1, WHY),
        ):
            await refused_with("not_allowed", act)

    async def test_a_day_that_nobody_compared_or_that_is_to_come_is_not_closed(self, house: House) -> None:
        day = house.takings.today()
        for each in (day, day + timedelta(days=1), date.max):
            with pytest.raises(CustomerError):
                await house.day_closings.close(OWNER, each)
        with pytest.raises(CustomerError):
            await house.day_closings.compare(OWNER, day + timedelta(days=1))
        for each in (date.max, date.min):
            with pytest.raises(CustomerError):
                await house.day_closings.compare(OWNER, each)

    async def test_takings_add_up_whatever_is_done_with_the_money(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        payment = await pay(house, database, fake, order)
        day, price = house.takings.today(), price_of(order)
        mine, bobs = await person(database, ANNA), await person(database, BOB)
        await rich(house, fake, database, ANNA, mine)
        await house.acts.money.move(OWNER, Transfer(mine, bobs, SUM, SUM), WHY)
        await house.refund_requests.propose(CASHIER, plan(payment, minor=10_000))
        other = await house.orders.place(ANNA, [LINE], 1)
        await house.acts.money.mark_paid(OWNER, Outside(other.id, price_of(other), "KO-1"), WHY)
        await house.callbacks.receive("fake", fake.pay("nobody-knows-this-reference", SUM))
        report = await house.takings.report(Span(day, day))
        total = report.total("RUB")
        assert total.came == price + SUM + price_of(other) + SUM
        assert total.back == Money(10_000, "RUB")
        (card,) = [each for each in await house.desk.open_cards(OWNER) if each.subject.startswith("event:")]
        await house.desk.give_to_customer(OWNER, card.id, int(card.subject.removeprefix("event:")), BOB)
        assert (await house.takings.report(Span(day, day))).total("RUB") == total
