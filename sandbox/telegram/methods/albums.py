"""Several messages at once: albums, and copies and forwards that keep them together."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.methods.copies import copied, forwarded
from sandbox.telegram.methods.registry import method
from sandbox.telegram.methods.sends import media_content, place_for, require_right_to_send
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.world import World

TOGETHER = {"photo", "video"}
MOST_AT_ONCE = 100


@method("sendMediaGroup")
def send_media_group(world: World, fields: Fields) -> list[Json]:
    chat = world.open_to_bot(fields.text("chat_id"))
    media = fields.decoded("media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise bad_request("wrong number of items: an album has 2-10 items")
    kinds = {str(item.get("type")) for item in media}
    if len(kinds) > 1 and not kinds <= TOGETHER:
        raise bad_request("document can't be mixed with other media types")
    album = str(secrets.randbelow(10**17))
    contents = [media_content(world, fields, item) | {"media_group_id": album} for item in media]
    return [message.body for message in _post_all(world, chat, fields, contents)]


@method("copyMessages")
def copy_messages(world: World, fields: Fields) -> list[Json]:
    return _again(world, fields, copied)


@method("forwardMessages")
def forward_messages(world: World, fields: Fields) -> list[Json]:
    return _again(world, fields, forwarded)


def _again(world: World, fields: Fields, content_of: Callable[[Message], Json]) -> list[Json]:
    """Those that are not there are skipped; albums stay albums."""
    chat = world.open_to_bot(fields.text("chat_id"))
    origin = world.find(fields.text("from_chat_id"))
    numbers = fields.decoded("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise bad_request("wrong number of message identifiers")
    found = [origin.messages[int(number)] for number in numbers if int(number) in origin.messages]
    if not found:
        raise bad_request("message to copy not found")
    albums: dict[str, str] = {}
    contents = []
    for message in found:
        content = content_of(message)
        if album := message.body.get("media_group_id"):
            content["media_group_id"] = albums.setdefault(album, str(secrets.randbelow(10**17)))
        contents.append(content)
    return [{"message_id": message.id} for message in _post_all(world, chat, fields, contents)]


def _post_all(world: World, chat: Chat, fields: Fields, contents: list[Json]) -> list[Message]:
    thread, answered = place_for(chat, fields)
    for content in contents:
        require_right_to_send(chat, content)
    world.limits.take(chat.id, group=not chat.private, count=len(contents))
    return [world.post(chat, world.bot, c, thread=thread, reply_to=answered) for c in contents]
