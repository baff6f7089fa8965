"""An operator switches an autopay off, unlinks a card, blocks a customer: at once, once, and told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select

from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.records import CustomerRecord, RecordKind
from bot.domain.states import OrderState
from bot.keyboards.acts import cards
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import audit
from tests.autopays import Connected, connect
from tests.gateways.fake import FakeGateway
from tests.services.conftest import ANNA, CASHIER, LINE, OPERATOR, OWNER, VIEWER, WHATSAPP
from tests.services.money import begun, notices
from tests.services.test_desk import refused_with
from tests.services.test_wishes import card_of

WHY = "asked on the telephone"


async def connected(database: Database) -> Connected:
    return await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))


async def standing(database: Database, autopay_id: int) -> tuple[AutopayState, str, bool]:
    autopay = await database.read(lambda tx: tx.autopays.get(autopay_id))
    assert autopay is not None
    consents = await database.read(lambda tx: tx.autopay_consents.stands(autopay_id))
    return autopay.state, autopay.reason, consents


async def once(database: Database, act: Callable[[int], Awaitable[object]], action: str) -> None:
    """Two operators press at once: one has done it, and the other hears who."""
    done = await asyncio.gather(act(OWNER), act(CASHIER), return_exceptions=True)
    (refusal,) = [each for each in done if isinstance(each, CustomerError)]
    first = OWNER if done[0] is not refusal else CASHIER
    assert (refusal.code, refusal.blanks) == ("done_by", {"who": first})
    query = select(audit.c.who).where(audit.c.action == action)
    assert await database.read(lambda tx: list(tx.connection.scalars(query))) == [first]


async def test_an_autopay_is_switched_off_with_its_consent(house: House, database: Database) -> None:
    autopay = await connected(database)
    acts = house.acts.autopays
    await refused_with("not_allowed", acts.end(VIEWER, autopay.autopay_id, WHY))
    await refused_with("reason_missing", acts.end(OPERATOR, autopay.autopay_id, ""))
    await once(database, lambda who: acts.end(who, autopay.autopay_id, WHY), "autopay_switched_off")
    state = await standing(database, autopay.autopay_id)
    assert state == (AutopayState.REVOKED, AutopayReason.OPERATOR, False)
    assert await notices(database) == ["autopay_ended", "autopay_ended"]


async def test_a_card_is_unlinked_and_its_autopays_stop(house: House, database: Database) -> None:
    autopay = await connected(database)
    acts = house.acts.autopays
    await once(database, lambda who: acts.unlink(who, autopay.card_id, WHY), "card_unlinked_by_operator")
    state = await standing(database, autopay.autopay_id)
    assert state == (AutopayState.PAUSED, AutopayReason.CARD_UNLINKED, False)
    assert await house.saved_cards.all(ANNA) == []
    assert await notices(database) == ["card_unlinked"]


async def test_who_is_blocked_orders_and_pays_nothing_new(house: House, database: Database) -> None:
    autopay, order = await connected(database), await house.orders.place(ANNA, [LINE], 1)
    blocking, payer = house.acts.blocking, (await house.balance.payers(ANNA))[0].id
    await refused_with("not_allowed", blocking.block(OPERATOR, ANNA, WHY))
    await once(database, lambda who: blocking.block(who, ANNA, WHY), "blocked")
    await refused_with("blocked", house.orders.place(ANNA, [WHATSAPP], 1))
    await refused_with("blocked", house.payments.start(ANNA, order.id, "fake"))
    top_up = house.payments.start_top_up(ANNA, payer, "fake", Money(50_000, "RUB"))
    await refused_with("blocked", top_up)
    state = await standing(database, autopay.autopay_id)
    assert state == (AutopayState.PAUSED, AutopayReason.BLOCKED, True)
    await refused_with("blocked", house.autopays.resume(ANNA, autopay.autopay_id))
    await once(database, lambda who: blocking.unblock(who, ANNA, WHY), "unblocked")
    assert (await standing(database, autopay.autopay_id))[0] is AutopayState.ACTIVE
    await house.payments.start(ANNA, order.id, "fake")
    assert await notices(database) == ["blocked", "unblocked"]


async def test_a_card_that_is_only_remembered_can_be_unlinked(house: House, database: Database) -> None:
    record = await house.records.get(OPERATOR, RecordKind.CUSTOMER, str(ANNA))
    assert isinstance(record, CustomerRecord) and cards(record) is None
    card_id = await card_of(database)
    record = await house.records.get(OPERATOR, RecordKind.CUSTOMER, str(ANNA))
    assert isinstance(record, CustomerRecord) and cards(record) is not None
    (card,) = (await house.acts.autopays.of_customer(OPERATOR, ANNA)).cards
    assert card.id == card_id


async def test_money_that_was_on_its_way_is_still_booked(
    house: House, database: Database, fake: FakeGateway
) -> None:
    order = await house.orders.place(ANNA, [LINE], 1)
    reference = await begun(house, database, order)
    await house.acts.blocking.block(OWNER, ANNA, WHY)
    await house.callbacks.receive("fake", fake.pay(reference))
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.FULFILLED
