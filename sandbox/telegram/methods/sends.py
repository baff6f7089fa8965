"""Messages from the bot: text, photos, documents, albums, copies and forwards."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.telegram.entities import read_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.files import as_document, as_photo
from sandbox.telegram.markup import Markup, read_markup
from sandbox.telegram.methods.registry import method
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


@method("sendMessage")
def send_message(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    content = text_content(fields)
    return send(world, chat, fields, content, read_markup(fields, private=chat.private)).body


@method("sendPhoto")
def send_photo(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    content = {"photo": as_photo(world.files.sent(fields, "photo", "photos"))} | caption_content(fields)
    return send(world, chat, fields, content, read_markup(fields, private=chat.private)).body


@method("sendDocument")
def send_document(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    content = {"document": as_document(world.files.sent(fields, "document", "documents"))}
    content |= caption_content(fields)
    return send(world, chat, fields, content, read_markup(fields, private=chat.private)).body


@method("sendMediaGroup")
def send_media_group(world: World, fields: Fields) -> list[Json]:
    chat = world.open_to_bot(fields.text("chat_id"))
    media = fields.decoded("media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise bad_request("wrong number of items: an album has 2-10 items")
    album = str(secrets.randbelow(10**17))
    contents = [_album_item(world, fields, item) | {"media_group_id": album} for item in media]
    thread, answered = _place(chat, fields)
    world.limits.take(chat.id, group=not chat.private, count=len(contents))
    return [world.post(chat, world.bot, c, thread=thread, reply_to=answered).body for c in contents]


@method("forwardMessage")
def forward_message(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    source = _source(world, fields, "forward")
    origin = {"type": "user", "sender_user": source.body["from"], "date": source.body["date"]}
    content = _copied(source) | {"forward_origin": origin}
    return send(world, chat, fields, content, Markup()).body


@method("copyMessage")
def copy_message(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    content = _copied(_source(world, fields, "copy"))
    if "caption" in fields and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | caption_content(fields)
    sent = send(world, chat, fields, content, read_markup(fields, private=chat.private))
    return {"message_id": sent.id}


@method("sendChatAction")
def send_chat_action(world: World, fields: Fields) -> bool:
    chat = world.open_to_bot(fields.text("chat_id"))
    chat.action = fields.required("action")
    chat.action_until = world.now() + 5
    world.touch(chat)
    return True


def send(world: World, chat: Chat, fields: Fields, content: Json, markup: Markup) -> Message:
    """Post what was checked before; the limits come last, so that a bad call costs nothing."""
    thread, answered = _place(chat, fields)
    world.limits.take(chat.id, group=not chat.private)
    if markup.inline:
        content = content | {"reply_markup": markup.inline}
    message = world.post(chat, world.bot, content, thread=thread, reply_to=answered)
    if markup.client:
        chat.keyboard = None if "remove_keyboard" in markup.client else markup.client
        chat.keyboard_from = message.id
        message.editable = False
        world.touch(chat)
    return message


def text_content(fields: Fields) -> Json:
    text, entities = read_text(fields.text("text"), fields.text("parse_mode"), fields.decoded("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(fields: Fields) -> Json:
    parse_mode, given = fields.text("parse_mode"), fields.decoded("caption_entities")
    return _caption(fields.text("caption"), parse_mode, given)


def _caption(source: str, parse_mode: str, given: Any) -> Json:
    text, entities = read_text(source, parse_mode, given)
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _place(chat: Chat, fields: Fields) -> tuple[int, Message | None]:
    """The topic and the message a new one answers."""
    thread = fields.integer("message_thread_id")
    if thread and thread not in chat.topics:
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


def _album_item(world: World, fields: Fields, item: Json) -> Json:
    kind = item.get("type")
    if kind not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: unsupported type of media")
    stored = world.files.named(fields, str(item.get("media", "")), f"{kind}s")
    content: Json = {"photo": as_photo(stored)} if kind == "photo" else {"document": as_document(stored)}
    return content | _caption(
        item.get("caption") or "", item.get("parse_mode") or "", item.get("caption_entities")
    )


def _source(world: World, fields: Fields, verb: str) -> Message:
    origin = world.find(fields.text("from_chat_id"))
    source = origin.messages.get(fields.integer("message_id"))
    if source is None:
        raise bad_request(f"message to {verb} not found")
    return source


def _copied(source: Message) -> Json:
    kinds = ("text", "entities", "caption", "caption_entities", "photo", "document", "contact")
    content = {kind: source.body[kind] for kind in kinds if kind in source.body}
    if not content:
        raise bad_request("the message can't be copied")
    return content
