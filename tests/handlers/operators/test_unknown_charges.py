"""The card of a charge whose end nobody knows: a cashier looks into the cabinet, and says so once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.domain import periods
from bot.domain.states import AttemptState, PaymentState
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import attempts, autopay_consents, payments
from bot.storage.tx import Tx
from tests.autopays import connect, send_charge
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import Group, Operator
from tests.handlers.rig import Seen


@pytest.fixture
async def card(house: House, sqlite_database: Database, group: Group) -> Seen:
    def silent(tx: Tx) -> None:
        send_charge(tx, ANNA, connect(tx, ANNA))
        two_days_ago = periods.now() - timedelta(days=2)
        tx.connection.execute(update(attempts).values(sent_at=two_days_ago))
        tx.connection.execute(update(autopay_consents).values(given_at=two_days_ago))

    await sqlite_database.write(silent)
    await house.unknown_charges.tell_due()
    (card,) = await group.hang_up_news()
    return card


async def states(database: Database) -> tuple[str, str]:
    """Of the payment, and of the call that was made for it."""
    query = select(payments.c.state, attempts.c.state).join(attempts)
    return await database.read(lambda tx: tuple(tx.connection.execute(query).one()))


async def test_money_that_came_is_booked_under_its_number(
    sqlite_database: Database, group: Group, clara: Operator, card: Seen
) -> None:
    assert "990\N{NO-BREAK SPACE}₽" in card.text
    await clara.taps("Деньги пришли", card)
    await clara.replies(group.newest, "22e12f66-000f")
    assert await states(sqlite_database) == (PaymentState.SUCCEEDED, AttemptState.KNOWN)
    closed = group.telegram.messages[card.id]
    assert closed.text.endswith("✔️ Clara: деньги пришли, номер 22e12f66-000f.")
    assert not closed.buttons


async def test_money_that_did_not_come_takes_one_more_tap(
    sqlite_database: Database, group: Group, clara: Operator, card: Seen
) -> None:
    await clara.taps("Не пришли", card)
    assert (await states(sqlite_database))[1] == AttemptState.SENT
    await clara.taps("Да, 990\N{NO-BREAK SPACE}₽ не пришли", group.telegram.messages[card.id])
    assert (await states(sqlite_database))[1] == AttemptState.KNOWN
    assert "таких денег нет" in group.telegram.messages[card.id].text


async def test_it_takes_a_cashier(
    sqlite_database: Database, group: Group, oleg: Operator, card: Seen
) -> None:
    for button in ("Деньги пришли", "Не пришли"):
        await oleg.taps(button, card)
        assert "кассир" in group.toast
    assert (await states(sqlite_database))[1] == AttemptState.SENT
