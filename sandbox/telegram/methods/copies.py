"""A message once more: copied as the bot's own, or forwarded with its author's name."""

from __future__ import annotations

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.markup import Markup, read_markup
from sandbox.telegram.methods.registry import method
from sandbox.telegram.methods.sends import caption_content, send
from sandbox.telegram.model import Message
from sandbox.telegram.world import World

COPIED = (
    "text", "entities", "caption", "caption_entities", "photo", "document", "video", "voice", "sticker",
    "contact",
)  # fmt: skip


@method("forwardMessage")
def forward_message(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    return send(world, chat, fields, forwarded(_source(world, fields, "forward")), Markup()).body


@method("copyMessage")
def copy_message(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    content = copied(_source(world, fields, "copy"))
    if "caption" in fields and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | caption_content(fields)
    sent = send(world, chat, fields, content, read_markup(fields, private=chat.private))
    return {"message_id": sent.id}


def copied(source: Message) -> Json:
    content = {kind: source.body[kind] for kind in COPIED if kind in source.body}
    if not content:
        raise bad_request("the message can't be copied")
    return content


def forwarded(source: Message) -> Json:
    origin = {"type": "user", "sender_user": source.body["from"], "date": source.body["date"]}
    if hidden_behind := source.body.get("sender_chat"):
        origin = {"type": "chat", "sender_chat": hidden_behind, "date": source.body["date"]}
    return copied(source) | {"forward_origin": origin}


def _source(world: World, fields: Fields, verb: str) -> Message:
    origin = world.find(fields.text("from_chat_id"))
    source = origin.messages.get(fields.integer("message_id"))
    if source is None:
        raise bad_request(f"message to {verb} not found")
    return source
