"""The operators' group: topics, pins, rights, privacy, migration."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.types import (
    BufferedInputFile,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    User,
)
from aiohttp import web

from sandbox.driver import Person, Telegram
from sandbox.driver_session import RefusedError
from sandbox.telegram import DEMO_CUSTOMERS, Group, create_app, desk_settings
from sandbox.telegram import Person as Somebody
from sandbox.telegram.demo import BOB, CASHIER, HIDDEN, OWNER, STRANGER

GROUP = -1001234567890
BASIC = -4001


@pytest.fixture
async def owner(telegram: Telegram) -> Person:
    return telegram.person(OWNER, chat="group")


@pytest.fixture
async def forum(telegram: Telegram) -> None:
    await telegram.group.becomes_forum()


@pytest.mark.usefixtures("forum")
async def test_topic_is_opened_and_written_in(bot: Bot, owner: Person) -> None:
    topic = await bot.create_forum_topic(GROUP, "Money")
    sent = await bot.send_message(GROUP, "990 ₽", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message and sent.message_thread_id == topic.message_thread_id
    await owner.says("seen", thread=topic.message_thread_id)
    message = (await bot.get_updates(timeout=1))[-1].message
    assert message and message.message_thread_id == topic.message_thread_id
    assert message.reply_to_message and message.reply_to_message.forum_topic_created
    answer = await owner.says("an answer stays in the topic", reply_to=sent.message_id)
    assert answer["body"]["message_thread_id"] == topic.message_thread_id
    await bot.close_forum_topic(GROUP, topic.message_thread_id)
    with pytest.raises(RefusedError, match="closed"):
        await owner.says("late", thread=topic.message_thread_id)
    with pytest.raises(TelegramBadRequest, match="thread not found"):
        await bot.send_message(GROUP, "x", message_thread_id=4711)


async def test_topic_of_people_is_named_until_it_is_deleted(bot: Bot, telegram: Telegram) -> None:
    topic = await telegram.group.opens_topic("Деньги", by=CASHIER)
    karim = telegram.operator(CASHIER).in_topic(topic)
    await karim.says("/todo")
    opened, command = [u.message for u in await bot.get_updates(timeout=1) if u.message]
    assert opened.forum_topic_created and opened.forum_topic_created.name == "Деньги"
    assert command.message_thread_id == topic and command.is_topic_message and command.chat.is_forum
    await bot.send_message(GROUP, "elsewhere")
    await bot.send_message(GROUP, "here", message_thread_id=topic)
    assert (await karim.texts())[-2:] == ["/todo", "here"]
    await telegram.group.deletes_topic(topic)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(GROUP, "too late", message_thread_id=topic)
    with pytest.raises(RefusedError, match="no such topic"):
        await karim.says("too late")


@pytest.mark.usefixtures("forum")
async def test_pin_makes_a_service_message(bot: Bot) -> None:
    sent = await bot.send_message(GROUP, "important")
    await bot.pin_chat_message(GROUP, sent.message_id)
    chat = await bot.get_chat(GROUP)
    assert chat.is_forum and chat.pinned_message and chat.pinned_message.text == "important"
    assert await bot.unpin_chat_message(GROUP)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await bot.unpin_chat_message(GROUP)


@pytest.mark.usefixtures("forum")
async def test_rights_can_be_looked_up_and_taken(bot: Bot, telegram: Telegram) -> None:
    admins = await bot.get_chat_administrators(GROUP)
    assert {admin.user.id for admin in admins} == {OWNER, HIDDEN, bot.id}
    await telegram.post("/group/bot", {"rights": {"can_manage_topics": False}})
    me = await bot.get_chat_member(GROUP, bot.id)
    assert isinstance(me, ChatMemberAdministrator) and not me.can_manage_topics and me.can_pin_messages
    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await bot.create_forum_topic(GROUP, "x")
    stranger = await bot.get_chat_member(GROUP, STRANGER)
    assert stranger.status == "member"
    await telegram.post("/group/bot", {"status": "kicked"})
    told = [update.my_chat_member for update in await bot.get_updates(timeout=1)]
    assert [change.new_chat_member.status for change in told if change] == ["administrator", "kicked"]
    with pytest.raises(TelegramForbiddenError, match="kicked from the supergroup"):
        await bot.send_message(GROUP, "x")


async def test_silent_bot_reads_and_may_not_write(bot: Bot, owner: Person, telegram: Telegram) -> None:
    await telegram.group.silences_bot()
    change = (await bot.get_updates(timeout=1))[-1].my_chat_member
    assert change and isinstance(change.new_chat_member, ChatMemberRestricted)
    assert not change.new_chat_member.can_send_messages
    with pytest.raises(TelegramBadRequest, match="not enough rights to send text messages to the chat"):
        await bot.send_message(GROUP, "x")
    with pytest.raises(TelegramBadRequest, match="not enough rights to send documents to the chat"):
        await bot.send_document(GROUP, BufferedInputFile(b"x", "a.txt"))
    assert (await bot.get_chat_member(GROUP, bot.id)).status == "restricted"
    await telegram.group.restores_bot()
    await bot.send_message(GROUP, "back again")
    await owner.sees("back again", since=0)


async def test_removed_bot_hears_of_it_and_of_its_return(bot: Bot, telegram: Telegram) -> None:
    await telegram.group.removes_bot()
    with pytest.raises(TelegramForbiddenError, match="kicked from the supergroup"):
        await bot.get_chat_administrators(GROUP)
    await telegram.operator(OWNER).says("/help behind its back")
    await telegram.group.restores_bot()
    told = await bot.get_updates(timeout=1)
    changes = [u.my_chat_member.new_chat_member.status for u in told if u.my_chat_member]
    assert changes == ["kicked", "administrator"] and "behind its back" not in str(told)
    assert [m.id for u in told if u.message for m in u.message.new_chat_members or []] == [bot.id]


async def test_supergroup_gets_another_id_as_a_basic_group_does(bot: Bot, telegram: Telegram) -> None:
    new_id = await telegram.group.becomes_supergroup()
    with pytest.raises(TelegramMigrateToChat) as refused:
        await bot.send_message(GROUP, "after")
    assert refused.value.migrate_to_chat_id == new_id
    await bot.send_message(new_id, "after")
    await telegram.operator(CASHIER).sees("after", since=0)


async def test_without_admin_rights_privacy_mode_hides_chatter(
    bot: Bot, owner: Person, telegram: Telegram
) -> None:
    await telegram.post("/group/bot", {"status": "member"})
    sent = await bot.send_message(GROUP, "question")
    await owner.says("chatter")
    await owner.says("/help")
    await owner.says("answer", reply_to=sent.message_id)
    heard = [u.message.text for u in await bot.get_updates(timeout=1) if u.message]
    assert heard == ["/help", "answer"]


async def test_anonymous_admin_hides_behind_the_group(bot: Bot, owner: Person) -> None:
    await owner.says("who am I", anonymous=True)
    message = (await bot.get_updates(timeout=1))[-1].message
    assert message and message.from_user and message.sender_chat
    assert message.from_user.id == 1087968824 and message.sender_chat.id == GROUP


async def test_hidden_administrator_is_seen_by_his_presses_alone(bot: Bot, telegram: Telegram) -> None:
    press = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Mine", callback_data="1")]])
    await bot.send_message(GROUP, "Who takes it?", reply_markup=press)
    hidden = telegram.operator(HIDDEN)
    await hidden.says("not me")
    await hidden.taps("Mine", wait=0)
    await telegram.person(HIDDEN).says("in private I have a name")
    heard = await bot.get_updates(timeout=1)
    authors = [u.message.from_user.id for u in heard if u.message and u.message.from_user]
    assert authors == [1087968824, HIDDEN]
    assert [u.callback_query.from_user.id for u in heard if u.callback_query] == [HIDDEN]
    member = await bot.get_chat_member(GROUP, HIDDEN)
    assert isinstance(member, ChatMemberAdministrator) and member.is_anonymous


async def test_selective_question_stands_before_the_one_who_is_named(bot: Bot, telegram: Telegram) -> None:
    named = MessageEntity(
        type="text_mention", offset=0, length=5, user=User(id=CASHIER, is_bot=False, first_name="К")
    )
    await bot.send_message(GROUP, "Карим, why?", entities=[named], reply_markup=ForceReply(selective=True))
    karim, owner = telegram.operator(CASHIER), telegram.operator(OWNER)
    assert (await karim.screen())["keyboard"] and not (await owner.screen())["keyboard"]
    await owner.says("not me")
    assert (await karim.screen())["keyboard"]["force_reply"]
    await karim.says("because")
    assert not (await karim.screen())["keyboard"]


async def test_every_operator_has_the_role_the_bot_is_told(bot: Bot, telegram: Telegram) -> None:
    world = await telegram.get("/world")
    told = desk_settings()
    assert told["OPERATORS__CASHIER"] == f"[{CASHIER}]" and told["OPERATORS_CHAT_ID"] == str(GROUP)
    roles = {person["desk"] for person in world["operators"]}
    assert roles == {"owner", "cashier", "operator", "viewer", ""}
    languages = {person["language"] for person in world["customers"]}
    assert languages == {"ru", "en", "ky", "be"}
    owner = telegram.person(OWNER)
    await owner.says("/start")
    await bot.send_message(OWNER, "between us")
    await owner.sees("between us")


async def test_stranger_writes_in_the_group_once_he_was_added(bot: Bot, telegram: Telegram) -> None:
    with pytest.raises(RefusedError, match="not in the chat"):
        await telegram.operator(BOB).says("hello")
    await telegram.group.adds(BOB)
    await telegram.operator(BOB).says("hello")
    assert (await bot.get_chat_member(GROUP, BOB)).status == "member"
    await telegram.group.loses(BOB)
    told = [update.message for update in await bot.get_updates(timeout=1) if update.message]
    assert [m.content_type for m in told] == ["new_chat_members", "text", "left_chat_member"]
    assert (await bot.get_chat_member(GROUP, BOB)).status == "left"


async def test_group_gets_twenty_a_minute(
    bot: Bot, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("sandbox.telegram.limits.time.monotonic", lambda: now)
    for number in range(20):
        await bot.send_message(GROUP, str(number))
        now += 1
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(GROUP, "21")
    assert refused.value.retry_after == 40
    now += 40
    await bot.send_message(GROUP, "21")


class TestBasicGroup:
    @pytest.fixture
    async def app(self) -> web.Application:
        operators = (Somebody(OWNER, "Olga"), Somebody(STRANGER, "Guest"))
        group = Group(BASIC, "Operators", operators, kind="group")
        return create_app("42:SANDBOX", "kassir_demo_bot", {}, DEMO_CUSTOMERS, group)

    async def test_migration_is_told_and_enforced(self, bot: Bot, telegram: Telegram, owner: Person) -> None:
        await bot.send_message(BASIC, "before")
        new_id = (await telegram.post("/group/migrate"))["id"]
        told = [u.message for u in await bot.get_updates(timeout=1) if u.message]
        assert [m.migrate_to_chat_id for m in told] == [new_id, None]
        assert [m.migrate_from_chat_id for m in told] == [None, BASIC]
        with pytest.raises(TelegramMigrateToChat) as refused:
            await bot.send_message(BASIC, "after")
        assert refused.value.migrate_to_chat_id == new_id
        await bot.send_message(new_id, "after")
        await owner.sees("after", since=0)

    async def test_basic_group_has_no_topics(self, bot: Bot) -> None:
        with pytest.raises(TelegramBadRequest, match="not a forum"):
            await bot.create_forum_topic(BASIC, "x")
