"""A shop of a provider that keeps cards: Anna pays at its page with the switch ticked, then time goes by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.domain.catalogue import Catalogue
from bot.domain.payments import Payment
from bot.gateways.base import Link
from bot.services.autopay.views import AutopayView
from bot.services.beginning import Wishes
from bot.services.house import House, build_house
from bot.storage.database import Database
from sandbox.cards import Behaviour
from tests.gateways.robokassa_street import RobokassaStreet
from tests.gateways.webpay_street import WebPayStreet
from tests.services.calendar import agreement
from tests.services.conftest import ANNA, LINE, WHATSAPP, give_anna_her_lines, surroundings

Street = RobokassaStreet | WebPayStreet


@dataclass
class Shop:
    house: House
    database: Database
    street: Street
    connector: str
    currency: str

    @property
    def name(self) -> str:
        return self.street.gateway.name

    async def agreed(self) -> tuple[Payment, Link]:
        """The payment that an autopay was agreed to with, and the way to its page."""
        order = await self.house.orders.place(ANNA, [self.connector], 1)
        offer = await self.house.autopays.offer_for_order(ANNA, order.id, self.currency)
        assert offer is not None
        wishes = Wishes(remember=True, agreed=agreement(offer))
        begun = await self.house.payments.start(ANNA, order.id, self.name, self.currency, wishes)
        payment = await self.database.read(lambda tx: tx.payments.get(begun.payment_id))
        assert payment is not None
        return payment, Link(payment.url, payment.provider_payment, payment.expires_at, payment.form)

    async def connected(self, behaviour: Behaviour = Behaviour.PAYS) -> AutopayView:
        _, link = await self.agreed()
        callback = await self.street.pay(link, behaviour=behaviour.value)
        reply = await self.house.callbacks.receive(self.name, callback)
        assert (reply.status, reply.result) == (200, "booked")
        return await self.view()

    async def view(self) -> AutopayView:
        """The one autopay that stands."""
        [view] = await self.house.autopays.all(ANNA)
        return view

    async def behaves(self, view: AutopayView, behaviour: Behaviour) -> None:
        card = await self.database.read(lambda tx: tx.saved_cards.get(view.autopay.card_id or 0))
        assert card is not None
        await self.street.control(f"cards/{card.token.rpartition(':')[2]}", behaviour=behaviour.value)


@asynccontextmanager
async def opened(street: Street, database: Database, catalogue: Catalogue) -> AsyncIterator[Shop]:
    """WEBPAY takes Belarusian roubles, in which one connector alone has a price."""
    thing, currency = (LINE, "BYN") if isinstance(street, WebPayStreet) else (WHATSAPP, "RUB")
    async with street:
        around = replace(surroundings(catalogue), gateways={street.gateway.name: street.gateway})
        house = build_house(database, around)
        await house.customers.greet(ANNA, name="Anna", language="ru")
        await database.write(give_anna_her_lines)
        yield Shop(house, database, street, thing, currency)
        assert (await house.books.prove()).disagreements == []
