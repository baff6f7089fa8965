"""The operators' desk in the hands of thieves and of the clumsy: no money is lost, doubled or invented."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError, KassirError, NotYours
from bot.domain.money import STARS, Money, zero
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.refunds import Destination, RefundState, ServiceChange
from bot.domain.states import OrderState, Role
from bot.domain.takings import Span
from bot.services.acts.moving_money import Outside, Transfer
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import attempts, operator_cards, payments
from tests.gateways.fake import Day, FakeGateway
from tests.services.acts.test_people import SUM, person, rich
from tests.services.acts.test_people import balance as balance_of
from tests.services.conftest import (
    ANNA,
    BOB,
    CASHIER,
    LINE,
    OPERATOR,
    OWNER,
    STRANGER,
    VIEWER,
    WHATSAPP,
    Count,
)
from tests.services.money import balance, begun, paid_until, price_of
from tests.services.test_desk import refused_with
from tests.services.test_refund_outcomes import card_of, failed, lost, state_of
from tests.services.test_refund_requests import pay, plan, today

WHY = "as agreed"
PART = Money(150_000, "RUB")
"""Below what takes two."""


@pytest.fixture(scope="session")
def catalogue(catalogue: Catalogue) -> Catalogue:
    """A cashier moves 5 000 ₽ at once; from 2 000 ₽ on it takes two."""
    terms = DeskTerms(
        second_from={"RUB": Money(200_000, "RUB")},
        most={Role.CASHIER: {"RUB": Money(500_000, "RUB")}, Role.OPERATOR: {"RUB": Money(50_000, "RUB")}},
    )
    return replace(catalogue, desk=terms)


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


@pytest.fixture
async def payment(house: House, database: Database, fake: FakeGateway, order: Order) -> Payment:
    return await pay(house, database, fake, order)


async def by_hand(house: House, fake: FakeGateway, payment: Payment) -> int:
    """A refund that its provider would not make, so that a person sends it; the card about it."""
    card = await failed(house, house.books.database, fake, payment)
    await house.refund_outcomes.again(OWNER, card, by_hand=True)
    return await card_of(house.books.database, "refund_by_hand")


async def is_open(database: Database, card_id: int) -> bool:
    query = select(operator_cards.c.closed_by).where(operator_cards.c.id == card_id)
    return await database.read(lambda tx: tx.connection.execute(query).scalar_one()) is None


async def at_once(*acts: Awaitable[Any]) -> list[Any]:
    """What became of them; only refusals are no surprise."""
    ended = await asyncio.gather(*acts, return_exceptions=True)
    for each in ended:
        if isinstance(each, BaseException) and not isinstance(each, KassirError):
            raise each
    return ended


def went(ended: list[Any]) -> int:
    return sum(not isinstance(each, BaseException) for each in ended)


class TestRefundCards:
    """Buttons whose data names another card than the one they hang under."""

    async def test_what_a_person_still_sends_does_not_rest_on_the_balance(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await by_hand(house, fake, payment)
        with pytest.raises(CustomerError):
            await house.refund_outcomes.leave_on_balance(CASHIER, card)
        assert await is_open(database, card)
        await house.refund_outcomes.sent_by_hand(CASHIER, card, "118")
        assert await state_of(database, payment) is RefundState.DONE

    async def test_one_word_does_not_end_a_lost_refund(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await lost(house, database, fake, payment)
        with pytest.raises(CustomerError):
            await house.refund_outcomes.sent_by_hand(CASHIER, card, "118")
        with pytest.raises(CustomerError):
            await house.refund_outcomes.not_by_hand(CASHIER, card)
        with pytest.raises(CustomerError):
            await house.refund_outcomes.leave_on_balance(CASHIER, card)
        assert await state_of(database, payment) is RefundState.SENDING
        assert await balance(database) == zero("RUB")

    async def test_what_may_have_gone_is_not_sent_again(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await lost(house, database, fake, payment)
        fake.day = Day.GOOD
        for hand in (False, True):
            with pytest.raises(CustomerError):
                await house.refund_outcomes.again(OWNER, card, by_hand=hand)
        assert await is_open(database, card)

    async def test_one_refund_is_sent_by_hand_once(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await by_hand(house, fake, payment)
        outcomes = house.refund_outcomes
        ended = await at_once(
            outcomes.sent_by_hand(CASHIER, card, "118"),
            outcomes.sent_by_hand(OWNER, card, "119"),
            outcomes.not_by_hand(OWNER, card),
        )
        assert went(ended) == 1

    async def test_a_lost_refund_that_arrives_after_all_is_not_given_back_too(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await lost(house, database, fake, payment)
        (back,) = fake.sales[payment.provider_payment].refunds.values()
        await house.refund_outcomes.say(CASHIER, card, "")
        await house.callbacks.receive("fake", fake.callback(back))
        with pytest.raises(CustomerError):
            await house.refund_outcomes.say(OWNER, card, "")
        assert await balance(database) == zero("RUB")
        assert await state_of(database, payment) is RefundState.DONE

    async def test_what_was_said_to_be_lost_and_arrives_is_taken_from_the_balance(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await lost(house, database, fake, payment)
        (back,) = fake.sales[payment.provider_payment].refunds.values()
        for who in (CASHIER, OWNER):
            await house.refund_outcomes.say(who, card, "")
        for _twice in range(2):
            await house.callbacks.receive("fake", fake.callback(back))
        assert await balance(database) == zero("RUB")

    async def test_a_failed_refund_ends_one_way(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await failed(house, database, fake, payment)
        outcomes = house.refund_outcomes
        ended = await at_once(
            outcomes.again(CASHIER, card),
            outcomes.again(OWNER, card, by_hand=True),
            outcomes.leave_on_balance(OWNER, card),
        )
        assert went(ended) == 1

    async def test_the_rest_of_a_failed_refund_was_spent_meanwhile(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        card = await failed(house, database, fake, payment)
        mine, bobs = await person(database, ANNA), await person(database, BOB)
        has = await balance(database)
        await house.acts.money.move(OWNER, Transfer(mine, bobs, has, has), WHY)
        with pytest.raises(CustomerError):
            await house.refund_outcomes.again(CASHIER, card)
        assert await is_open(database, card)


class TestRefundPlans:
    @pytest.mark.parametrize("minor", [0, -1, -99_000, 99_001, 10**18, 2**63, 10**30])
    async def test_no_sum_but_one_that_is_there(self, house: House, payment: Payment, minor: int) -> None:
        await refused_with(
            "refund_too_large", house.refund_requests.propose(CASHIER, plan(payment, minor=minor))
        )

    @pytest.mark.parametrize("destination", [Destination.BY_HAND])
    async def test_no_way_but_one_that_is_offered(
        self, house: House, payment: Payment, destination: Destination
    ) -> None:
        wanted = plan(payment, destination=destination)
        await refused_with("refund_not_there", house.refund_requests.propose(OWNER, wanted))

    async def test_nobody_elses_order(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        def give_bob_a_line(tx: Any) -> None:
            tx.connectors.attach(LINE, tx.customers.person(BOB))

        await database.write(give_bob_a_line)
        other = await house.orders.place(ANNA, [LINE], 1)
        bobs = await database.write(lambda tx: tx.customers.person(BOB))
        await house.acts.money.mark_paid(OWNER, Outside(other.id, price_of(other), "1"), WHY)
        mine = await person(database, ANNA)
        assert bobs != mine
        with pytest.raises(CustomerError):
            await house.refund_requests.propose(OWNER, plan(payment, order_id=other.id + 1000))

    @pytest.mark.parametrize("who", [STRANGER, ANNA, VIEWER])
    async def test_nobody_without_a_role(self, house: House, payment: Payment, who: int) -> None:
        await refused_with("not_allowed", house.refund_requests.propose(who, plan(payment, minor=100)))
        await refused_with("not_allowed", house.refund_requests.preview(who, plan(payment, minor=100)))

    async def test_many_small_ones_are_one_large_one(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        """An operator's limit is 500 ₽, and 2 000 ₽ take two, whichever way they go."""
        order = await house.orders.place(ANNA, [WHATSAPP], 3)
        payment = await pay(house, database, fake, order)
        small = plan(payment, minor=40_000)
        with pytest.raises(CustomerError):
            for _again in range(2):
                await house.refund_requests.propose(OPERATOR, small)
                await house.refund_requests.confirm(OWNER, (await last(database, payment)).id)

    @pytest.mark.parametrize("destination", [Destination.SOURCE, Destination.BALANCE])
    async def test_small_ones_add_up_to_what_takes_two(
        self, house: House, database: Database, fake: FakeGateway, destination: Destination
    ) -> None:
        payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 3))
        part = plan(payment, minor=130_000, destination=destination)
        await house.refund_requests.propose(CASHIER, part)
        second = await house.refund_requests.propose(CASHIER, part)
        assert second.request.state is RefundState.PROPOSED, "260 000 take two"

    async def test_by_turns_the_ways_make_no_small_sums(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 3))
        await house.refund_requests.propose(
            CASHIER, plan(payment, minor=130_000, destination=Destination.BALANCE)
        )
        second = await house.refund_requests.propose(CASHIER, plan(payment, minor=130_000))
        assert second.request.state is RefundState.PROPOSED

    async def test_two_payments_of_one_connector_do_not_end_it_before_today(
        self, house: House, database: Database, fake: FakeGateway
    ) -> None:
        """Each was decided while both still stood."""
        first = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 3))
        other = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 3))
        for each in (first, other):
            await house.refund_requests.propose(CASHIER, plan(each, service=ServiceChange.STOP))
            assert await state_of(database, each) is RefundState.PROPOSED
        for each in (first, other):
            await house.refund_requests.confirm(OWNER, (await last(database, each)).id)
        assert await paid_until(database, WHATSAPP) == today()


class TestBetweenPreviewAndConfirm:
    @pytest.fixture
    async def large(self, house: House, database: Database, fake: FakeGateway) -> Payment:
        return await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 3))

    async def test_the_provider_has_sent_it_back_already(
        self, house: House, database: Database, fake: FakeGateway, large: Payment
    ) -> None:
        decided = await house.refund_requests.propose(CASHIER, plan(large))
        await house.callbacks.receive("fake", fake.refund_by_hand(large.reference, large.amount))
        fake.calls.clear()
        await refused_with("refund_too_large", house.refund_requests.confirm(OWNER, decided.request.id))
        assert fake.calls == []
        assert await state_of(database, large) is RefundState.PROPOSED

    async def test_part_of_it_went_back_elsewhere(
        self, house: House, database: Database, fake: FakeGateway, large: Payment
    ) -> None:
        decided = await house.refund_requests.propose(CASHIER, plan(large))
        await house.callbacks.receive("fake", fake.refund_by_hand(large.reference, Money(100, "RUB")))
        await refused_with("refund_too_large", house.refund_requests.confirm(OWNER, decided.request.id))

    async def test_the_customer_takes_his_wish_back_while_it_is_confirmed(
        self, house: House, database: Database, fake: FakeGateway, large: Payment
    ) -> None:
        wish = await house.refund_wishes.ask(ANNA, large.id, "changed my mind")
        decided = await house.refund_requests.propose(CASHIER, plan(large))
        assert decided.request.id == wish.id
        fake.calls.clear()
        ended = await at_once(
            house.refund_wishes.withdraw(ANNA, wish.id),
            house.refund_requests.confirm(OWNER, wish.id),
            house.refund_requests.decline(OWNER, wish.id, WHY),
        )
        assert went(ended) == 1
        done = await state_of(database, large) is RefundState.DONE
        assert fake.calls == ["refund"] * done

    async def test_pressed_twice_it_goes_once(
        self, house: House, database: Database, fake: FakeGateway, large: Payment
    ) -> None:
        decided = await house.refund_requests.propose(CASHIER, plan(large))
        fake.calls.clear()
        confirm = house.refund_requests.confirm
        ended = await at_once(*(confirm(OWNER, decided.request.id) for _twice in range(4)))
        assert went(ended) == 1 and fake.calls == ["refund"]

    async def test_who_proposed_it_does_not_confirm_it_by_any_button(
        self, house: House, large: Payment
    ) -> None:
        decided = await house.refund_requests.propose(CASHIER, plan(large))
        for alone in (False, True):
            confirm = house.refund_requests.confirm(CASHIER, decided.request.id, alone=alone)
            await refused_with("second_person_needed", confirm)
        for who in (ANNA, STRANGER, VIEWER, OPERATOR):
            await refused_with(
                "not_allowed", house.refund_requests.confirm(who, decided.request.id, alone=True)
            )

    async def test_a_refund_that_waits_is_not_another_ones_to_begin(
        self, house: House, large: Payment
    ) -> None:
        await house.refund_requests.propose(CASHIER, plan(large))
        await refused_with("refund_open", house.refund_requests.propose(OWNER, plan(large, minor=100)))
        await refused_with("refund_open", house.refund_wishes.ask(ANNA, large.id, "me too"))

    async def test_the_payers_were_joined_meanwhile(
        self, house: House, database: Database, fake: FakeGateway, large: Payment
    ) -> None:
        decided = await house.refund_requests.propose(CASHIER, plan(large))
        mine, bobs = await person(database, ANNA), await person(database, BOB)
        await house.acts.payers.join(OWNER, mine, bobs, WHY)
        await house.refund_requests.confirm(OWNER, decided.request.id)
        assert await state_of(database, large) is RefundState.DONE
        assert await balance_of(database, bobs) == zero("RUB")

    async def test_the_customer_was_moved_meanwhile(
        self, house: House, database: Database, fake: FakeGateway, large: Payment
    ) -> None:
        fake.day = Day.SILENT
        await house.refund_requests.propose(CASHIER, plan(large))
        await house.refund_requests.confirm(OWNER, (await last(database, large)).id)
        card = await house.acts.moves.ask(CASHIER, ANNA, BOB, WHY)
        await house.acts.moves.second(OWNER, card.id)
        fake.day = Day.GOOD
        await due(database)
        await house.refunds.ask_due()
        assert await state_of(database, large) is RefundState.DONE
        assert (await house.refund_wishes.offer(BOB, large.id)).payment.customer_id == BOB
        with pytest.raises(NotYours):
            await house.refund_wishes.offer(ANNA, large.id)

    async def test_killed_between_commit_and_call_it_is_sent_once(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment
    ) -> None:
        fake.calls.clear()
        await house.refund_requests._propose(CASHIER, plan(payment))
        assert fake.calls == []
        for _again in range(3):
            await due(database)
            await house.refunds.ask_due()
        assert fake.calls.count("refund") == 1
        assert await state_of(database, payment) is RefundState.DONE


async def last(database: Database, payment: Payment) -> Any:
    return await database.read(lambda tx: tx.refund_requests.last_of(payment.id))


async def due(database: Database) -> None:
    """The clock asks after every attempt that is on its way."""
    past = update(attempts).where(attempts.c.next_ask_at.is_not(None)).values(next_ask_at=periods.now())
    await database.write(lambda tx: tx.connection.execute(past) and None)


class TestMarkedPaid:
    async def test_only_a_sum_that_is_one(self, house: House, order: Order) -> None:
        for minor in (0, -1, -99_000):
            paid = Outside(order.id, Money(minor, "RUB"), "KO-1")
            with pytest.raises(CustomerError):
                await house.acts.money.mark_paid(CASHIER, paid, WHY)
        for amount in (Money(5, STARS), Money(99_000, "KZT"), Money(1, "EUR")):
            with pytest.raises(CustomerError):
                await house.acts.money.mark_paid(OWNER, Outside(order.id, amount, "KO-2"), WHY)
        assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING

    async def test_no_more_than_the_order_lacks(self, house: House, database: Database, order: Order) -> None:
        """Else a cashier makes a balance of nothing, and pays it out."""
        paid = Outside(order.id, price_of(order) + Money(1, "RUB"), "KO-1")
        with pytest.raises(CustomerError):
            await house.acts.money.mark_paid(OWNER, paid, WHY)
        assert await balance(database) == zero("RUB")

    @pytest.mark.parametrize("minor", [10**18, 2**63 - 1, 2**63, 10**30])
    async def test_no_sum_that_no_book_can_hold(self, house: House, order: Order, minor: int) -> None:
        with pytest.raises(CustomerError):
            await house.acts.money.mark_paid(OWNER, Outside(order.id, Money(minor, "RUB"), "KO-1"), WHY)

    async def test_one_paper_for_two_orders_at_once_pays_one(
        self, house: House, database: Database, order: Order, count: Count
    ) -> None:
        def give_bob_a_line(tx: Any) -> None:
            tx.connectors.add(replace(tx.connectors.get(LINE), id="bob-1", payer_id=tx.customers.person(BOB)))

        await database.write(give_bob_a_line)
        bobs = await house.orders.place(BOB, ["bob-1"], 1)
        for number in range(5):
            paid = [Outside(each.id, Money(100, "RUB"), f"KO-{number}") for each in (order, bobs)]
            ended = await at_once(*(house.acts.money.mark_paid(CASHIER, each, WHY) for each in paid))
            assert went(ended) == 1
        assert await count(payments, payments.c.provider == "by_hand") == 5

    async def test_in_parts_it_takes_two_as_well(self, house: House, database: Database) -> None:
        order = await house.orders.place(ANNA, [WHATSAPP], 3)
        mark = house.acts.money.mark_paid
        assert await mark(CASHIER, Outside(order.id, Money(100_000, "RUB"), "KO-1"), WHY) is None
        assert await mark(CASHIER, Outside(order.id, Money(105_000, "RUB"), "KO-2"), WHY) is not None
        assert (await house.orders.get(ANNA, order.id)).state is OrderState.AWAITING

    async def test_what_is_over_is_not_paid_again(
        self, house: House, database: Database, fake: FakeGateway, payment: Payment, order: Order
    ) -> None:
        paid = Outside(order.id, price_of(order), "KO-1")
        with pytest.raises(CustomerError):
            await house.acts.money.mark_paid(OWNER, paid, WHY)
        await house.refund_requests.propose(CASHIER, plan(payment))
        with pytest.raises(CustomerError):
            await house.acts.money.mark_paid(OWNER, paid, WHY)
        with pytest.raises(CustomerError):
            await house.acts.money.pay_from_balance(OWNER, order.id, "RUB", WHY)

    async def test_paid_outside_and_by_card_at_once_nothing_is_lost(
        self, house: House, database: Database, fake: FakeGateway, order: Order
    ) -> None:
        reference = await begun(house, database, order)
        paid = Outside(order.id, price_of(order), "KO-1")
        await asyncio.gather(
            house.acts.money.mark_paid(CASHIER, paid, WHY),
            house.callbacks.receive("fake", fake.pay(reference)),
            return_exceptions=True,
        )
        assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
        assert await balance(database) in (zero("RUB"), price_of(order))


class TestMovedMoney:
    @pytest.fixture
    async def mine(self, house: House, database: Database, fake: FakeGateway) -> int:
        mine = await person(database, ANNA)
        for _times in range(6):
            await rich(house, fake, database, ANNA, mine)
        return mine

    async def test_only_a_sum_that_is_there(self, house: House, database: Database, mine: int) -> None:
        bobs, has = await person(database, BOB), SUM * 6
        for minor in (0, -1, -(10**18), has.minor + 1, 2**63, 10**30):
            with pytest.raises(CustomerError):
                await house.acts.money.move(OWNER, Transfer(mine, bobs, Money(minor, "RUB"), has), WHY)
        with pytest.raises(CustomerError):
            await house.acts.money.move(OWNER, Transfer(mine, bobs, Money(1, STARS), zero(STARS)), WHY)
        with pytest.raises(KassirError):
            await house.acts.money.move(OWNER, Transfer(mine, bobs, Money(1, "KGS"), has), WHY)

    async def test_to_nobody(self, house: House, mine: int) -> None:
        for giver, taker in ((mine, 999_999), (999_999, mine), (mine, -1)):
            with pytest.raises(CustomerError):
                await house.acts.money.move(OWNER, Transfer(giver, taker, Money(1, "RUB"), SUM * 6), WHY)

    async def test_in_small_sums_it_takes_two_as_well(
        self, house: House, database: Database, mine: int
    ) -> None:
        bobs, move = await person(database, BOB), house.acts.money.move
        assert await move(CASHIER, Transfer(mine, bobs, PART, SUM * 6), WHY) is None
        assert await move(CASHIER, Transfer(mine, bobs, PART, SUM * 6 - PART), WHY) is not None
        assert await balance_of(database, bobs) == PART

    async def test_from_many_to_one_it_takes_two_as_well(
        self, house: House, database: Database, fake: FakeGateway, mine: int
    ) -> None:
        def two(tx: Any) -> tuple[int, int]:
            return tx.payers.add(ANNA, "first"), tx.payers.add(BOB, "thief")

        other, thief = await database.write(two)
        for _times in range(3):
            await rich(house, fake, database, ANNA, other)
        move = house.acts.money.move
        assert await move(CASHIER, Transfer(mine, thief, PART, SUM * 6), WHY) is None
        assert await move(CASHIER, Transfer(other, thief, PART, SUM * 3), WHY) is not None

    async def test_to_himself_nobody_moves_alone(self, house: House, database: Database, mine: int) -> None:
        await house.customers.greet(CASHIER, name="Clara", language="en")
        claras = await person(database, CASHIER)
        card = await house.acts.money.move(CASHIER, Transfer(mine, claras, Money(100, "RUB"), SUM * 6), WHY)
        assert card is not None
        await refused_with("second_person_needed", house.acts.money.second(CASHIER, card.id))

    async def test_two_cards_of_one_balance_give_it_once(
        self, house: House, database: Database, mine: int
    ) -> None:
        bobs, has = await person(database, BOB), SUM * 6
        cards = [
            await house.acts.money.move(CASHIER, Transfer(mine, bobs, has, has), WHY) for _twice in range(2)
        ]
        ended = await at_once(*(house.acts.money.second(OWNER, card.id) for card in cards if card))
        assert went(ended) == 1
        assert await balance_of(database, bobs) == has
        assert await balance_of(database, mine) == zero("RUB")

    async def test_moved_money_is_no_income(self, house: House, database: Database, mine: int) -> None:
        day = house.takings.today()
        before = (await house.takings.report(Span(day, day))).total("RUB")
        bobs = await person(database, BOB)
        await house.acts.money.move(OWNER, Transfer(mine, bobs, PART, SUM * 6), WHY)
        await house.acts.payers.join(OWNER, bobs, mine, WHY)
        after = (await house.takings.report(Span(day, day))).total("RUB")
        assert before == after and after.came == SUM * 6

    async def test_to_a_customer_who_was_forgotten(self, house: House, database: Database, mine: int) -> None:
        bobs = await person(database, BOB)
        await house.personal_data.forget(BOB)
        await house.personal_data.carry_out()
        with pytest.raises(CustomerError):
            await house.acts.money.taker(CASHIER, str(bobs))
        with pytest.raises(CustomerError):
            await house.acts.money.move(CASHIER, Transfer(mine, bobs, Money(100, "RUB"), SUM * 6), WHY)
