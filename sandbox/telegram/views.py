"""What a person's screen shows, as JSON for the page and for tests."""

from __future__ import annotations

from sandbox.telegram.fields import Json
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.world import World


def world_view(world: World) -> Json:
    group = world.group
    return {
        "revision": world.revision,
        "bot": {
            "id": world.bot_id,
            "username": world.username,
            "name": world.profile.name(),
        },
        "customers": [person_view(world, person) for person in world.customers.values()],
        "operators": [person_view(world, person) for person in world.operators.values()],
        "group": {"id": group.id, "title": group.title, "type": group.kind, "bot_status": group.bot_status},
    }


def person_view(world: World, person: Person) -> Json:
    chat = world.chats[person.id]
    return {
        "id": person.id, "name": person.name, "language": person.language,
        "username": person.username, "desk": person.desk, "hidden": person.hidden,
        "role": world.group.members.get(person.id, ""), "blocked": chat.blocked,
        "newest": next(reversed(chat.messages), 0),
    }  # fmt: skip


def chat_view(world: World, chat: Chat, person: Person, *, last: int) -> Json:
    keyboard = chat.keyboards.get(person.id)
    return {
        "id": chat.id,
        "kind": chat.kind,
        "revision": chat.revision,
        "title": chat.title or world.profile.name(person.language),
        "about": world.profile.text("short_description", person.language),
        "description": world.profile.text("description", person.language),
        "started": chat.started,
        "blocked": chat.blocked,
        "typing": chat.action if chat.action_until > world.now() else "",
        "keyboard": keyboard.markup if keyboard else None,
        "keyboard_from": keyboard.message if keyboard else 0,
        "commands": world.profile.commands_for(chat, person),
        "stars": world.payments.stars_of(person.id),
        "menu_button": world.profile.button(chat.id),
        "pinned": chat.pinned,
        "forum": chat.forum,
        "bot_status": chat.bot_status,
        "topics": [
            {"id": t.id, "name": t.name, "color": t.color, "closed": t.closed} for t in chat.topics.values()
        ],
        "messages": [message_view(message) for message in list(chat.messages.values())[-last:]],
    }


def message_view(message: Message) -> Json:
    return {
        "revision": message.revision,
        "edited": message.edited,
        "paid": message.paid,
        "wants": message.invoice["wants"] if message.invoice else [],
        "reactions": message.reactions,
        "body": message.body,
    }
