"""What the seller's own systems are told, and when; nothing is written where nobody listens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.domain.webhooks import SELLER, Heard, Wanted
from bot.gateways.courier import Courier
from bot.services.house import House
from bot.services.imports import ImportService
from bot.services.vault import Vault
from bot.services.webhook_history import WebhookHistoryService
from bot.services.webhooks import WebhookService
from bot.storage.database import Database
from bot.storage.tables import outbox, webhooks
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, BOB, LINE, OPERATOR, OWNER, WHATSAPP, Count
from tests.services.money import begun, paid_until, price_of

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FILE = """id,kind,title,tariff,paid_until,telegram_id,phone,email
wa-1,whatsapp,WhatsApp +7 999,whatsapp,2026-12-14,1001,,
line-1,line,Line 5,line,,1001,,
wa-9,whatsapp,WhatsApp +7 111,whatsapp,2026-12-20,,,
"""


@pytest.fixture
def listening(database: Database, house: House) -> Database:
    database.listeners.add(SELLER)
    return database


async def told(database: Database) -> list[tuple[str, dict[str, Any]]]:
    query = select(webhooks.c.kind, webhooks.c.payload).order_by(webhooks.c.id)
    rows = await database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.kind, row.payload) for row in rows]


async def test_silence_where_nobody_listens(house: House, count: Count) -> None:
    await house.connector_links.detach(ANNA, WHATSAPP)
    assert await count(webhooks) == 0


async def test_unlinked_and_taken_over_again(house: House, listening: Database) -> None:
    await house.connector_links.detach(ANNA, WHATSAPP)
    token = await house.connector_links.to_attach(WHATSAPP)
    await house.connector_links.attach(BOB, token)
    (gone, before), (taken, after) = await told(listening)
    assert (gone, before["owned"], before["sequence"]) == ("connector.detached", False, 1)
    assert (taken, after["owned"], after["sequence"]) == ("connector.attached", True, 2)
    assert after["id"] == WHATSAPP


async def test_found_by_an_operator(house: House, listening: Database) -> None:
    await house.connector_links.detach(ANNA, LINE)
    await house.connectors.find(BOB, "Line 5")
    (card,) = await house.desk.open_cards(OPERATOR)
    await house.desk.attach(OPERATOR, card.id, LINE)
    assert [kind for kind, _ in await told(listening)] == ["connector.detached", "connector.attached"]


async def test_import_tells_of_the_dates_it_moves(
    house: House, listening: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(FILE)
    imports = ImportService(listening, catalogue, "ru")
    await imports.connectors(file, set_dates=True)
    ((kind, moved),) = await told(listening)
    assert kind == "connector.extended"
    assert {name: moved[name] for name in ("id", "from", "paid_until", "cause", "order")} == {
        "id": WHATSAPP,
        "from": None,
        "paid_until": date(2026, 12, 14).isoformat(),
        "cause": "import",
        "order": None,
    }
    await imports.connectors(file, set_dates=True)
    assert len(await told(listening)) == 1, "what did not move is no news"


async def test_paid_order_activates_its_line(house: House, listening: Database, fake: FakeGateway) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, listening, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    news = await told(listening)
    assert [kind for kind, _ in news] == ["payment.succeeded", "order.paid", "connector.extended"]
    money, bought, extended = (data for _, data in news)
    price = {"value": price_of(order).decimal(), "currency": "RUB"}
    assert (money["payment"], money["order"], money["amount"]) == (reference, order.reference, price)
    assert bought == {
        "order": order.reference,
        "lines": [{"connector": WHATSAPP, "months": 1}],
        "invoice": None,
        "price": price,
    }
    until = await paid_until(listening, WHATSAPP)
    assert until is not None
    assert extended == {
        "id": WHATSAPP,
        "sequence": 1,
        "paid_until": until.isoformat(),
        "from": None,
        "cause": "order",
        "months": 1,
        "order": order.reference,
    }
    assert "payment_id" not in str(news), "running ids never leave the house"


async def test_refused_and_too_little(house: House, listening: Database, fake: FakeGateway) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, listening, order)
    await house.callbacks.receive("fake", fake.refuse(reference))
    again = await begun(house, listening, order)
    await house.callbacks.receive("fake", fake.pay(again, price_of(order) - Money(100, "RUB")))
    kinds = [kind for kind, _ in await told(listening)]
    assert kinds == ["payment.refused", "payment.succeeded", "balance.credited"]
    _, short = (await told(listening))[-1]
    assert (short["reason"], short["order"], short["connectors"]) == (
        "short",
        order.reference,
        [LINE, WHATSAPP],
    )


async def test_money_for_an_order_that_was_given_up(
    house: House, listening: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, listening, order)
    await house.orders.cancel(ANNA, order.id)
    await house.callbacks.receive("fake", fake.pay(reference))
    kind, rests = (await told(listening))[-1]
    assert (kind, rests["reason"], rests["order"]) == ("balance.credited", "order_closed", order.reference)


async def test_refund_tells_of_order_and_payment(
    house: House, listening: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, listening, order)
    await house.callbacks.receive("fake", fake.pay(reference))
    payment = await listening.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    await house.refunds.refund(payment.id, price_of(order), who=OWNER, reason="asked for")
    assert [kind for kind, _ in await told(listening)][3:] == ["order.refunded", "payment.refunded"]


async def test_notice_of_success_promises_the_second_one(
    house: House, listening: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    await house.callbacks.receive("fake", fake.pay(await begun(house, listening, order)))
    query = select(outbox.c.payload).where(outbox.c.kind == "paid")
    (payload,) = await listening.read(lambda tx: list(tx.connection.scalars(query)))
    assert payload["switching"] is True


@pytest.mark.parametrize(("seconds", "tries", "notices"), [(1, 1, 0), (60, 1, 1), (60, 2, 1)])
async def test_late_acknowledgement_is_told_once(
    house: House, listening: Database, fake: FakeGateway, count: Count, seconds: int, tries: int, notices: int
) -> None:
    service = WebhookService(listening, Courier({}), Vault("a key of the tests, long enough to be one"))
    with time_machine.travel(START, tick=False) as clock:
        order = await house.orders.place(ANNA, [WHATSAPP], 1)
        await house.callbacks.receive("fake", fake.pay(await begun(house, listening, order)))
        clock.shift(seconds)
        for _ in range(tries):
            taken = await service.take(await service.waiting({SELLER: 10}))
            await service.note([Heard(webhook) for webhook in taken])
            await WebhookHistoryService(listening).replay(Wanted(connector_id=WHATSAPP))
            clock.shift(60)
    assert await count(outbox, outbox.c.kind == "switched_on") == notices
