"""Every way to pay, and to change one's mind, two at a time: no error, exact books, nothing twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.promos import Promo
from bot.domain.refunds import Destination, RefundPlan, ServiceChange
from bot.domain.seller import ConnectorWords, Expected, SellerRefused
from bot.domain.states import OrderState
from bot.gateways.terminals.gateway import Terminals
from bot.gateways.terminals.network import OsmpNetwork
from bot.gateways.terminals.settings import TerminalSettings
from bot.services.codes import code_of
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import extensions, orders, outbox, promo_counts, promo_uses
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OWNER, WHATSAPP, give_anna_her_lines, surroundings
from tests.services.money import begun

PAIRS = 1000
SECRET = "a-secret-of-tests"
PROMO, MOST = "THRICE", 3
TIRED = "PATIENCE"

Act = Callable[[], Awaitable[object]]


@pytest.fixture
async def house(database: Database, catalogue: Catalogue, fake: FakeGateway) -> AsyncIterator[House]:
    settings = TerminalSettings(secret=SECRET, currency="RUB", cancel="cancel", allow=["127.0.0.1"])
    codes = {PROMO: Promo(PROMO, percent=50, most=MOST), TIRED: Promo(TIRED, percent=30)}
    around = surroundings(replace(catalogue, promos=codes), fake)
    gateways = {"terminal": Terminals({"elsom": settings}), "elsom": Terminals({"elsom": settings}, "elsom")}
    house = build_house(
        database,
        replace(
            around,
            gateways={**around.gateways, **gateways},
            networks={"elsom": OsmpNetwork("elsom", settings)},
        ),
    )
    for customer, name in ((ANNA, "Anna"), (BOB, "Bob")):
        await house.customers.greet(customer, name=name, language="en")
    await database.write(give_anna_her_lines)
    yield house
    assert (await house.books.prove()).disagreements == []


@dataclass
class Crowd:
    """Anna, Bob, operators, a terminal, the seller and the clock, each with what is at hand just now."""

    house: House
    database: Database
    fake: FakeGateway
    chance: random.Random
    code: str
    firm: int
    links: dict[str, str]
    orders: list[tuple[int, int]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    told: list[dict[str, str]] = field(default_factory=list)

    def acts(self) -> list[Act]:
        mine = [self.place, self.place, self.place_with_code, self.by_link, self.pay, self.top_up, self.tick]
        money = [self.settle, self.settle, self.at_terminal, self.again_at_terminal, self.cancel_at_terminal]
        rest = [
            self.refund,
            self.refund_as_planned,
            self.wish_a_refund,
            self.cancel,
            self.expire,
            self.leave,
            self.give,
            self.date,
            self.by_code,
            self.check,
        ]
        return [*mine, *money, *rest, self.for_the_firm, self.choose_payer]

    async def place(self, promo: str = "") -> None:
        who = self.chance.choice([ANNA, ANNA, BOB])
        lines = self.chance.choice([[WHATSAPP], [LINE], [LINE, WHATSAPP]])
        order = await self.house.orders.place(who, lines, 1, promo=promo)
        self.orders.append((who, order.id))

    async def place_with_code(self) -> None:
        await self.place(self.chance.choice([PROMO, TIRED]))

    async def for_the_firm(self) -> None:
        order = await self.house.orders.place(ANNA, [WHATSAPP], 1, payer_id=self.firm)
        self.orders.append((ANNA, order.id))

    async def choose_payer(self) -> None:
        payers = await self.house.connectors.payers(ANNA)
        payer, line = self.chance.choice(payers), self.chance.choice([WHATSAPP, LINE])
        await self.house.connectors.choose_payer(ANNA, line, payer.id)

    async def by_link(self) -> None:
        who, line = self.chance.choice([ANNA, BOB]), self.chance.choice([WHATSAPP, LINE])
        order = await self.house.orders.place(who, [line], 1, link=self.links[line])
        self.orders.append((who, order.id))

    async def pay(self) -> None:
        who, order_id = self._one()
        if who == ANNA:
            order = await self.house.orders.get(who, order_id)
            self.references.append(await begun(self.house, self.database, order))
        if self.references:
            await self._tell(self.fake.pay(self.chance.choice(self.references[-5:])))

    async def top_up(self) -> None:
        payer = (await self.house.balance.payers(ANNA))[0]
        link = await self.house.payments.start_top_up(ANNA, payer.id, "fake", Money(99000, "RUB"))
        payment = (await self.house.payments.details(ANNA, link.payment_id)).payment
        await self._tell(self.fake.pay(payment.reference))

    async def by_code(self) -> None:
        who, order_id = self._one()
        await self.house.payments.start(who, order_id, "terminal")

    async def tick(self) -> None:
        await self.house.orders.use_balance(*self._one(), True)

    async def settle(self) -> None:
        await self.house.orders.settle(*self._one(), "RUB")

    async def at_terminal(self) -> None:
        fields = {
            "command": "pay",
            "txn_id": str(self.chance.randrange(10**8)),
            "account": self.code,
            "sum": self.chance.choice(["495.00", "990.00", "300.00"]),
        }
        self.told.append(fields)
        await self._at_terminal(fields)

    async def again_at_terminal(self) -> None:
        if self.told:
            await self._at_terminal(self.chance.choice(self.told[-3:]))

    async def cancel_at_terminal(self) -> None:
        if self.told:
            await self._at_terminal({**self.chance.choice(self.told[-3:]), "command": "cancel"})

    async def refund(self) -> None:
        history = await self.house.payments.history(ANNA)
        if history.items:
            payment = self.chance.choice(history.items)
            await self.house.refunds.refund(payment.id, payment.amount, who=OWNER, reason="")

    async def refund_as_planned(self) -> None:
        history = await self.house.payments.history(ANNA)
        if history.items:
            plan = RefundPlan(
                self.chance.choice(history.items).id,
                service=self.chance.choice(list(ServiceChange)),
                destination=self.chance.choice([None, Destination.BALANCE]),
                reason="so it was agreed",
            )
            await self.house.refund_requests.propose(OWNER, plan)

    async def wish_a_refund(self) -> None:
        """Or take the wish back."""
        history = await self.house.payments.history(ANNA)
        if history.items:
            payment_id = self.chance.choice(history.items).id
            offer = await self.house.refund_wishes.offer(ANNA, payment_id)
            if offer.open_request is not None:
                await self.house.refund_wishes.withdraw(ANNA, offer.open_request.id)
            else:
                await self.house.refund_wishes.ask(ANNA, payment_id, "I don't need it")

    async def cancel(self) -> None:
        await self.house.orders.cancel(*self._one())

    async def expire(self) -> None:
        past = orders.update().where(orders.c.id == self._one()[1])
        past = past.values(expires_at=periods.now() - timedelta(days=1))
        await self.database.write(lambda tx: tx.connection.execute(past) and None)
        await self.house.orders.expire()

    async def leave(self) -> None:
        line = self.chance.choice([WHATSAPP, LINE])
        await self.house.connector_links.detach(self.chance.choice([ANNA, BOB]), line)
        token = await self.house.connector_links.to_attach(line)
        await self.house.connector_links.attach(self.chance.choice([ANNA, ANNA, BOB]), token)

    async def give(self) -> None:
        """So that in the end Anna has her lines."""
        words = ConnectorWords(telegram_id=ANNA)
        await self.house.seller.put_connector(self.chance.choice([WHATSAPP, LINE]), words, Expected(), None)

    async def date(self) -> None:
        line = self.chance.choice([WHATSAPP, LINE])
        told = (await self.house.seller.connector(line)).body
        day = periods.now().date() + timedelta(days=self.chance.randrange(1, 90))
        words, expected = ConnectorWords(paid_until=day.isoformat()), Expected(frozenset({told["sequence"]}))
        await self.house.seller.put_connector(line, words, expected, None)

    async def check(self) -> None:
        who, order_id = self._one()
        await self.house.orders.summary(who, order_id, "fake")

    def _one(self) -> tuple[int, int]:
        if not self.orders:
            raise CustomerError("not_found")
        return self.chance.choice(self.orders[-5:])

    async def _tell(self, callback: Callback) -> None:
        reply = await self.house.callbacks.receive("fake", callback)
        assert reply.status == 200, reply

    async def _at_terminal(self, fields: dict[str, str]) -> None:
        callback = Callback(b"", query=urlencode(fields), address="127.0.0.1")
        reply = await self.house.terminals.receive("elsom", SECRET, callback)
        assert not reply.result.endswith("_1"), reply


async def test_a_thousand_pairs_of_every_way_meet_no_error_and_take_nothing_twice(
    house: House, database: Database, fake: FakeGateway
) -> None:
    chance = random.Random(20261122)
    links = {line: await house.connector_links.to_pay(line) for line in (WHATSAPP, LINE)}
    code = await database.write(lambda tx: code_of(tx, tx.customers.person(ANNA)))
    firm = (await house.balance.add_payer(ANNA, "Firm")).id
    crowd = Crowd(house, database, fake, chance, code, firm, links)
    for _ in range(PAIRS):
        await asyncio.gather(*(_kindly(chance.choice(crowd.acts())) for _ in range(2)))
    await database.read(_nothing_is_there_twice)


async def test_an_order_settled_and_given_up_at_once_is_one_of_both(
    house: House, database: Database, fake: FakeGateway
) -> None:
    """Whoever loses hears of it, and nobody hears of a payment that was not made."""
    settled = 0
    for _ in range(20):
        order = await house.orders.place(ANNA, [WHATSAPP], 1)
        reference = await begun(house, database, order)
        await house.orders.cancel(ANNA, order.id)
        assert (await house.callbacks.receive("fake", fake.pay(reference))).status == 200
        order = await house.orders.place(ANNA, [WHATSAPP], 1)
        ends = await asyncio.gather(
            house.orders.settle(ANNA, order.id, "RUB"),
            house.orders.cancel(ANNA, order.id),
            return_exceptions=True,
        )
        assert sorted(isinstance(end, CustomerError) for end in ends) == [False, True], ends
        settled += (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
    told = select(func.count()).select_from(outbox).where(outbox.c.kind == "paid")
    assert await database.read(lambda tx: tx.connection.execute(told).scalar_one()) == settled


async def test_two_payers_who_order_one_line_at_once_leave_one_open_order(
    house: House, database: Database
) -> None:
    firm = (await house.balance.add_payer(ANNA, "Firm")).id
    for _ in range(10):
        await asyncio.gather(
            house.orders.place(ANNA, [LINE, WHATSAPP], 1),
            house.orders.place(ANNA, [WHATSAPP], 1, payer_id=firm),
        )
        assert len(await database.read(lambda tx: tx.orders.open_with([WHATSAPP]))) == 1


def _nothing_is_there_twice(tx: Tx) -> None:
    moved = select(func.count()).select_from(extensions).where(extensions.c.order_id.is_not(None))
    stands = orders.c.settled_at.is_not(None) & (orders.c.state != OrderState.REFUNDED.value)
    settled = select(orders.c.promo_code, orders.c.customer_id).where(stands, orders.c.promo_code != "")
    used = [tuple(row) for row in tx.connection.execute(settled)]
    assert len(used) == len(set(used)), "one code made one order of a customer cheaper"
    for each, taken in tx.connection.execute(select(promo_counts.c.code, promo_counts.c.taken)):
        held = select(func.count()).select_from(promo_uses).where(promo_uses.c.code == each)
        assert (
            tx.connection.execute(held.where(promo_uses.c.state.in_(["held", "used"]))).scalar_one() == taken
        )
        assert each != PROMO or taken <= MOST
    told = tx.connection.execute(select(outbox.c.payload).where(outbox.c.kind == "paid")).scalars()
    assert all(payload["lines"] for payload in told), "nobody is told of an order that was not settled"
    assert tx.connection.execute(moved).scalar_one() > PAIRS // 50, "it was not only refusals"


async def _kindly(act: Act) -> None:
    """What somebody is told no to is no error."""
    try:
        await act()
    except (CustomerError, SellerRefused):
        return
