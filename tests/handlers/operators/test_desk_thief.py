"""Buttons of the desk where they do not belong: in private chats, in other groups, under another card."""

from __future__ import annotations

import pytest

from bot.domain.refunds import RefundPlan, RefundState
from bot.keyboards.refunds import ConfirmRefund, DeclineRefund
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators.test_refunds import paid_for, state_of
from tests.handlers.operators.test_who_may import buttons, commands, contents, pressed
from tests.handlers.operators_rig import CASHIER, ELSEWHERE, OWNER, Group


@pytest.mark.parametrize("who", [ANNA, OWNER])
@pytest.mark.parametrize(("chat", "kind"), [(None, "private"), (ELSEWHERE, "supergroup")])
async def test_no_button_and_no_command_works_outside_of_the_group(
    sqlite_database: Database, house: House, group: Group, who: int, chat: int | None, kind: str
) -> None:
    """A customer may send any data at all; and an owner's chat with the bot is not the desk."""
    payment = await paid_for(house, sqlite_database)
    await house.refund_wishes.ask(ANNA, payment.id, "why not")
    await house.orders.place(ANNA, ["wa-1"], 1)
    before = await contents(sqlite_database)
    user = {"id": who, "is_bot": False, "first_name": "Anna"}
    place = {"id": chat or who, "type": kind, "first_name": "Anna", "title": "Anna"}
    message = {"message_id": 1, "date": 1, "chat": place, "from": user}
    for number, button in enumerate(buttons()):
        query = {"id": str(number), "from": user, "chat_instance": "1", "data": pressed(button)}
        await group.feed(callback_query={**query, "message": {**message, "text": "-"}})
    for command in commands():
        entities = [{"type": "bot_command", "offset": 0, "length": len(command) + 1}]
        await group.feed(message={**message, "text": f"/{command} 1 1 1", "entities": entities})
    assert await contents(sqlite_database) == before


async def test_a_button_answers_only_the_request_of_its_own_card(
    sqlite_database: Database, house: House, group: Group
) -> None:
    """One sum is shown, and another one would go."""
    shown, meant = [await paid_for(house, sqlite_database, months=12) for _twice in range(2)]
    requests = [
        (await house.refund_requests.propose(CASHIER, RefundPlan(each.id, reason="by agreement"))).request.id
        for each in (shown, meant)
    ]
    cards = await sqlite_database.read(lambda tx: tx.cards.open(50))
    (card,) = [each.id for each in cards if each.payload.get("request_id") == requests[0]]
    await group.hang_up_news()
    olga = group.person(OWNER)
    await olga.taps_data(ConfirmRefund(request=requests[1], card=card, sure=True).pack(), group.newest)
    asked = len(group.telegram.messages)
    await olga.taps_data(DeclineRefund(request=requests[1], card=card).pack(), group.newest)
    assert len(group.telegram.messages) == asked
    for each in (shown, meant):
        assert await state_of(sqlite_database, each) is RefundState.PROPOSED
