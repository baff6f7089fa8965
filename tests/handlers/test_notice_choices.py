"""Settings → Notices, and the button of a reminder."""

from __future__ import annotations

from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.domain.notices import MAIL
from bot.keyboards.buttons import handle
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person


async def test_a_topic_moves_to_e_mail_and_back(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    sqlite_database.listeners.add(MAIL)
    await house.customers.set_email(ANNA, "anna@example.org")
    await anna.says("/settings")
    await anna.taps("Уведомления")
    await anna.taps("Ближайшие автоплатежи")
    assert "нельзя отключить" in anna.screen.text
    assert anna.screen.button("выключено") is None
    await anna.taps("☐ e-mail")
    assert anna.screen.button("☑ e-mail") is not None
    choice = await house.notice_choices.get(ANNA)
    assert choice.place(NoticeTopic.AUTOPAY) is NoticePlace.EMAIL
    sqlite_database.listeners.discard(MAIL)
    await anna.taps("Назад")
    assert anna.screen.button("Ближайшие автоплатежи · этот чат") is not None


async def test_without_an_address_it_is_asked_for(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    sqlite_database.listeners.add(MAIL)
    await sqlite_database.write(lambda tx: tx.customers.set_email(ANNA, ""))
    await anna.says("/settings")
    await anna.taps("Уведомления")
    await anna.taps("Пора оплатить")
    assert anna.screen.button("чат и e-mail") is None
    await anna.taps("☐ выключено")
    choice = await house.notice_choices.get(ANNA)
    assert choice.place(NoticeTopic.RENEWAL) is NoticePlace.OFF
    await anna.taps("Добавить e-mail")
    await anna.says("anna@example.org")
    assert (await house.notice_choices.get(ANNA)).email == "anna@example.org"


async def test_what_must_be_told_is_not_switched_off_by_an_old_button(anna: Person, house: House) -> None:
    await anna.says("/menu")
    await anna.taps_data("place:autopay:off")
    choice = await house.notice_choices.get(ANNA)
    assert choice.place(NoticeTopic.AUTOPAY) is NoticePlace.CHAT


async def test_a_reminder_leads_straight_to_paying(anna: Person) -> None:
    await anna.says("/menu")
    before = len(anna.messages)
    await anna.taps_data(f"renew:{handle('wa-1')}:1")
    assert len(anna.messages) == before + 1, "the reminder stays as it is"
    assert any("мес" in words for words in anna.screen.buttons)
