"""Being forgotten ends autopays and unlinks cards at once; a charge under way is waited for."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select, update

from bot.domain.events import Paid
from bot.domain.saved_cards import CardOnFile
from bot.domain.webhooks import SELLER
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import (
    arrears,
    autopay_consents,
    autopays,
    customers,
    notice_choices,
    payments,
    saved_cards,
    suspensions,
    webhooks,
)
from bot.storage.tx import Tx
from tests.autopays import MASKED, PRICE, Connected, connect, send_charge
from tests.gateways.fake import FakeGateway, Sale
from tests.services.conftest import ANNA, BOB, OWNER, WHATSAPP
from tests.services.money import begun, notices, price_of

TIMES = 8
LEASE = timedelta(minutes=5)


async def read(database: Database, query: Select[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await database.read(lambda tx: tx.connection.execute(query).all())]


async def test_autopays_end_and_cards_are_unlinked(house: House, database: Database) -> None:
    his = await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    others = await database.write(lambda tx: connect(tx, BOB, token="pm-2"))
    await database.write(lambda tx: owe_and_do_without(tx, his))
    erasure = await house.personal_data.forget(ANNA)
    assert erasure.done_at is not None
    states = select(autopays.c.id, autopays.c.state, autopays.c.reason).order_by(autopays.c.id)
    assert await read(database, states) == [
        (his.autopay_id, "revoked", "forgotten"),
        (others.autopay_id, "active", ""),
    ]
    consent = select(autopay_consents.c.customer_id, autopay_consents.c.ended_how).order_by(
        autopay_consents.c.id
    )
    assert await read(database, consent) == [(erasure.customer_id, "forgotten"), (BOB, "")]
    card = await database.read(lambda tx: tx.saved_cards.get(his.card_id))
    assert card is not None and not card.is_linked and card.customer_id == erasure.customer_id
    assert await read(database, select(notice_choices)) == []
    assert await read(database, select(arrears.c.next_at, arrears.c.ended_how)) == [(None, "forgotten")]
    assert await read(database, select(suspensions.c.next_at, suspensions.c.state)) == [(None, "cancelled")]


def owe_and_do_without(tx: Tx, his: Connected) -> None:
    """Rows of every other kind that names a person here."""
    moment = tx.autopays.get(his.autopay_id)
    assert moment is not None and moment.charge_on is not None and moment.due_at is not None
    owner = {
        "customer_id": ANNA,
        "connector_id": WHATSAPP,
        "created_at": moment.created_at,
        "next_at": moment.due_at,
    }
    owed = {"autopay_id": his.autopay_id, "since": moment.charge_on, "stage": "grace"}
    tx.connection.execute(arrears.insert().values(**owner, **owed))
    days = {"starts_on": moment.charge_on, "ends_on": moment.charge_on}
    tx.connection.execute(
        suspensions.insert().values(**owner, **days, payer_id=his.payer_id, state="planned")
    )
    choice = {"topic": "renewal", "place": "off", "changed_at": moment.created_at}
    tx.connection.execute(notice_choices.insert().values(customer_id=ANNA, **choice))


async def test_the_sellers_system_hears_that_each_has_ended(house: House, database: Database) -> None:
    database.listeners.add(SELLER)
    await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    await house.personal_data.forget(ANNA)
    rows = await read(database, select(webhooks.c.payload).where(webhooks.c.kind == "autopay.ended"))
    assert [(row[0]["connector"], row[0]["reason"]) for row in rows] == [(WHATSAPP, "forgotten")]


async def test_its_provider_is_told_to_forget_the_card(house: House, database: Database) -> None:
    """The token is the only way to tell him, so it stays until that was done, and goes then."""
    his = await database.write(lambda tx: connect(tx, ANNA, WHATSAPP))
    await house.personal_data.forget(ANNA)
    to_tell = await database.write(lambda tx: tx.saved_cards.take_unlinked(5, LEASE))
    assert [(card.id, card.token) for card in to_tell] == [(his.card_id, "pm-1")]
    await database.write(lambda tx: tx.saved_cards.forget_token(his.card_id))
    assert await read(database, select(saved_cards.c.token)) == [("",)]


async def test_a_charge_under_way_ends_first(house: House, database: Database, fake: FakeGateway) -> None:
    his = await database.write(lambda tx: connect(tx, ANNA))
    reference = await database.write(lambda tx: send_charge(tx, ANNA, his))
    assert (await house.personal_data.forget(ANNA)).done_at is None
    assert await read(database, select(autopays.c.state)) == [("revoked",)], "but nothing more is charged"
    told = Paid("fake", "m-1", reference, PRICE, provider_payment="sale-1")
    fake.sales["sale-1"] = Sale("sale-1", reference, PRICE, told=told)
    await house.settlement.take(told)
    await database.write(lambda tx: end(tx, reference))
    assert await house.personal_data.carry_out() == 0, "what it brought is to be returned"
    payment = await database.read(lambda tx: tx.payments.by_reference(reference))
    assert payment is not None
    await house.refunds.refund(payment.id, PRICE, who=OWNER, reason="forget me")
    assert await house.personal_data.carry_out() == 1
    assert (await notices(database))[-1] == "forgotten"


@pytest.mark.parametrize("refused_before", [False, True])
async def test_money_that_comes_later_keeps_no_card(
    house: House, database: Database, fake: FakeGateway, refused_before: bool
) -> None:
    """Whether he still waits to be forgotten, or the provider had called that payment lost."""
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    reference = await begun(house, database, order)
    saves = update(payments).values(saves_card=True, remembers=True)
    await database.write(lambda tx: tx.connection.execute(saves))
    if refused_before:
        await house.callbacks.receive("fake", fake.refuse(reference))
    assert bool((await house.personal_data.forget(ANNA)).done_at) is refused_before
    paid = Paid("fake", "m-1", reference, price_of(order), provider_payment="s", card_on_file=CardOnFile("t"))
    await house.settlement.take(paid)
    assert await read(database, select(saved_cards.c.id)) == []


async def test_taking_the_wish_back_connects_nothing(house: House, database: Database) -> None:
    his = await database.write(lambda tx: connect(tx, ANNA))
    await database.write(lambda tx: send_charge(tx, ANNA, his))
    await house.personal_data.forget(ANNA)
    await house.personal_data.take_back(ANNA)
    assert await read(database, select(autopays.c.state, autopays.c.reason)) == [("revoked", "forgotten")]


async def test_his_copy_has_cards_and_consents_but_no_tokens(house: House, database: Database) -> None:
    await database.write(lambda tx: connect(tx, ANNA, WHATSAPP, token="secret-token"))
    await database.write(lambda tx: connect(tx, BOB, token="pm-2", reference="bobs"))
    found = await house.personal_data.everything(ANNA)
    assert [row["masked"] for row in found["saved_cards"]] == [MASKED]
    assert [row["text"] for row in found["autopay_consents"]] == ["I agree to 990 ₽ a month."]
    assert [row["connector_id"] for row in found["autopays"]] == [WHATSAPP]
    assert {"arrears", "suspensions", "notice_choices"} <= found.keys()
    assert "secret-token" not in json.dumps(found, default=str)


async def test_a_charge_and_being_forgotten_at_once(house: House, database: Database) -> None:
    """Either the charge was first, and he waits for its end, or it finds no consent and is not made."""
    for number in range(TIMES):
        who = 5000 + number
        await house.customers.greet(who, name="Carol", language="en")
        his = await database.write(lambda tx, who=who: connect(tx, who, token=f"pm-{who}"))  # type: ignore[misc]  # a default

        def charge(tx: Tx, who: int = who, his: Connected = his) -> bool:
            tx.customers.lock_payer(his.payer_id)
            autopay = tx.autopays.lock(his.autopay_id)
            if autopay is None or not autopay.stands:
                return False
            send_charge(tx, who, his)
            return True

        sent, erasure = await asyncio.gather(database.write(charge), house.personal_data.forget(who))
        assert sent is (erasure.done_at is None)
        left = await read(database, select(customers.c.id).where(customers.c.id == who))
        assert bool(left) is sent


def end(tx: Tx, reference: str) -> None:
    """What an inquiry writes down of the provider's answer."""
    attempt = tx.attempts.by_reference(f"attempt-{reference}")
    assert attempt is not None
    tx.attempts.known(attempt.id, outcome="succeeded")
