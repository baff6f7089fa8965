"""A year of many customers with their autopays, in which everything goes wrong by chance: seeded, repeatable.

The provider loses answers, sends its webhooks early, late, twice or never; the bot is killed between any two
steps and started anew; customers unlink, delete, pause, pay by hand, block the bot; prices rise and fall.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain import periods
from bot.domain.autopays import NEEDS_CONSENT, AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue, Period, Tariff
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, ProviderError
from bot.domain.events import Event, Paid, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.states import ExtensionCause
from bot.domain.suspensions import Span
from bot.gateways import base
from bot.services.autopay.views import AutopayView
from bot.services.beginning import Wishes
from bot.services.house import House, build_house
from bot.services.suspension.views import Subject
from bot.storage.database import Database
from bot.storage.tables import autopays, saved_cards
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank, Ending
from tests.services.calendar import Calendar, agreement
from tests.services.conftest import surroundings
from tests.services.money import reference_of

BEGINS = datetime(2027, 1, 4, 7, tzinfo=UTC)
FIRST_CUSTOMER = 50_000
ZONES = ("", "Asia/Vladivostok", "Asia/Bishkek", "Europe/Minsk", "Europe/Kaliningrad", "Europe/Berlin")
ENDINGS = (
    *((Ending.PAID, 780), (Ending.NO_FUNDS, 90), (Ending.SILENT_PAID, 30), (Ending.SILENT_NOT, 30)),
    *((Ending.LATER_PAID, 30), (Ending.DOWN, 15), (Ending.BUSY, 10), (Ending.BLOCKED, 5)),
    *((Ending.REVOKED, 5), (Ending.REFUSES_US, 5)),
)
MEANWHILE = 0.01
"""How often a card is unlinked while it is being charged."""
SET_BACK = 0.003
"""How often the clock is set back by some hours."""
KILLED = 0.02
"""How often the bot dies at one of the steps around a call."""


class Killed(Exception):
    """The process dies here: what was committed stands, nothing else is left of it."""


class MoodyBank(CardBank):
    """A bank whose charges end by chance; it tells of them before its answer, later, twice, or never.

    Each chance follows from the seed, the card and the moment alone: in which order several charges come to
    the bank at once, nobody can repeat.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self.is_calm = False
        self.to_tell: list[tuple[datetime, Event]] = []
        self.before_answer: Callable[[Event], Awaitable[object]] | None = None
        self.under_way: Callable[[str], Awaitable[object]] | None = None

    async def charge(self, request: base.ChargeRequest) -> Paid | Refused | Unfinished:
        chance = self.chance("charge", request.token)
        self._die(chance)
        if self.under_way is not None and chance.random() < MEANWHILE:
            await self.under_way(request.token)
        kinds, weights = zip(*ENDINGS, strict=True)
        ending = chance.choices(kinds, weights)[0]
        self.will(request.token, Ending.PAID if self.is_calm else ending)
        try:
            told = await super().charge(request)
        finally:
            await self._tell(request.reference, chance)
        self._die(chance)
        return told

    def chance(self, what: str, whose: str) -> random.Random:
        return random.Random(f"{self.seed}:{what}:{whose}:{periods.now()}")

    def may_die(self, what: str, whose: str) -> None:
        self._die(self.chance(what, whose))

    async def _tell(self, reference: str, chance: random.Random) -> None:
        sale = self.sales.get(self._payment(reference))
        if sale is None or sale.told is None:
            return
        for _again in range(chance.choice((0, 1, 1, 1, 2, 3))):
            if self.before_answer is not None and chance.random() < 0.3:
                await self.before_answer(sale.told)
            else:
                later = timedelta(minutes=chance.choice((1, 10, 60, 1_000, 100_000)))
                self.to_tell.append((periods.now() + later, sale.told))

    def _die(self, chance: random.Random) -> None:
        if not self.is_calm and chance.random() < KILLED:
            raise Killed


@dataclass
class Person:
    """A customer with the things he pays for."""

    id: int
    connectors: list[str]
    tops_up: bool
    is_blocked: bool = False


@dataclass
class Year:
    """Turn it with `run`; then ask the books what came of it."""

    database: Database
    catalogue: Catalogue
    traveller: Any
    seed: int
    people: int
    step: timedelta = timedelta(hours=1)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.bank = MoodyBank(self.seed)
        self.folk: list[Person] = []
        self._open()

    async def run(self, days: int = 365) -> None:
        await self._move_in()
        end = BEGINS + timedelta(days=days)
        while (moment := periods.now()) < end:
            if moment.hour == BEGINS.hour and moment.minute == 0:
                await self._day((moment - BEGINS).days)
            await self._tell_webhooks()
            await self._chores()
            self._turn()
        self.bank.before_answer, self.bank.under_way = None, None
        await self._settle_down()

    def _turn(self) -> None:
        if self.chance.random() < SET_BACK:
            self._count("set back")
            self.traveller.move_to(periods.now() - timedelta(hours=4), tick=False)
        else:
            self.traveller.move_to(periods.now() + self.step, tick=False)

    async def _unlink_by_token(self, token: str) -> None:
        query = select(saved_cards).where(saved_cards.c.token == token, saved_cards.c.unlinked_at.is_(None))
        found = await self.database.read(lambda tx: tx.connection.execute(query).one_or_none())
        if found is not None:
            self._count("unlinked while charged")
            await self.house.saved_cards.unlink(found.customer_id, found.id, 4)

    def _open(self) -> None:
        """Start the bot anew: nothing that it remembered is left."""
        self.house: House = build_house(self.database, surroundings(self.catalogue, self.bank))
        self.calendar = Calendar(self.house, self.database, self.traveller)
        self.calendar.undeliverable = {person.id for person in self.folk if person.is_blocked}
        settlement, book = self.house.settlement, self.house.settlement.take

        async def take(event: Event, raw: bytes | None = None) -> object:
            self.bank.may_die("take", str(event.amount if not isinstance(event, Refused) else event.reason))
            return await book(event, raw)

        settlement.take = take  # type: ignore[method-assign,assignment]  # the process may die here as well
        self.bank.before_answer, self.bank.under_way = book, self._unlink_by_token

    async def _chores(self) -> None:
        try:
            if await self.calendar.is_anything_due():
                await self.calendar.do_due()
        except (Killed, ProviderError):
            self._count("killed")
            await self.house.autopay_charging.finish()  # what died with it does nothing at a later hour
            self._open()

    async def _settle_down(self) -> None:
        """Let what is under way come to its end: no new faults, two more days."""
        for _hour in range(48):
            self.bank.is_calm = True
            await self._tell_webhooks()
            await self._chores()
            self.traveller.move_to(periods.now() + timedelta(hours=1), tick=False)

    async def _tell_webhooks(self) -> None:
        due = [event for at, event in self.bank.to_tell if at <= periods.now()]
        self.bank.to_tell = [each for each in self.bank.to_tell if each[0] > periods.now()]
        for event in due:
            try:
                await self.house.settlement.take(event)
            except Killed:
                self._count("killed")
                self._open()
                self.bank.to_tell.append((periods.now() + timedelta(hours=1), event))

    async def _move_in(self) -> None:
        for place in range(self.people):
            customer = FIRST_CUSTOMER + place
            connectors = [f"c{place}-{n}" for n in range(self.chance.choice((1, 1, 1, 2)))]
            person = Person(customer, connectors, tops_up=self.chance.random() < 0.2)
            self.folk.append(person)
            await self.house.customers.greet(customer, name=f"P{place}", language="ru")
            tariffs = [self.chance.choice(("whatsapp", "telegram")) for _ in connectors]
            await self.database.write(self._registered(person, tariffs, self.chance.choice(ZONES)))

    def _registered(self, person: Person, tariffs: Sequence[str], zone: str) -> Callable[[Tx], None]:
        def register(tx: Tx) -> None:
            payer = tx.customers.person(person.id)
            tx.customers.choose_zone(person.id, zone)
            for id_, tariff in zip(person.connectors, tariffs, strict=True):
                tx.connectors.add(Connector(id_, "messenger", id_, tariff, payer, None, None))

        return register

    async def _day(self, day: int) -> None:
        if day in (120, 200, 280):
            self._change_prices(up=day != 200)
        paused = await self.database.read(_paused)
        for person in self.folk:
            for act, odds in [*self._habits(person, day), *self._mending(person, paused)]:
                if self.chance.random() < odds:
                    await self._try(act, person)

    def _habits(self, person: Person, day: int) -> list[tuple[Callable[[Person], Awaitable[None]], float]]:
        begins = (person.id % 28) == day
        return [
            (self._connect_all, 1.0 if begins else 0.05),
            (self._top_up_with_autopay, (1.0 if begins else 0.005) if person.tops_up else 0.0),
            (self._pay_by_hand, 0.012),
            (self._unlink, 0.002),
            (self._delete, 0.001),
            (self._pause, 0.002),
            (self._block, 0.0005),
            (self._come_back, 0.05 if person.is_blocked else 0.0),
            (self._move, 0.003),
            (self._suspend, 0.001),
            (self._resume_service, 0.01),
            (self._seller_moves_a_date, 0.0005),
        ]

    def _mending(
        self, person: Person, paused: dict[int, set[str]]
    ) -> list[tuple[Callable[[Person], Awaitable[None]], float]]:
        """What people do about an autopay that charges nothing."""
        reasons = paused.get(person.id, set())
        if AutopayReason.PRICE_CHANGED in reasons:
            return [(self._agree_to_new_price, 0.3)]
        return [(self._start_over, 0.1), (self._resume, 0.05)] if reasons else []

    async def _try(self, act: Callable[[Person], Awaitable[None]], person: Person) -> None:
        try:
            await act(person)
            self._count(act.__name__)
        except CustomerError as refusal:
            self._count(f"refused:{refusal.code}")
        except Killed:
            self._count("killed")
            self._open()

    async def _connect_all(self, person: Person) -> None:
        standing = {view.autopay.connector_id for view in await self.house.autopays.all(person.id)}
        for connector in person.connectors:
            if connector in standing:
                continue
            months = self.chance.choice((1, 1, 1, 3, 6))
            order = await self.house.orders.place(person.id, [connector], months)
            offer = await self.house.autopays.offer_for_order(person.id, order.id, "RUB")
            assert offer is not None
            agreed = agreement(offer, balance_first=self.chance.random() < 0.2)
            remember = self.chance.random() < 0.3
            link = await self.house.payments.start(
                person.id, order.id, "fake", "RUB", Wishes(remember, 0, agreed if not offer.refusal else None)
            )
            await self._pay(link.payment_id, f"token-{connector}-{periods.now():%Y%m%d%H}")

    async def _top_up_with_autopay(self, person: Person) -> None:
        payer = await self.database.write(lambda tx: tx.customers.person(person.id))
        amount = Money(self.chance.choice((10_000, 50_000, 99_000)), "RUB")
        offer = await self.house.autopays.offer_for_top_up(person.id, payer, amount)
        wishes = Wishes(agreed=None if offer.standing else agreement(offer))
        link = await self.house.payments.start_top_up(person.id, payer, "fake", amount, wishes)
        await self._pay(link.payment_id, f"token-{person.id}-{periods.now():%Y%m%d%H}")

    async def _pay_by_hand(self, person: Person) -> None:
        order = await self.house.orders.place(person.id, [self.chance.choice(person.connectors)], 1)
        link = await self.house.payments.start(person.id, order.id, "fake", "RUB")
        await self._pay(link.payment_id, "")

    async def _pay(self, payment_id: int, token: str) -> None:
        reference = await reference_of(self.database, payment_id)
        if token:
            told: Event = self.bank.saved(reference, token)
        else:
            self.bank.pay(reference)
            event = self.bank.sales[self.bank._payment(reference)].told
            assert event is not None
            told = event
        self.bank.to_tell.append((periods.now() + timedelta(days=self.chance.choice((0, 0, 1, 30))), told))
        await self.house.settlement.take(told)

    async def _unlink(self, person: Person) -> None:
        cards = await self.house.saved_cards.all(person.id)
        if cards:
            await self.house.saved_cards.unlink(person.id, self.chance.choice(cards).card.id, 1)

    async def _delete(self, person: Person) -> None:
        for view in (await self.house.autopays.all(person.id))[:1]:
            await self.house.autopays.delete(person.id, view.autopay.id, 2)

    async def _pause(self, person: Person) -> None:
        for view in (await self.house.autopays.all(person.id))[:1]:
            await self.house.autopays.pause(person.id, view.autopay.id)

    async def _resume(self, person: Person) -> None:
        for view in await self.house.autopays.all(person.id):
            if view.autopay.state is AutopayState.PAUSED:
                await self.house.autopays.resume(person.id, view.autopay.id)

    async def _agree_to_new_price(self, person: Person) -> None:
        for view in await self.house.autopays.all(person.id):
            if view.autopay.reason == AutopayReason.PRICE_CHANGED.value:
                await self._agree_again(view)

    async def _start_over(self, person: Person) -> None:
        """Whose card is of no use any more deletes the autopay, and connects another some day."""
        for view in await self.house.autopays.all(person.id):
            if view.autopay.reason in NEEDS_CONSENT and view.autopay.reason != AutopayReason.PRICE_CHANGED:
                await self.house.autopays.delete(person.id, view.autopay.id, 3)

    async def _agree_again(self, view: AutopayView) -> None:
        customer, autopay = view.autopay.customer_id, view.autopay
        offer = await self.house.autopays.offer_of(customer, autopay.id)
        agreed = agreement(offer, card_id=autopay.card_id, balance_first=autopay.balance_first)
        await self.house.autopays.change(customer, autopay.id, agreed)

    async def _block(self, person: Person) -> None:
        person.is_blocked = True
        self.calendar.undeliverable.add(person.id)
        await self.house.customers.set_reachable(person.id, False)

    async def _come_back(self, person: Person) -> None:
        person.is_blocked = False
        self.calendar.undeliverable.discard(person.id)
        await self.house.customers.greet(person.id, name="P", language="ru")

    async def _move(self, person: Person) -> None:
        for view in (await self.house.autopays.all(person.id))[:1]:
            if view.autopay.charge_on is not None:
                to = view.autopay.charge_on - timedelta(days=self.chance.choice((1, 2, 5)))
                await self.house.autopays.move(person.id, view.autopay.id, to)

    async def _suspend(self, person: Person) -> None:
        begins = periods.today(self.calendar.zone) + timedelta(days=self.chance.choice((0, 3)))
        span = Span(begins, begins + timedelta(days=self.chance.choice((10, 31, 90))))
        await self.house.suspensions.plan(person.id, Subject(connector_id=person.connectors[0]), span)

    async def _resume_service(self, person: Person) -> None:
        stand = await self.house.suspensions.stand(person.id, Subject(connector_id=person.connectors[0]))
        lasting = stand.lasting
        if lasting is not None and lasting.is_running:
            await self.house.suspensions.resume(person.id, lasting.id)

    async def _seller_moves_a_date(self, person: Person) -> None:
        def move(tx: Tx) -> None:
            connector = tx.connectors.get(person.connectors[0])
            if connector is not None and connector.paid_until is not None:
                until = connector.paid_until + timedelta(days=self.chance.choice((-3, 5, 40)))
                tx.connectors.extend(connector, until, anchor_day=until.day, cause=ExtensionCause.API)

        await self.database.write(move)

    def _change_prices(self, *, up: bool) -> None:
        tariffs = dict(self.catalogue.tariffs)
        tariffs["whatsapp"] = _dearer(tariffs["whatsapp"], 10_000 if up else -15_000)
        self.catalogue = replace(self.catalogue, tariffs=tariffs)
        self._open()

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def _dearer(tariff: Tariff, by: int) -> Tariff:
    def priced(period: Period) -> Period:
        prices = tuple(Money(price.minor + by, price.currency) for price in period.prices)
        return replace(period, prices=prices)

    return replace(tariff, periods=tuple(priced(period) for period in tariff.periods))


def _paused(tx: Tx) -> dict[int, set[str]]:
    """Whose autopays charge nothing, and why."""
    query = select(autopays.c.customer_id, autopays.c.reason).where(autopays.c.state == "paused")
    found: dict[int, set[str]] = {}
    for row in tx.connection.execute(query.order_by(autopays.c.id)):
        found.setdefault(row.customer_id, set()).add(row.reason)
    return found
