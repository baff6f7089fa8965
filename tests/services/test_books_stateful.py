"""Books and callbacks in any order, any number of times, by any door: money is exact at every step."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import ColumnElement, func, select

from bot.domain import periods
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.events import Callback, Paid
from bot.domain.money import Money
from bot.domain.promos import Promo
from bot.domain.states import Role
from bot.gateways.bank.gateway import Bank
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import accounts, transfers
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway, Sale
from tests.services.conftest import ANNA, OWNER

T = TypeVar("T")
CODES = {"TENTH": Promo("TENTH", percent=10), "FREE": Promo("FREE", percent=100)}
CATALOGUE = replace(read_catalogue(Path("catalog.example.toml")), promos=CODES)
LINES = ("wa-1", "wa-2", "wa-3")


class Begun(NamedTuple):
    """A payment that was begun; one onto the balance has no order."""

    provider: str
    reference: str
    order_id: int


class Till(RuleBasedStateMachine):
    """A customer taps, two providers tell, operators refund; the model is what the providers hold."""

    payments = Bundle("payments")
    callbacks = Bundle("callbacks")

    @initialize()
    def open_the_house(self) -> None:
        self.opened_at = periods.now()
        self.by_code: dict[int, int] = {}
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.gateways = {"fake": FakeGateway("fake"), "hinting": FakeGateway("hinting", asks_back=True)}
        self.run(self._open())

    async def _open(self) -> None:
        self.database = Database.connect(f"sqlite:///{self.folder.name}/books.db")
        await self.database.start()
        await migrate(self.database)
        around = Surroundings(
            catalogue=CATALOGUE,
            gateways={**self.gateways, "bank": Bank(("RUB",))},
            vault=Vault("a key of the tests, long enough to be one"),
            zone=ZoneInfo("Europe/Moscow"),
            public_url="https://pay.example",
            operators={OWNER: Role.OWNER},
        )
        self.house: House = build_house(self.database, around)
        await self.house.customers.greet(ANNA, name="Anna", language="en")
        await self.database.write(_add_lines)

    def run(self, work: Awaitable[T]) -> T:
        async def do() -> T:
            return await work

        return self.loop.run_until_complete(do())

    @rule(
        target=payments,
        lines=st.sets(st.sampled_from(LINES), min_size=1),
        provider=st.sampled_from(["fake", "hinting"]),
        promo=st.sampled_from(["", "", "", "TENTH"]),
        tick=st.booleans(),
    )
    def begin(self, lines: set[str], provider: str, promo: str, tick: bool) -> Begun:
        try:
            order = self.run(self.house.orders.place(ANNA, sorted(lines), 1, promo=promo))
        except CustomerError:
            order = self.run(self.house.orders.place(ANNA, sorted(lines), 1))
        if tick:
            self.run(self.house.orders.use_balance(ANNA, order.id, True))
        try:
            return self._start(order.id, provider)
        except CustomerError:  # the balance covers all of it
            return self.top_up(10_000, provider)

    @rule(target=payments, minor=st.integers(1_000, 300_000), provider=st.sampled_from(["fake", "hinting"]))
    def begin_top_up(self, minor: int, provider: str) -> Begun:
        return self.top_up(minor, provider)

    def top_up(self, minor: int, provider: str) -> Begun:
        payer = self.run(self.house.balance.payers(ANNA))[0]
        start = self.house.payments.start_top_up
        link = self.run(start(ANNA, payer.id, provider, Money(minor, "RUB")))
        report = self.run(self.house.payments.details(ANNA, link.payment_id))
        return Begun(provider, report.payment.reference, 0)

    @rule(payment=payments)
    def settle_from_the_balance(self, payment: Begun) -> None:
        with suppress(CustomerError):
            self.run(self.house.orders.settle(ANNA, payment.order_id, "RUB"))

    @rule(line=st.sampled_from(LINES))
    def take_for_nothing(self, line: str) -> None:
        with suppress(CustomerError):
            order = self.run(self.house.orders.place(ANNA, [line], 1, promo="FREE"))
            self.run(self.house.orders.settle(ANNA, order.id, "RUB"))

    @rule(minor=st.integers(1, 300_000), txn=st.integers(1, 50), again=st.integers(1, 3))
    def pay_by_code(self, minor: int, txn: int, again: int) -> None:
        payer = self.run(self.house.balance.payers(ANNA))[0]
        code = self.run(self.house.codes.code(ANNA, payer.id))
        amount = self.by_code.setdefault(txn, minor)
        for _ in range(again):
            paid = Paid("elsom", str(txn), "", Money(amount, "RUB"), str(txn), account=code)
            self.run(self.house.settlement.take(paid))

    @rule(target=payments, payment=payments, provider=st.sampled_from(["fake", "hinting"]))
    def begin_another_payment_of_the_order(self, payment: Begun, provider: str) -> Begun:
        try:
            return self._start(payment.order_id, provider)
        except CustomerError:
            return payment

    def _start(self, order_id: int, provider: str) -> Begun:
        link = self.run(self.house.payments.start(ANNA, order_id, provider))
        report = self.run(self.house.payments.details(ANNA, link.payment_id))
        return Begun(provider, report.payment.reference, order_id)

    @rule(target=callbacks, payment=payments, off=st.sampled_from([0, 0, 0, -100, 100, -50_000]))
    def pay(self, payment: Begun, off: int) -> tuple[str, Callback]:
        gateway, sale = self._sale(payment)
        if sale.told is None:
            return payment.provider, gateway.pay(
                sale.reference, Money(max(sale.amount.minor + off, 1), "RUB")
            )
        return payment.provider, gateway.callback(sale.told)

    @rule(target=callbacks, payment=payments)
    def refuse(self, payment: Begun) -> tuple[str, Callback]:
        gateway, sale = self._sale(payment)
        if sale.told is None:
            return payment.provider, gateway.refuse(sale.reference)
        return payment.provider, gateway.callback(sale.told)

    @rule(target=callbacks, payment=payments, part=st.integers(1, 99_000))
    def refund_in_the_cabinet(self, payment: Begun, part: int) -> tuple[str, Callback]:
        gateway, sale = self._sale(payment)
        rest = sale.held
        if not rest:
            return payment.provider, gateway.foreign(Money(part, "RUB"))
        return payment.provider, gateway.refund_by_hand(sale.reference, Money(min(part, rest), "RUB"))

    @rule(target=callbacks, provider=st.sampled_from(["fake", "hinting"]))
    def money_nobody_asked_for(self, provider: str) -> tuple[str, Callback]:
        return provider, self.gateways[provider].pay("lostreference", Money(12_300, "RUB"))

    @rule(target=callbacks, provider=st.sampled_from(["fake", "hinting"]), part=st.integers(1, 12_300))
    def refund_of_what_nobody_asked_for(self, provider: str, part: int) -> tuple[str, Callback]:
        gateway = self.gateways[provider]
        sale = gateway.sales.get(f"{provider}-lostreference")
        rest = sale.held if sale else 0
        if not rest:
            return provider, gateway.foreign(Money(part, "RUB"))
        return provider, gateway.refund_by_hand("lostreference", Money(min(part, rest), "RUB"))

    @rule(payment=payments, to_balance=st.booleans())
    def assign(self, payment: Begun, to_balance: bool) -> None:
        """An operator names the owner of the oldest money that has none."""
        for card in self.run(self.house.desk.open_cards(OWNER)):
            if card.subject.startswith("event:"):
                event = int(card.subject.removeprefix("event:"))
                desk = self.house.desk
                if to_balance:
                    self.run(desk.give_to_customer(OWNER, card.id, event, ANNA))
                else:
                    self.run(desk.give_to_payment(OWNER, card.id, event, self._id(payment)))
                return

    @rule(told=callbacks, times=st.integers(1, 3))
    def tell(self, told: tuple[str, Callback], times: int) -> None:
        provider, callback = told
        for _ in range(times):
            assert self.run(self.house.callbacks.receive(provider, callback)).status == 200

    @rule(payment=payments)
    def ask_after(self, payment: Begun) -> None:
        self.run(self.house.payments.check(ANNA, self._id(payment)))

    @rule()
    def reconcile(self) -> None:
        self.run(self.house.reconcile.since(self.opened_at))

    @rule(payment=payments)
    def cancel(self, payment: Begun) -> None:
        with suppress(CustomerError):
            self.run(self.house.orders.cancel(ANNA, payment.order_id))

    @rule(payment=payments, part=st.integers(1, 99_000))
    def refund(self, payment: Begun, part: int) -> None:
        """Never more than the provider still holds: it would refuse, as it should."""
        _, sale = self._sale(payment)
        amount = Money(min(part, max(sale.held, 1)), "RUB")
        with suppress(CustomerError):
            self.run(self.house.refunds.refund(self._id(payment), amount, who=OWNER, reason=""))

    @invariant()
    def the_books_agree_with_themselves(self) -> None:
        if hasattr(self, "house"):
            assert self.run(self.house.books.prove()).disagreements == []

    def teardown(self) -> None:
        """In the end the providers' lists are read, and then both sides hold the same to the kopeck."""
        if not hasattr(self, "house"):
            return
        self.reconcile()
        self.the_books_agree_with_themselves()
        for name, gateway in self.gateways.items():
            ours = [sale for sale in gateway.sales.values() if sale.reference]
            assert self.run(self._booked(name)) == sum(sale.held for sale in ours)
        assert self.run(self._booked("elsom")) == sum(self.by_code.values())
        self.run(self.database.close())
        self.loop.close()
        self.folder.cleanup()

    def _sale(self, payment: Begun) -> tuple[FakeGateway, Sale]:
        gateway = self.gateways[payment.provider]
        return gateway, next(sale for sale in gateway.sales.values() if sale.reference == payment.reference)

    def _id(self, payment: Begun) -> int:
        found = self.run(self.database.read(lambda tx: tx.payments.by_reference(payment.reference)))
        assert found is not None
        return found.id

    async def _booked(self, provider: str) -> int:
        """What the ledger says came from a provider, less what went back."""

        def net(tx: Tx) -> int:
            source = select(accounts.c.id).where(accounts.c.name == f"source:{provider}")
            came = _sum(tx, transfers.c.from_account.in_(source))
            return came - _sum(tx, transfers.c.to_account.in_(source))

        return await self.database.read(net)


def _sum(tx: Tx, where: ColumnElement[bool]) -> int:
    query = select(func.coalesce(func.sum(transfers.c.minor), 0)).where(where)
    return int(tx.connection.execute(query).scalar_one())


def _add_lines(tx: Tx) -> None:
    payer = tx.customers.person(ANNA)
    for line in LINES:
        tx.connectors.add(Connector(line, "whatsapp", line, "whatsapp", payer, None, None))


TestTill = Till.TestCase
TestTill.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
