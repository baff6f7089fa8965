"""Chats, their members, topics and pins; files the bot wants back."""

from __future__ import annotations

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.files import MOST_TO_DOWNLOAD
from sandbox.telegram.membership import bot_changes, bot_member
from sandbox.telegram.methods.registry import method
from sandbox.telegram.model import ALL_RIGHTS, Chat, Topic
from sandbox.telegram.world import World


@method("getChat")
def get_chat(world: World, fields: Fields) -> Json:
    chat = world.find(fields.text("chat_id"))
    full: Json = chat.as_json() | {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full["accepted_gift_types"] = dict.fromkeys(gifts, chat.private)
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].body
    if not chat.private:
        full["permissions"] = {
            "can_send_messages": True,
            "can_pin_messages": False,
            "can_manage_topics": False,
        }
    return full


@method("getChatMember")
def get_chat_member(world: World, fields: Fields) -> Json:
    return _member(world, world.open_to_bot(fields.text("chat_id")), fields.integer("user_id"))


@method("getChatAdministrators")
def get_chat_administrators(world: World, fields: Fields) -> list[Json]:
    chat = world.open_to_bot(fields.text("chat_id"))
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    everybody = [_member(world, chat, member) for member in (*chat.members, world.bot_id)]
    return [member for member in everybody if member["status"] in {"creator", "administrator"}]


@method("getChatMemberCount")
def get_chat_member_count(world: World, fields: Fields) -> int:
    return len(world.open_to_bot(fields.text("chat_id")).members) + 1


@method("leaveChat")
def leave_chat(world: World, fields: Fields) -> bool:
    chat = world.open_to_bot(fields.text("chat_id"))
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    with bot_changes(world, chat, world.bot):
        chat.bot_status = "left"
    return True


@method("pinChatMessage")
def pin_chat_message(world: World, fields: Fields) -> bool:
    chat = _with_right(world, fields, "can_pin_messages", "manage pinned messages in the chat")
    message = chat.messages.get(fields.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        thread = message.body.get("message_thread_id", 0)
        world.tell(chat, world.post(chat, world.bot, {"pinned_message": message.body}, thread=thread))
    return True


@method("unpinChatMessage")
def unpin_chat_message(world: World, fields: Fields) -> bool:
    chat = _with_right(world, fields, "can_pin_messages", "manage pinned messages in the chat")
    number = fields.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    world.touch(chat)
    return True


@method("createForumTopic")
def create_forum_topic(world: World, fields: Fields) -> Json:
    chat = _forum(world, fields)
    name, color = fields.required("name"), fields.integer("icon_color", 0x6FB9F0)
    if len(name) > 128:
        raise bad_request("TOPIC_TITLE_INVALID")
    topic = world.open_topic(chat, name, color, world.bot)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.color}


@method("editForumTopic")
def edit_forum_topic(world: World, fields: Fields) -> bool:
    chat = _forum(world, fields)
    topic = _topic(chat, fields)
    if fields.text("name") in {"", topic.name}:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = fields.text("name")
    world.post(chat, world.bot, {"forum_topic_edited": {"name": topic.name}}, thread=topic.id)
    return True


@method("closeForumTopic")
def close_forum_topic(world: World, fields: Fields) -> bool:
    return _set_closed(world, fields, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(world: World, fields: Fields) -> bool:
    return _set_closed(world, fields, closed=False)


@method("deleteForumTopic")
def delete_forum_topic(world: World, fields: Fields) -> bool:
    chat = _forum(world, fields)
    topic = _topic(chat, fields)
    return world.delete_topic(chat, topic.id)


@method("setMessageReaction")
def set_message_reaction(world: World, fields: Fields) -> bool:
    chat = world.open_to_bot(fields.text("chat_id"))
    message = chat.messages.get(fields.integer("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    message.reactions = [
        str(r["emoji"]) for r in fields.decoded("reaction") or [] if r.get("type") == "emoji"
    ]
    world.touch(chat, message)
    return True


@method("getFile")
def get_file(world: World, fields: Fields) -> Json:
    stored = world.files.by_id(fields.required("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.upload.size > MOST_TO_DOWNLOAD:
        raise bad_request("file is too big")
    return stored.as_json() | {"file_path": stored.path}


def _set_closed(world: World, fields: Fields, *, closed: bool) -> bool:
    chat = _forum(world, fields)
    topic = _topic(chat, fields)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    event = "forum_topic_closed" if closed else "forum_topic_reopened"
    world.post(chat, world.bot, {event: {}}, thread=topic.id)
    return True


def _topic(chat: Chat, fields: Fields) -> Topic:
    topic = chat.topics.get(fields.integer("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _forum(world: World, fields: Fields) -> Chat:
    chat = _with_right(world, fields, "can_manage_topics", "create a topic")
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    return chat


def _with_right(world: World, fields: Fields, right: str, verb: str) -> Chat:
    chat = world.open_to_bot(fields.text("chat_id"))
    if not chat.private and (chat.bot_status != "administrator" or right not in chat.bot_rights):
        raise bad_request(f"not enough rights to {verb}")
    return chat


def _member(world: World, chat: Chat, user_id: int) -> Json:
    if user_id == world.bot_id:
        return bot_member(world, chat)
    person = world.person(user_id)
    if person is None:
        raise ApiError(400, "Bad Request: member not found")
    status = "member" if chat.private else chat.members.get(user_id, "left")
    member: Json = {"user": person.as_json(), "status": status}
    if status == "creator":
        member["is_anonymous"] = person.hidden
    if status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": person.hidden} | dict.fromkeys(ALL_RIGHTS, True)
    return member
