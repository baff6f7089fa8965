"""/start, deep links, the menu, and who blocks the bot."""

from __future__ import annotations

import pytest

from bot.services.house import House
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, BOB, OWNER
from tests.handlers.rig import Chat, Person
from tests.handlers.test_pay import choose_whatsapp, pay_now
from tests.telegram import BLOCKED


async def test_a_stranger_is_greeted_in_his_language_and_written_down(bob: Person, house: House) -> None:
    await bob.says("/start")
    assert "What shall we do?" in bob.screen.text
    customer = await house.customers.get(BOB)
    assert customer and (customer.name, customer.language) == ("Bob", "en")


@pytest.mark.parametrize("code", ["ru", "en", "be", "ky"])
async def test_menu_speaks_every_language(chat: Chat, code: str) -> None:
    person = chat.person(5000, "X", code)
    await person.says("/start")
    pay = {"ru": "Оплатить", "en": "Pay", "be": "Аплаціць", "ky": "Төлөө"}[code]
    assert person.screen.buttons[0] == pay


async def test_link_from_the_sellers_cabinet_opens_its_connector(anna: Person) -> None:
    await anna.says("/start pay_wa-1")
    assert "На какой срок" in anna.screen.text


@pytest.mark.parametrize(
    "payload", ["pay_unknown", "pay_", "paid_nothing", "nonsense", "pay", "%00", "a" * 64, "paid_" + "f" * 40]
)
async def test_links_nobody_knows_lead_to_the_menu(anna: Person, payload: str) -> None:
    await anna.says(f"/start {payload}")
    assert "касса" in anna.screen.text


async def test_somebody_elses_connector_cannot_be_opened(bob: Person) -> None:
    await bob.says("/start pay_wa-1")
    assert "WhatsApp" not in "".join(seen.text + "".join(seen.buttons) for seen in bob.messages)


async def test_way_back_from_the_payment_page_tells_how_it_ended(
    anna: Person, bob: Person, house: House, card: FakeGateway
) -> None:
    await choose_whatsapp(anna)
    token = anna.url("Оплатить 990").rpartition("/")[2]
    await anna.says(f"/start paid_{token}")
    assert "ещё не пришли" in anna.screen.text
    await pay_now(house, card)
    await anna.says(f"/start paid_{token}")
    assert "зачислены" in anna.screen.text
    await bob.says(f"/start paid_{token}")
    assert "990" not in bob.screen.text, "whoever has the link sees nothing in his chat"


async def test_closed_payments_are_said_in_the_menu_and_refused_kindly(anna: Person, house: House) -> None:
    await house.desk.close_payments(OWNER, closed=True)
    await anna.says("/start")
    assert "приостановлен" in anna.screen.text
    await choose_whatsapp(anna)
    assert anna.screen.text.count("приостановлен") == 1
    assert not any("url" in button for row in anna.screen.rows for button in row)


async def test_names_of_any_kind_are_shown_and_break_nothing(chat: Chat, house: House) -> None:
    for number, name in enumerate(("<b>x</b>", "\u202eabc", "👩‍👩‍👧" * 20, "ы" * 4096, "&amp; <")):
        person = chat.person(6000 + number, name)
        await person.says("/start")
        await person.says("/settings")
        assert "Настройки" in person.screen.text


async def test_who_blocks_the_bot_is_not_reachable_until_he_is_back(
    anna: Person, chat: Chat, house: House
) -> None:
    await anna.says("/start")
    for status, reachable in (("kicked", False), ("member", True)):
        await chat.feed(my_chat_member=moved(anna, status))
        customer = await house.customers.get(ANNA)
        assert customer and customer.reachable is reachable


async def test_a_403_marks_him_unreachable_and_the_next_word_mends_it(
    anna: Person, chat: Chat, house: House
) -> None:
    chat.telegram.chat_faults[ANNA] = BLOCKED
    await anna.says("/start")
    customer = await house.customers.get(ANNA)
    assert customer and not customer.reachable
    chat.telegram.chat_faults.clear()
    await anna.says("/start")
    customer = await house.customers.get(ANNA)
    assert customer and customer.reachable


async def test_groups_are_none_of_the_customers_business(chat: Chat, house: House) -> None:
    group = {"id": -100500, "type": "supergroup", "title": "G"}
    sender = {"id": 7777, "is_bot": False, "first_name": "X"}
    await chat.feed(message={"message_id": 5, "date": 1, "chat": group, "from": sender, "text": "/start"})
    assert await house.customers.get(7777) is None
    assert chat.telegram.calls == []


def moved(person: Person, status: str) -> dict[str, object]:
    bot = {"id": 42, "is_bot": True, "first_name": "Kassir"}
    until = {"until_date": 0} if status == "kicked" else {}
    return {
        "chat": {"id": person.id, "type": "private", "first_name": "Anna"},
        "from": person.user,
        "date": 1,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": status, "user": bot, **until},
    }
