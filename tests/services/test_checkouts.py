"""Invoices inside Telegram, on both databases: what may be paid now, and what an update books in one unit."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import BadCallback
from bot.services.house import House
from bot.services.inbox import InboxService
from bot.services.settlement import Outcome
from bot.storage.database import Database
from tests.services.conftest import ANNA, BOB, WHATSAPP

AT_SHOP = "2d4d8203-000f-5000-9000-145f6df21d6f"


def update(update_id: int, **changes: Any) -> dict[str, Any]:
    paid = {
        "currency": "RUB",
        "total_amount": 99000,
        "invoice_payload": "a reference that no row has",
        "telegram_payment_charge_id": "stx",
        "provider_payment_charge_id": AT_SHOP,
    }
    return {"update_id": update_id, "message": {"date": 1787650000, "successful_payment": paid | changes}}


@pytest.fixture
def inbox(database: Database) -> InboxService:
    return InboxService(database)


async def test_kept_update_is_booked_once_by_however_many_hands(house: House, inbox: InboxService) -> None:
    await inbox.keep([update(1), update(2)])
    outcomes = await asyncio.gather(*(house.checkouts.take(number) for number in (1, 1, 2, 2, 1)))
    told = sorted(outcome.value for outcome in outcomes if outcome is not None)
    assert told == [Outcome.REPEATED.value, Outcome.SUSPENSE.value]
    assert await inbox.unhandled(timedelta(0)) == []


async def test_update_that_cannot_be_read_is_kept(house: House, inbox: InboxService) -> None:
    await inbox.keep([update(1, total_amount="much")])
    with pytest.raises(BadCallback):
        await house.checkouts.take(1)
    assert len(await inbox.unhandled(timedelta(0))) == 1


async def test_update_nobody_kept_books_nothing(house: House) -> None:
    assert await house.checkouts.take(77) is None


async def test_invoice_is_its_customers_and_of_its_sum(house: House) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "fake")
    payment = (await house.payments.details(ANNA, link.payment_id)).payment

    async def why(currency: str = "RUB", amount: int = 99000, who: int = ANNA) -> str:
        refusal = await house.checkouts.why_not(payment.reference, currency, amount, who)
        return refusal.code if refusal else ""

    assert await why() == ""
    assert await why(who=BOB) == "invoice_not_yours"
    assert await why(amount=98999) == await why(currency="KGS") == "invoice_changed"
    await house.orders.place(ANNA, [WHATSAPP], 3)
    assert await why() == "order_not_open"
