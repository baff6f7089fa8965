"""Refunds by where their money came from and what it went for: each ends with books that agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue, Period
from bot.domain.catalogue_file import read_catalogue
from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.refunds import Destination, RefundPlan, RefundState, ServiceChange
from bot.domain.states import OrderState
from bot.gateways.base import Method, Way
from bot.services.house import House, build_house
from bot.services.refunds import RefundService
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.autopays import connect
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, CASHIER, WHATSAPP, surroundings
from tests.services.money import balance, paid_until, price_of
from tests.services.test_bank import paid as paid_by_transfer
from tests.services.test_code_money import by_code
from tests.services.test_invoices import invoiced
from tests.services.test_promos import CODES
from tests.services.test_refund_outcomes import card_of
from tests.services.test_refund_requests import causes, make_due, pay, plan, today


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    example = read_catalogue(Path("catalog.example.toml"))
    return replace(example, promos={promo.code: promo for promo in CODES})


async def topped_up(house: House, database: Database, fake: FakeGateway, minor: int) -> Payment:
    payer = await database.write(lambda tx: tx.customers.person(ANNA))
    link = await house.payments.start_top_up(ANNA, payer, "fake", Money(minor, "RUB"))
    begun = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert begun is not None
    await house.callbacks.receive("fake", fake.pay(begun.reference))
    found = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert found is not None
    return found


async def test_the_promo_code_of_a_whole_refund_is_its_customers_again(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1, promo="ONE")
    payment = await pay(house, database, fake, order)
    await house.refund_requests.propose(CASHIER, plan(payment, minor=100))
    with pytest.raises(CustomerError, match="promo_gone"):
        await house.promos.save(BOB, "ONE")
    preview = await house.refund_requests.preview(CASHIER, plan(payment))
    assert preview.promo_code == "ONE"
    await house.refund_requests.propose(CASHIER, plan(payment))
    assert await house.promos.saved(ANNA) == "ONE"
    assert (await house.promos.save(BOB, "ONE")).code == "ONE"


async def test_the_autopay_of_what_was_refunded_pauses_and_nothing_is_owed(
    house: House, database: Database, fake: FakeGateway
) -> None:
    payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 1))
    its = await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    await house.refund_requests.propose(CASHIER, plan(payment, service=ServiceChange.STOP))
    autopay = await database.read(lambda tx: tx.autopays.get(its.autopay_id))
    assert autopay is not None
    assert (autopay.state, autopay.reason) == (AutopayState.PAUSED, AutopayReason.REFUNDED)
    await house.arrears.advance()
    assert await database.read(lambda tx: tx.arrears.of_connector(WHATSAPP)) is None


async def test_an_order_that_the_balance_paid_goes_back_to_the_balance(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await topped_up(house, database, fake, 150_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.settle(ANNA, order.id, "RUB")
    wanted = await house.refund_requests.plan_for_order(CASHIER, order.id)
    preview = await house.refund_requests.preview(CASHIER, wanted)
    assert (list(preview.destinations), preview.amount) == ([Destination.BALANCE], price_of(order))
    stop = replace(wanted, reason="by agreement", service=ServiceChange.STOP)
    assert (await house.refund_requests.propose(CASHIER, stop)).request.state is RefundState.DONE
    assert await balance(database) == Money(150_000, "RUB")
    assert await paid_until(database, WHATSAPP) == today()
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED


async def test_of_an_order_partly_from_the_balance_each_part_goes_back_where_it_came_from(
    house: House, database: Database, fake: FakeGateway
) -> None:
    await topped_up(house, database, fake, 40_000)
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.orders.use_balance(ANNA, order.id, True)
    payment = await pay(house, database, fake, order)
    assert payment.amount < price_of(order)
    done = await house.refund_requests.propose(CASHIER, plan(payment))
    assert done.request.amount == payment.amount
    rest = await house.refund_requests.plan_for_order(CASHIER, order.id)
    await house.refund_requests.propose(CASHIER, replace(rest, reason="the rest"))
    assert await balance(database) == Money(40_000, "RUB")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.REFUNDED


async def test_many_small_refunds_of_one_payment_count_as_one_large(
    house: House, database: Database, catalogue: Catalogue, fake: FakeGateway
) -> None:
    payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 1))
    terms = replace(catalogue, desk=DeskTerms(second_from={"RUB": Money(50_000, "RUB")}))
    strict = build_house(database, surroundings(terms, fake))
    first = await strict.refund_requests.propose(CASHIER, plan(payment, minor=30_000))
    second = await strict.refund_requests.propose(CASHIER, plan(payment, minor=30_000))
    assert (first.request.state, second.request.state) == (RefundState.DONE, RefundState.PROPOSED)


async def test_what_was_agreed_to_and_not_sent_is_sent_by_the_clock(
    house: House, database: Database, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 1))

    async def killed(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(RefundService, "send", killed)
        with pytest.raises(ConnectionResetError):
            await house.refund_requests.propose(CASHIER, plan(payment, service=ServiceChange.STOP))
    assert "refund" not in fake.calls
    with pytest.raises(CustomerError, match="refund_open"):
        await house.refund_requests.preview(CASHIER, plan(payment))
    await make_due(database)
    await house.refunds.ask_due()
    assert fake.calls.count("refund") == 1
    assert await causes(database) == ["order", "refund"]


async def test_a_bank_transfer_goes_back_by_hand_to_the_account_it_came_from(
    house: House, database: Database
) -> None:
    invoice = await invoiced(house)
    await paid_by_transfer(house, database, invoice)
    payment = await database.read(
        lambda tx: (
            tx.payments.last_that_brought(tx.customers.person(ANNA), "RUB")
            or tx.payments.that_brought_for(invoice.order_id, "RUB")
        )
    )
    assert payment is not None
    back = plan(payment, account="40702810900000002453", service=ServiceChange.SHORTEN)
    done = await house.refund_requests.propose(CASHIER, back)
    assert (done.request.state, done.request.account) == (RefundState.BY_HAND, "40702810900000002453")
    card = await house.desk.card(await card_of(database, "refund_by_hand"))
    assert "Возврат" in card.payload["purpose"]
    await house.refund_outcomes.sent_by_hand(CASHIER, card.id, "118")
    assert await paid_until(database, WHATSAPP) == today()


async def test_a_line_of_somebody_elses_is_shortened_and_its_payer_hears_no_dates(
    house: House, database: Database, fake: FakeGateway
) -> None:
    token = await house.connector_links.to_pay(WHATSAPP)
    order = await house.orders.place(BOB, [WHATSAPP], 1, link=token)
    link = await house.payments.start(BOB, order.id, "fake")
    begun = await database.read(lambda tx: tx.payments.get(link.payment_id))
    assert begun is not None
    await house.callbacks.receive("fake", fake.pay(begun.reference))
    done = await house.refund_requests.propose(CASHIER, plan(begun, service=ServiceChange.STOP))
    assert done.request.state is RefundState.DONE
    assert await paid_until(database, WHATSAPP) == today()
    told = select(outbox.c.payload).where(outbox.c.kind == "refunded", outbox.c.address == BOB)
    (facts,) = await database.read(lambda tx: list(tx.connection.execute(told).scalars()))
    assert [line["paid_until"] for line in facts["lines"]] == [None]


class TestStars:
    """They go back whole or not at all, and never rest."""

    @pytest.fixture
    def catalogue(self, catalogue: Catalogue) -> Catalogue:
        tariff = replace(catalogue.tariffs["whatsapp"], periods=(Period(1, (Money(100, "XTR"),)),))
        return replace(catalogue, tariffs={"whatsapp": tariff})

    @pytest.fixture
    def fake(self) -> FakeGateway:
        return FakeGateway(currencies=("XTR",))

    async def test_whole_or_not_at_all(self, house: House, database: Database, fake: FakeGateway) -> None:
        payment = await pay(house, database, fake, await house.orders.place(ANNA, [WHATSAPP], 1))
        with pytest.raises(CustomerError, match="stars_go_back_whole"):
            await house.refund_requests.propose(CASHIER, plan(payment, minor=50))
        with pytest.raises(CustomerError, match="refund_not_there"):
            await house.refund_requests.propose(CASHIER, plan(payment, destination=Destination.BALANCE))
        assert (await house.refund_requests.propose(CASHIER, plan(payment))).request.state is RefundState.DONE


class TestTerminals:
    """Some contracts let a person send money back, others leave it on the balance."""

    @pytest.fixture
    def fake(self) -> FakeGateway:
        gateway = FakeGateway("terminal")
        gateway.methods = (
            Method("terminal", "terminal", ("RUB", "KGS"), way=Way.CODE, refunds=False, asks=False),
        )
        return gateway

    async def paid_at(self, house: House, database: Database, network: str) -> Payment:
        order = await house.orders.place(ANNA, [WHATSAPP], 1)
        link = await house.payments.start(ANNA, order.id, "terminal")
        await house.settlement.take(by_code(link.code, 99_000, network))
        found = await database.read(lambda tx: tx.payments.get(link.payment_id))
        assert found is not None
        return found

    async def test_by_hand_where_the_contract_allows_it(self, house: House, database: Database) -> None:
        payment = await self.paid_at(house, database, "elsom")
        offer = await house.refund_wishes.offer(ANNA, payment.id)
        assert offer.needs_account
        request = await house.refund_wishes.ask(ANNA, payment.id, "paid twice", "KG12 3456, Anna")
        done = await house.refund_requests.propose(CASHIER, RefundPlan(payment.id))
        assert (done.request.id, done.request.state) == (request.id, RefundState.BY_HAND)
        assert done.request.account == "KG12 3456, Anna"
        await house.refund_outcomes.sent_by_hand(CASHIER, await card_of(database, "refund_by_hand"), "7")
        assert await balance(database) == Money(0, "RUB")

    async def test_else_to_the_balance(self, house: House, database: Database) -> None:
        payment = await self.paid_at(house, database, "bereke")
        preview = await house.refund_requests.preview(CASHIER, plan(payment))
        assert list(preview.destinations) == [Destination.BALANCE]
        await house.refund_requests.propose(CASHIER, plan(payment))
        assert await balance(database) == payment.amount
