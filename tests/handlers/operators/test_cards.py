"""The operators' group: who may press what, what becomes of a card, and who only hears a polite no."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.domain.errors import StorageUnavailable
from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.domain.talk import Attached, Said
from bot.handlers.operators.commands import COMMANDS, introduce_to_operators
from bot.services.house import House
from tests.handlers.operators.conftest import ANNA, BOB
from tests.handlers.operators_rig import (
    ANONYMOUS,
    CASHIER,
    ELSEWHERE,
    GROUP,
    OPERATOR,
    OWNER,
    STRANGER,
    VIEWER,
    Group,
    Operator,
)
from tests.handlers.rig import Seen
from tests.telegram import refusal

ROUBLES = Money(99000, "RUB")
STICKER = {
    "file_id": "s",
    "file_unique_id": "u",
    "type": "regular",
    "width": 9,
    "height": 9,
    "is_animated": False,
    "is_video": False,
}


async def stray(house: House, group: Group) -> Seen:
    await house.settlement.take(Paid("fake", "m-1", "lost-reference", ROUBLES, provider_payment="p-1"))
    return (await group.hang_up_news())[-1]


async def question(house: House, group: Group, photo: str = "") -> Seen:
    attached = Attached("photo", photo) if photo else None
    await house.talk.ask(ANNA, Said(1, "Где <b>линия</b>?", attached))
    return (await group.hang_up_news())[-1]


async def complaint(house: House, group: Group, *, payment: bool = False, photo: str = "") -> Seen:
    payment_id = None
    if payment:
        order = await house.orders.place(ANNA, ["wa-1"], 1)
        payment_id = (await house.payments.start(ANNA, order.id, "fake")).payment_id
    day = date(2026, 11, 14)
    await house.complaints.complain(ANNA, payment_id=payment_id, day=day, amount="990", photo=photo)
    return (await group.hang_up_news())[-1]


async def paid(house: House) -> list[str]:
    page = await house.payments.history(ANNA)
    return [payment.state.value for payment in page.items]


async def test_it_is_this_takes_two_taps_and_says_who_did_it(
    house: House, group: Group, clara: Operator
) -> None:
    money = await stray(house, group)
    card = await complaint(house, group, payment=True)
    await clara.taps("Это он", card)
    assert card.buttons[0].startswith("Да, 990")
    await clara.taps("Да, 990", card)
    assert await paid(house) == ["succeeded"]
    for seen in (card, money):
        assert "Clara: деньги отданы платежу 1" in seen.text
        assert seen.buttons == []
    assert "Anna <b>" in card.text
    assert group.toast == "Готово."


async def test_back_shows_the_card_again(house: House, group: Group, clara: Operator) -> None:
    await stray(house, group)
    card = await complaint(house, group, payment=True)
    before = (card.text, card.rows)
    await clara.taps("Это он", card)
    await clara.taps("‹ Назад", card)
    assert (card.text, card.rows) == before
    assert await paid(house) == ["pending"]


async def test_the_second_hears_who_was_first(house: House, group: Group, clara: Operator) -> None:
    card = await stray(house, group)
    await clara.taps("Найти, чьи", card)
    await clara.replies(group.newest, "Bob")
    found = group.newest
    await clara.taps("На баланс: Bob", found)
    sure = found.button("Да, 990")
    assert sure is not None
    await clara.taps("Да, 990", found)
    assert "на балансе клиента 1002" in card.text and card.rows == []
    await group.person(OWNER).taps_data(sure["callback_data"], found)
    assert "Clara: деньги на балансе клиента 1002" in group.toast
    assert group.telegram.answers[-1].fields["show_alert"] is True


async def test_a_complaint_without_a_payment_asks_for_which_it_is(
    house: House, group: Group, clara: Operator
) -> None:
    await stray(house, group)
    card = await complaint(house, group)
    await clara.taps("Это он", card)
    assert card.buttons == ["На баланс: Anna <b>, id 1001", "‹ Назад"]
    await clara.taps("На баланс", card)
    await clara.taps("Да, 990", card)
    assert "на балансе клиента 1001" in card.text


@pytest.mark.parametrize(
    ("who", "words"), [(STRANGER, "Это для операторов"), (VIEWER, "кассир"), (OPERATOR, "кассир")]
)
async def test_money_is_for_cashiers_and_others_hear_a_polite_no(
    house: House, group: Group, who: int, words: str
) -> None:
    card = await stray(house, group)
    before = (card.text, card.rows)
    person = group.person(who)
    await person.taps("Найти, чьи", card)
    assert words in group.toast
    for data in ("give:1:1:0:1002:1", "give:1:1:1:0:0", "this:1:1", "switch:1"):
        await person.taps_data(data, card)
        assert words in group.toast
    assert (card.text, card.rows) == before
    assert not await house.desk.payments_closed()


async def test_an_answer_goes_to_the_customer_in_the_operators_words(
    house: House, group: Group, oleg: Operator
) -> None:
    card = await question(house, group)
    assert "│ Где <b>линия</b>?" in card.text
    await oleg.taps("Ответить", card)
    prompt = group.telegram.sent()[-1]
    assert prompt.fields["reply_markup"]["force_reply"] is True
    assert prompt.fields["reply_parameters"]["message_id"] == card.id
    assert prompt.fields["entities"][0]["user"]["id"] == OPERATOR
    group.restart()
    await oleg.replies(group.newest, "Она включена.")
    assert "Отправляем: Anna" in group.newest.text
    assert "Oleg: ответ отправлен" in card.text and card.rows == []
    (answer,) = await group.told_to_customers()
    assert (answer.address, answer.payload["text"]) == (ANNA, "Она включена.")


async def test_only_the_one_who_was_asked_answers(
    house: House, group: Group, oleg: Operator, clara: Operator
) -> None:
    card = await question(house, group)
    await oleg.taps("Ответить", card)
    prompt = group.newest
    mention = {"type": "text_mention", "offset": 0, "length": 4, "user": oleg.user}
    await clara.replies(prompt, "Нет, я отвечу.", asked={"entities": [mention]})
    assert "задан другому" in group.newest.text
    calls = len(group.telegram.calls)
    await clara.replies(card, "Олег, ответишь?")
    assert len(group.telegram.calls) == calls, "talk under a card is nobody's business"
    assert await group.told_to_customers() == []


async def test_a_sticker_is_no_answer(house: House, group: Group, oleg: Operator) -> None:
    card = await question(house, group)
    await oleg.taps("Ответить", card)
    await oleg.replies(group.newest, "", sticker=STICKER)
    assert "Передать можно слова" in group.newest.text
    assert card.rows, "it still waits"


async def test_a_screenshot_hangs_on_the_card_and_its_caption_says_the_end(
    house: House, group: Group, oleg: Operator
) -> None:
    card = await complaint(house, group, photo="file-1")
    assert group.telegram.sent("sendPhoto")[-1].fields["photo"] == "file-1"
    await oleg.taps("Закрыть", card)
    await oleg.taps("Да, закрыть", card)
    edits = group.telegram.sent("editMessageCaption")
    assert edits and "Oleg: закрыто" in edits[-1].text
    assert card.rows == []


async def test_a_line_is_attached_by_search_and_tap(house: House, group: Group, oleg: Operator) -> None:
    await house.connectors.find(BOB, "моя линия")
    (card,) = await group.hang_up_news()
    await oleg.taps("Привязать", card)
    prompt = group.newest
    await oleg.replies(prompt, "nothing like that")
    assert "Свободного коннектора" in group.newest.text
    await oleg.replies(prompt, "1122")
    found = group.newest
    assert found.buttons == ["Spare line · spare:1 ы", "Искать ещё раз"]
    await oleg.taps("Spare", found)
    assert "Oleg: привязан коннектор spare:1 ы" in card.text and card.rows == []
    assert (await house.connectors.get(BOB, "spare:1 ы")).title == "Spare line"


async def test_anonymous_admins_are_asked_to_show_themselves(
    house: House, group: Group, clara: Operator
) -> None:
    card = await stray(house, group)
    hidden: dict[str, Any] = {
        "sender_chat": {"id": GROUP, "type": "supergroup", "title": "Operators"},
        "from": ANONYMOUS,
    }
    for command in ("/close", "/open", "/cards", "/help"):
        await clara.says(command, **hidden)
        assert "отключите «Анонимность»" in group.newest.text
    clara.user = ANONYMOUS
    await clara.taps("Найти, чьи", card)
    assert "отключите «Анонимность»" in group.toast


async def test_the_switch_asks_once_more_and_says_who_pressed(
    house: House, group: Group, clara: Operator
) -> None:
    await clara.says("/close@kassir_test_bot")
    asked = group.newest
    assert not await house.desk.payments_closed()
    await clara.taps("Да, остановить", asked)
    assert await house.desk.payments_closed()
    assert "Clara: новые оплаты остановлены" in asked.text and asked.rows == []
    await group.person(OWNER).taps_data("switch:1", asked)
    assert group.toast == "Это уже сделано."
    await clara.says("/close")
    assert "уже остановлены" in group.newest.text
    await clara.says("/open")
    await clara.taps("Да, снова", group.newest)
    assert not await house.desk.payments_closed()


@pytest.mark.parametrize("who", [OPERATOR, VIEWER, STRANGER])
async def test_the_switch_is_not_for_everybody(house: House, group: Group, who: int) -> None:
    await group.person(who).says("/close")
    assert group.newest.rows == []
    assert not await house.desk.payments_closed()


async def test_cards_that_got_lost_hang_below_again(house: House, group: Group, oleg: Operator) -> None:
    await oleg.says("/cards")
    assert "Открытых карточек нет" in group.newest.text
    old = await question(house, group)
    await oleg.says("/cards", thread=77)
    anew = group.newest
    assert (anew.text, anew.buttons) == (old.text, ["Ответить", "Закрыть", "Беру", "👤 Клиент"])
    assert group.telegram.sent()[-1].fields["message_thread_id"] == 77
    assert old.rows == []
    await oleg.taps("👤 Клиент", anew)
    assert "id 1001" in group.newest.text
    assert "Закрыть" in anew.buttons, "the card stays as it is"
    await oleg.taps("Закрыть", anew)
    await oleg.taps("Да, закрыть", anew)
    assert "Oleg: закрыто" in anew.text


async def test_in_a_topic_questions_stay_in_it(house: House, group: Group, oleg: Operator) -> None:
    card = await question(house, group)
    await oleg.taps("Ответить", card, thread=55)
    assert group.telegram.sent()[-1].fields["message_thread_id"] == 55


async def test_a_topic_says_its_number(group: Group, oleg: Operator) -> None:
    await oleg.says("/id", thread=55)
    assert "Номер этой темы: 55." in group.newest.text


async def test_help_names_the_role_and_what_it_may(group: Group, oleg: Operator) -> None:
    await oleg.says("/help")
    assert "Ваша роль: оператор" in group.newest.text
    assert "/refund" in group.newest.text and "/day" not in group.newest.text
    await group.person(OWNER).says("/help")
    assert all(f"/{name}" in group.newest.text for name in COMMANDS)
    await group.person(STRANGER).says("/help")
    assert str(STRANGER) in group.newest.text, "what the owner has to write into the settings"


async def test_other_groups_hear_their_id_and_nothing_else(
    house: House, group: Group, clara: Operator
) -> None:
    card = await stray(house, group)
    await clara.says("/id", chat=ELSEWHERE)
    assert str(ELSEWHERE) in group.newest.text and "OPERATORS_CHAT_ID" in group.newest.text
    await clara.says("/id")
    assert str(GROUP) in group.newest.text and str(CASHIER) in group.newest.text
    calls = len(group.telegram.calls)
    for command in ("/close", "/cards", "/help"):
        await clara.says(command, chat=ELSEWHERE)
    await clara.taps("Найти, чьи", card, chat=ELSEWHERE)
    await clara.says("Привет всем")
    assert len(group.telegram.calls) == calls


async def test_a_group_that_became_a_supergroup_is_followed(
    house: House, group: Group, clara: Operator
) -> None:
    await clara.sends(chat=ELSEWHERE, migrate_to_chat_id=-1009)
    assert await house.outbox.group() == GROUP, "another group's move is not ours"
    await clara.sends(migrate_to_chat_id=-1003)
    assert await house.outbox.group() == -1003
    await clara.sends(chat=-1004, migrate_from_chat_id=-1003)
    assert await house.outbox.group() == -1004
    await clara.says("/help", chat=-1004)
    assert "Ваша роль" in group.newest.text


async def test_buttons_of_another_version_say_so(house: House, group: Group, clara: Operator) -> None:
    card = await stray(house, group)
    for data in ("nonsense", "give:x", "reply:", "card:999999"):
        await clara.taps_data(data, card)
        assert group.toast, data
    assert card.rows


async def test_buttons_of_other_cards_pressed_by_a_changed_client_do_nothing(
    house: House, group: Group, clara: Operator
) -> None:
    money = await stray(house, group)
    asked = await question(house, group)
    await clara.taps_data("reply:1", money)
    await clara.replies(group.newest, "Hello?")
    assert "ни о каком клиенте" in group.newest.text
    await clara.taps_data("owner:2", asked)
    await clara.replies(group.newest, "Bob")
    assert "уже сделано" in group.newest.text
    await clara.taps_data("give:2:1:0:1002:1", asked)
    await clara.taps_data("attach:1:deadbeef", money)
    await clara.taps_data("this:2:1", asked)
    assert money.rows and asked.rows
    assert [notice.kind for notice in await group.told_to_customers()] == []


async def test_a_deleted_card_is_no_trouble(house: House, group: Group, oleg: Operator) -> None:
    card = await question(house, group)
    gone = refusal(400, "Bad Request: message to edit not found")
    group.telegram.fail("editMessageReplyMarkup", gone)
    await oleg.taps("Закрыть", card)
    group.telegram.fail("editMessageText", gone)
    await oleg.taps_data("dismiss:1:1", card)
    assert (await house.desk.card(1)).closed_by == OPERATOR


async def test_trouble_of_ours_is_excused(
    house: House, group: Group, clara: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await stray(house, group)

    async def fails(*_: object, **__: object) -> None:
        raise StorageUnavailable("disk full: /var/lib/kassir.db")

    monkeypatch.setattr(type(house.desk), "card_for", fails)
    await clara.taps("Найти, чьи", card)
    assert "что-то сломалось" in group.toast and "disk" not in group.toast


async def test_the_group_learns_its_commands(group: Group) -> None:
    await introduce_to_operators(group.bot, GROUP)
    (call,) = group.telegram.sent("setMyCommands")
    assert call.fields["scope"] == {"type": "chat", "chat_id": GROUP}
    assert [each["command"] for each in call.fields["commands"]] == list(COMMANDS)
    group.telegram.fail("setMyCommands", refusal(400, "Bad Request: chat not found"))
    await introduce_to_operators(group.bot, GROUP)


async def test_a_card_whose_money_went_back_says_so_at_the_next_press(
    house: House, group: Group, clara: Operator
) -> None:
    card = await stray(house, group)
    await house.settlement.take(Refunded("fake", "r-1", "p-1", ROUBLES, reference="lost-reference"))
    await clara.taps("Найти, чьи", card)
    assert "ушли обратно плательщику" in group.toast
    assert "ушли обратно плательщику" in card.text and card.rows == []
    (news,) = await group.hang_up_news()
    assert news.text.startswith("↩️ Возвращено")
