"""A calendar that tests turn: what falls due on the way is done at its time, as the clock would do it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from bot.domain import periods
from bot.domain.autopays import Agreement, AutopayState
from bot.domain.states import NoticeState
from bot.services.autopay.views import AutopayOffer, AutopayView
from bot.services.beginning import Wishes
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import arrears, autopays, connectors, outbox, payments, suspensions
from bot.storage.tx import Tx
from tests.gateways.card_bank import CardBank
from tests.services.conftest import ANNA, WHATSAPP
from tests.services.money import reference_of

LONGEST_HOP = timedelta(days=400)


class Calendar:
    """`go_to` turns it, and stops wherever an autopay or a question to a provider is due."""

    def __init__(self, house: House, database: Database, traveller: Any) -> None:
        self.house = house
        self.database = database
        self._traveller = traveller
        self.zone = ZoneInfo("Europe/Moscow")
        self.undeliverable: set[int] = set()
        """Customers whose chats take no messages."""

    async def go_on(self, **length: float) -> None:
        await self.go_to(periods.now() + timedelta(**length))

    async def go_to(self, moment: datetime) -> None:
        while True:
            await self.do_due()
            due = await self.database.read(self._next_due)
            if due is None or due > moment:
                break
            self._traveller.move_to(max(due, periods.now()), tick=False)
        self._traveller.move_to(moment, tick=False)
        await self.do_due()

    async def is_anything_due(self) -> bool:
        due = await self.database.read(self._next_due)
        return due is not None and due <= periods.now()

    async def do_due(self) -> None:
        """What the clock's chores do now, until nothing is left."""
        done = 1
        while done:
            await self.deliver()
            done = await self.house.autopay_steps.do_due()
            done += await self.house.autopay_charging.charge_due()
            done += await self.house.inquiries.ask_due()
            done += await self.house.arrears.advance()
            done += await self.house.suspensions.advance()

    async def deliver(self) -> None:
        """Every notice arrives at once, but in the chats that take none."""

        def sent(tx: Tx) -> None:
            due = outbox.c.state == NoticeState.DUE.value
            dead = due & outbox.c.address.in_(self.undeliverable) & (outbox.c.email == "")
            tx.connection.execute(update(outbox).where(dead).values(state=NoticeState.DEAD.value))
            arrived = {"state": NoticeState.SENT.value, "sent_at": periods.now()}
            tx.connection.execute(update(outbox).where(due).values(**arrived))

        await self.database.write(sent)

    def _next_due(self, tx: Tx) -> datetime | None:
        moments = [
            tx.connection.execute(select(func.min(autopays.c.due_at))).scalar_one(),
            tx.connection.execute(select(func.min(payments.c.next_ask_at))).scalar_one(),
            tx.connection.execute(select(func.min(arrears.c.next_at))).scalar_one(),
            tx.connection.execute(select(func.min(suspensions.c.next_at))).scalar_one(),
            self._next_in_arrears(tx),
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_in_arrears(self, tx: Tx) -> datetime | None:
        """The midnight at which the clock, which never sleeps, notes that a connector was not paid for."""
        last_days = (
            select(func.min(connectors.c.paid_until))
            .join(autopays, autopays.c.connector_id == connectors.c.id)
            .where(autopays.c.state == AutopayState.RETRYING.value)
            .where(connectors.c.paid_until >= periods.today(self.zone))
        )
        last: date | None = tx.connection.execute(last_days).scalar_one()
        return datetime.combine(last + timedelta(days=1), time(), self.zone) if last else None


def agreement(offer: AutopayOffer, *, card_id: int | None = None, balance_first: bool = False) -> Agreement:
    """What a tap on the consent screen would agree to."""
    return Agreement(
        text=f"{offer.amount} from {offer.first_on}",
        version="test",
        language="en",
        amount=offer.amount,
        interval=offer.interval,
        first_on=offer.first_on,
        card_id=card_id,
        balance_first=balance_first,
        update_id=77,
    )


async def pay_and_connect(
    house: House,
    database: Database,
    bank: CardBank,
    *,
    token: str = "card-1",
    customer: int = ANNA,
    connector: str = WHATSAPP,
    months: int = 1,
    remember: bool = False,
    promo: str = "",
) -> AutopayView:
    """Pay for a connector with the switch ticked; the card is saved, and the autopay in force."""
    order = await house.orders.place(customer, [connector], months, promo=promo)
    offer = await house.autopays.offer_for_order(customer, order.id, "RUB")
    assert offer is not None
    wishes = Wishes(remember=remember, agreed=agreement(offer))
    link = await house.payments.start(customer, order.id, "fake", "RUB", wishes)
    reference = await reference_of(database, link.payment_id)
    await house.settlement.take(bank.saved(reference, token))
    views = await house.autopays.all(customer)
    return next(view for view in views if view.connector and view.connector.id == connector)
