"""Keyboards and forced replies at the foot of a chat: each person has his own."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.telegram.fields import Json
from sandbox.telegram.model import Chat, Keyboard, Message
from sandbox.telegram.world import World


def show_keyboard(world: World, chat: Chat, message: Message, markup: Json) -> None:
    """A selective one is for who is named in the message or answered by it, any other for everybody."""
    everybody = {chat.id} if chat.private else set(chat.members)
    for person in _meant(world, message) & everybody if markup.get("selective") else everybody:
        if "remove_keyboard" in markup:
            chat.keyboards.pop(person, None)
        else:
            chat.keyboards[person] = Keyboard(markup, message.id)
    message.editable = False
    world.touch(chat)


def put_away(world: World, chat: Chat, person: int) -> None:
    """Some are for one answer only."""
    shown = chat.keyboards.get(person)
    if shown and (shown.markup.get("force_reply") or shown.markup.get("one_time_keyboard")):
        del chat.keyboards[person]
        world.touch(chat)


def _meant(world: World, message: Message) -> set[int]:
    body = message.body
    entities: Iterable[Json] = body.get("entities") or body.get("caption_entities") or []
    named = {entity["user"]["id"] for entity in entities if entity["type"] == "text_mention"}
    words = str(body.get("text") or body.get("caption") or "").lower()
    people = (*world.customers.values(), *world.operators.values())
    named |= {one.id for one in people if one.username and f"@{one.username}".lower() in words}
    return named | {body.get("reply_to_message", {}).get("from", {}).get("id", 0)}
