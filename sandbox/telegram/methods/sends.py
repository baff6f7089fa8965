"""Messages from the bot, one at a time: text, pictures, files."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.entities import read_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.files import CONTENTS
from sandbox.telegram.keyboards import show_keyboard
from sandbox.telegram.markup import Markup, read_markup
from sandbox.telegram.methods.registry import METHODS, method
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


@method("sendMessage")
def send_message(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    content = text_content(fields)
    return send(world, chat, fields, content, read_markup(fields, private=chat.private)).body


def _register_file(name: str, kind: str) -> None:
    def send_file(world: World, fields: Fields) -> Json:
        chat = world.open_to_bot(fields.text("chat_id"))
        stored = world.files.sent(fields, kind, f"{kind}s")
        content = {kind: CONTENTS[kind](stored)} | caption_content(fields)
        return send(world, chat, fields, content, read_markup(fields, private=chat.private)).body

    METHODS[name.lower()] = send_file


for _kind in CONTENTS:
    _register_file(f"send{_kind}", _kind)


@method("sendChatAction")
def send_chat_action(world: World, fields: Fields) -> bool:
    chat = world.open_to_bot(fields.text("chat_id"))
    chat.action = fields.required("action")
    chat.action_until = world.now() + 5
    world.touch(chat)
    return True


def send(world: World, chat: Chat, fields: Fields, content: Json, markup: Markup) -> Message:
    """Post what was checked before; the limits come last, so that a bad call costs nothing."""
    thread, answered = place_for(chat, fields)
    require_right_to_send(chat, content)
    world.limits.take(chat.id, group=not chat.private)
    if markup.inline:
        content = content | {"reply_markup": markup.inline}
    message = world.post(chat, world.bot, content, thread=thread, reply_to=answered)
    if markup.client:
        show_keyboard(world, chat, message, markup.client)
    return message


def require_right_to_send(chat: Chat, content: Json) -> None:
    """A bot that was made silent may still read; the refusal names what it wanted to send."""
    if chat.bot_status != "restricted":
        return
    what = next((f"{kind}s" for kind in CONTENTS if kind in content), "text messages")
    raise bad_request(f"not enough rights to send {what} to the chat")


def text_content(fields: Fields) -> Json:
    text, entities = read_text(fields.text("text"), fields.text("parse_mode"), fields.decoded("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(fields: Fields) -> Json:
    parse_mode, given = fields.text("parse_mode"), fields.decoded("caption_entities")
    return caption_of(fields.text("caption"), parse_mode, given)


def caption_of(source: str, parse_mode: str, given: Any) -> Json:
    text, entities = read_text(source, parse_mode, given)
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def media_content(world: World, fields: Fields, item: dict[str, Any]) -> Json:
    """One InputMedia: a file with its caption."""
    kind = str(item.get("type"))
    if kind not in {"photo", "video", "document"}:
        raise bad_request("can't parse InputMedia: unsupported type of media")
    stored = world.files.named(fields, str(item.get("media", "")), f"{kind}s")
    text, parse_mode = item.get("caption") or "", item.get("parse_mode") or ""
    return {kind: CONTENTS[kind](stored)} | caption_of(text, parse_mode, item.get("caption_entities"))


def place_for(chat: Chat, fields: Fields) -> tuple[int, Message | None]:
    """The topic and the message a new one answers."""
    thread = fields.integer("message_thread_id")
    if thread and not (chat.forum and thread in chat.topics):
        raise bad_request("message thread not found")
    if thread and chat.topics[thread].closed and "can_manage_topics" not in chat.bot_rights:
        raise bad_request("TOPIC_CLOSED")
    asked = fields.decoded("reply_parameters") or {}
    number = int(asked.get("message_id") or fields.integer("reply_to_message_id"))
    answered = chat.messages.get(number)
    if number and answered is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if answered is None and thread:
        answered = chat.messages.get(thread)
    return thread, answered
