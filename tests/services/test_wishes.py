"""What a customer wants of his card besides paying: to be remembered, or the one that was saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.domain.autopays import Agreement, AutopayState, AutopayStep, Interval
from bot.domain.errors import CustomerError, ProviderRefused
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.saved_cards import CardOnFile, UnlinkedBecause
from bot.domain.states import PaymentState
from bot.gateways.base import Link, LinkRequest
from bot.services.autopay.agreements import write
from bot.services.beginning import Wishes
from bot.services.house import House
from bot.services.links import LinkKind
from bot.storage.database import Database
from bot.storage.tables import autopays
from bot.storage.tx import Tx
from tests.gateways.fake import Day, FakeGateway
from tests.services.conftest import ANNA, BOB, WHATSAPP

REMEMBER = Wishes(remember=True)


@pytest.fixture
def fake() -> FakeGateway:
    fake = FakeGateway()
    fake.methods = (replace(fake.methods[0], saves_cards=True),)
    return fake


@pytest.fixture
async def order(house: House) -> Order:
    return await house.orders.place(ANNA, [WHATSAPP], 1)


async def card_of(database: Database, customer_id: int = ANNA, page_token: str = "page-1") -> int:
    """A remembered card of the fake provider."""

    def save(tx: Tx) -> int:
        card = CardOnFile(f"token-{customer_id}", page_token, "•••• 7173")
        return tx.saved_cards.add(
            customer_id, card, provider="fake", method="fake", remembered=True, payment_id=None
        )

    return await database.write(save)


async def payments_of(house: House) -> list[Payment]:
    return (await house.payments.history(ANNA)).items


async def test_a_ticked_card_is_asked_to_be_saved(house: House, fake: FakeGateway, order: Order) -> None:
    await house.payments.start(ANNA, order.id, "fake", wishes=REMEMBER)
    [payment] = await payments_of(house)
    assert (payment.saves_card, payment.remembers, payment.card_id) == (True, True, None)
    assert fake.links_asked[-1].saves_card


async def test_nothing_is_saved_unasked_nor_by_a_method_that_cannot(
    house: House, fake: FakeGateway, hinting: FakeGateway, order: Order
) -> None:
    await house.payments.start(ANNA, order.id, "fake")
    await house.payments.start(ANNA, order.id, "hinting", wishes=REMEMBER)
    assert not any(payment.saves_card or payment.remembers for payment in await payments_of(house))
    assert not fake.links_asked[-1].saves_card
    assert not hinting.links_asked[-1].saves_card


async def test_every_change_of_the_tick_makes_another_page_and_the_same_wish_finds_it(
    house: House, order: Order
) -> None:
    plain = await house.payments.start(ANNA, order.id, "fake")
    ticked = await house.payments.start(ANNA, order.id, "fake", wishes=REMEMBER)
    assert ticked.url != plain.url
    assert await house.payments.start(ANNA, order.id, "fake", wishes=REMEMBER) == ticked
    again = await house.payments.start(ANNA, order.id, "fake")
    assert again.url not in (plain.url, ticked.url)
    open_ones = [each for each in await payments_of(house) if each.state is PaymentState.PENDING]
    assert [each.id for each in open_ones] == [again.payment_id]


async def test_an_unticked_card_is_not_remembered_though_the_older_page_is_paid(
    house: House, order: Order
) -> None:
    ticked = await house.payments.start(ANNA, order.id, "fake", wishes=REMEMBER)
    await house.payments.start(ANNA, order.id, "fake")
    older = next(each for each in await payments_of(house) if each.id == ticked.payment_id)
    assert not older.remembers


async def test_a_saved_card_opens_its_page_and_is_not_saved_again(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    card_id = await card_of(database)
    await house.payments.start(ANNA, order.id, "fake", wishes=Wishes(remember=True, card_id=card_id))
    [payment] = await payments_of(house)
    assert (payment.card_id, payment.saves_card, payment.remembers) == (card_id, False, False)
    assert fake.links_asked[-1].page_token == "page-1"


@pytest.mark.parametrize("gone", ["unlinked", "anothers", "unknown", "other provider"])
async def test_a_card_that_is_gone_is_refused_before_anybody_is_asked(
    house: House, database: Database, fake: FakeGateway, order: Order, gone: str
) -> None:
    card_id = await card_of(database, BOB if gone == "anothers" else ANNA)
    if gone == "unlinked":
        await database.write(lambda tx: tx.saved_cards.unlink(card_id, UnlinkedBecause.CUSTOMER))
    wishes = Wishes(card_id=card_id + (gone == "unknown"))
    method = "hinting" if gone == "other provider" else "fake"
    with pytest.raises(CustomerError, match="saved_card_gone"):
        await house.payments.start(ANNA, order.id, method, wishes=wishes)
    assert fake.links_asked == []
    assert (await house.payments.start(ANNA, order.id, "fake")).url


async def test_a_card_that_its_provider_lost_leaves_the_other_ways_open(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    card_id = await card_of(database)
    fake.day = Day.REFUSES
    with pytest.raises(CustomerError, match="saved_card_gone"):
        await house.payments.start(ANNA, order.id, "fake", wishes=Wishes(card_id=card_id))
    fake.day = Day.GOOD
    assert (await house.payments.start(ANNA, order.id, "fake")).url


async def test_a_renewed_link_keeps_what_was_wished(house: House, fake: FakeGateway, order: Order) -> None:
    fake.link_lives = timedelta(0)
    first = await house.payments.start(ANNA, order.id, "fake", wishes=REMEMBER)
    fake.link_lives = timedelta(hours=1)
    renewed = await house.links.renew_link(first.url.rpartition("/")[2])
    assert (renewed.payment.saves_card, renewed.payment.remembers) == (True, True)
    assert renewed.payment.id != first.payment_id


async def test_a_renewed_link_forgets_a_card_that_was_unlinked_meanwhile(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    card_id = await card_of(database)
    fake.link_lives = timedelta(0)
    first = await house.payments.start(ANNA, order.id, "fake", wishes=Wishes(card_id=card_id))
    fake.link_lives = timedelta(hours=1)
    token = first.url.rpartition("/")[2]
    await database.write(lambda tx: tx.saved_cards.unlink(card_id, UnlinkedBecause.CUSTOMER))
    renewed = await house.links.renew_link(token)
    assert (renewed.payment.card_id, fake.links_asked[-1].page_token) == (None, "")


async def test_a_renewed_link_leaves_a_card_that_its_provider_lost(
    house: House, database: Database, fake: FakeGateway, order: Order
) -> None:
    card_id = await card_of(database)
    fake.link_lives = timedelta(0)
    first = await house.payments.start(ANNA, order.id, "fake", wishes=Wishes(card_id=card_id))
    fake.link_lives, made = timedelta(hours=1), fake.create_link

    async def lost(request: LinkRequest) -> Link:
        if request.page_token:
            raise ProviderRefused("no such card")
        return await made(request)

    fake.create_link = lost  # type: ignore[method-assign]  # its answer is lost
    renewed = await house.links.renew_link(first.url.rpartition("/")[2])
    assert (renewed.kind, renewed.payment.card_id) == (LinkKind.LIVE, None)


async def test_an_old_link_leads_to_the_open_payment_whatever_was_ticked_since(
    house: House, order: Order
) -> None:
    plain = await house.payments.start(ANNA, order.id, "fake")
    ticked = await house.payments.start(ANNA, order.id, "fake", wishes=REMEMBER)
    behind = await house.links.renew_link(plain.url.rpartition("/")[2])
    assert behind.payment.id == ticked.payment_id


async def test_a_top_up_has_the_same_wishes(house: House, database: Database, fake: FakeGateway) -> None:
    payer = await database.write(lambda tx: tx.customers.person(ANNA))
    amount = Money(50_000, "RUB")
    plain = await house.payments.start_top_up(ANNA, payer, "fake", amount)
    ticked = await house.payments.start_top_up(ANNA, payer, "fake", amount, REMEMBER)
    card_id = await card_of(database)
    with_card = await house.payments.start_top_up(ANNA, payer, "fake", amount, Wishes(card_id=card_id))
    assert len({plain.payment_id, ticked.payment_id, with_card.payment_id}) == 3
    assert fake.links_asked[-1].page_token == "page-1"


@pytest.mark.parametrize(("minutes", "refused"), [(0, True), (14, True), (16, False)])
async def test_nobody_pays_by_hand_while_an_autopay_charges(
    house: House, database: Database, order: Order, minutes: int, refused: bool
) -> None:
    terms = (Money(99_000, "RUB"), Interval(months=1), date(2027, 1, 1))
    agreed = Agreement("words", "1", "en", *terms, card_id=await card_of(database))

    def charge(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        autopay_id = write(tx, ANNA, payer, WHATSAPP, agreed, state=AutopayState.ACTIVE)
        under_way = {"step": AutopayStep.CHARGE.value, "due_at": None}
        sent_at = now() - timedelta(minutes=minutes)
        known = update(autopays).where(autopays.c.id == autopay_id)
        tx.connection.execute(known.values(changed_at=sent_at, **under_way))

    await database.write(charge)
    if not refused:
        assert (await house.payments.start(ANNA, order.id, "fake")).url
        assert await house.orders.place(ANNA, [WHATSAPP], 1)
        return
    with pytest.raises(CustomerError, match="autopay_under_way"):
        await house.payments.start(ANNA, order.id, "fake")
    with pytest.raises(CustomerError, match="autopay_under_way"):
        await house.orders.place(ANNA, [WHATSAPP], 1)
