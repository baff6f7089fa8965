"""Cards and autopays for tests of the chat: saved cards, and the usual taps."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.domain.money import Money
from bot.domain.saved_cards import CardOnFile
from bot.services.autopay.views import AutopayView
from bot.services.house import House
from bot.storage.tables import autopay_consents
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person

NBSP = "\N{NO-BREAK SPACE}"
CONNECT_WHATSAPP = "Подключить: WhatsApp"


async def keep_card(house: House, digits: str = "7173", *, customer_id: int = ANNA) -> int:
    """A remembered card."""

    def save(tx: Tx) -> int:
        return tx.saved_cards.add(
            customer_id,
            CardOnFile(f"token-{digits}", "", f"•••• {digits}", date(2028, 12, 31)),
            provider="yookassa_card",
            method="yookassa_card",
            remembered=True,
            payment_id=None,
        )

    return await house.books.database.write(save)


async def top_up(house: House, card: FakeGateway, roubles: int, customer_id: int = ANNA) -> int:
    """Money paid onto the balance, and its payment."""
    payer = await house.books.database.read(lambda tx: tx.customers.person(customer_id))
    await house.payments.start_top_up(customer_id, payer, card.name, Money(roubles * 100, "RUB"))
    payment = (await house.payments.history(customer_id)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference))
    return payment.id


async def autopays_of(house: House, customer_id: int = ANNA) -> list[AutopayView]:
    return await house.autopays.all(customer_id)


async def consents(house: House) -> list[tuple[str, int | None, str]]:
    """Text, the tap's number and how it ended, oldest first."""

    def look(tx: Tx) -> list[tuple[str, int | None, str]]:
        columns = (autopay_consents.c.text, autopay_consents.c.update_id, autopay_consents.c.ended_how)
        query = select(*columns).order_by(autopay_consents.c.id)
        rows = tx.connection.execute(query)
        return [(row[0], row[1], row[2]) for row in rows]

    return await house.books.database.read(look)


async def connect_whatsapp(anna: Person) -> None:
    await anna.says("/autopay")
    await anna.taps(CONNECT_WHATSAPP)
    await anna.taps(f"Подключить: 990{NBSP}₽ каждый месяц")


async def connect_balance(anna: Person) -> None:
    """Of what was topped up last."""
    await anna.says("/autopay")
    await anna.taps("Подключить: пополнение баланса")
    await anna.taps("Подключить: ")
