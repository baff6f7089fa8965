"""All that exists in the sandbox's Telegram, and the few ways in which it changes."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox import clock
from sandbox.telegram.calls import Calls
from sandbox.telegram.errors import bad_request, forbidden, migrated
from sandbox.telegram.fields import Json
from sandbox.telegram.files import CONTENTS, Files
from sandbox.telegram.limits import SendLimits
from sandbox.telegram.mishaps import telegram_faults
from sandbox.telegram.model import Chat, Group, Message, Person, Topic, message_ids
from sandbox.telegram.payments import Payments
from sandbox.telegram.profile import Profile
from sandbox.telegram.queries import Queries
from sandbox.telegram.signals import Signal
from sandbox.telegram.updates import UpdateQueue

# Given at BotFather's, before the bot says anything of itself.
BOT_NAME = "Kassir"
# The account behind which Telegram hides administrators that write anonymously.
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}

GONE = {"left", "kicked"}
SENT = {"text", "contact", *CONTENTS}


class World:
    def __init__(self, token: str, username: str, customers: Iterable[Person], group: Group) -> None:
        self.token = token
        self.bot_id = int(token.split(":", maxsplit=1)[0])
        self.username = username
        self.profile = Profile(BOT_NAME)
        self.changed = Signal()
        self.revision = 0
        self.updates = UpdateQueue(first_id=secrets.randbelow(10**8) + 10**8)
        self.files = Files()
        self.faults = telegram_faults()
        self.limits = SendLimits(self.faults["limits"])
        self.queries = Queries()
        self.payments = Payments()
        self.calls = Calls()
        self.customers: dict[int, Person] = {}
        self.operators = {person.id: person for person in group.operators}
        self.chats: dict[int, Chat] = {}
        self._private_ids = message_ids()
        self._new_ids: Iterator[int] = itertools.count(max([*self.operators, 9000]) + 1)
        for person in customers:
            self.add_customer(person)
        for person in group.operators:
            self._open_private(person)
        self.group_id = self._open_group(group)

    # people and chats

    def person(self, person_id: int) -> Person | None:
        return self.customers.get(person_id) or self.operators.get(person_id)

    def add_customer(self, person: Person) -> Person:
        if not person.id:
            person = Person(next(self._new_ids), person.name, person.language, person.username, person.phone)
        self.customers[person.id] = person
        self._open_private(person)
        return person

    def _open_private(self, person: Person) -> None:
        self.chats[person.id] = Chat(person.id, "private", self._private_ids, person=person)

    def _open_group(self, group: Group) -> int:
        # The books of a basic group are the bot's own; a supergroup counts its messages itself.
        ids = message_ids() if group.kind == "supergroup" else self._private_ids
        members = {person.id: "administrator" if person.hidden else "member" for person in group.operators}
        members[group.operators[0].id] = "creator"
        self.chats[group.id] = Chat(
            group.id, group.kind, ids, title=group.title, forum=group.forum, started=True, members=members
        )
        return group.id

    def migrate_group(self) -> int:
        """The group becomes a supergroup with another id; the old one only points there.

        A supergroup may do so as well, though Telegram's cannot: the bot sees the same.
        """
        old = self.group
        new_id = -1_000_000_000_000 - secrets.randbelow(9 * 10**9) - 10**9
        self.chats[new_id] = Chat(
            new_id,
            "supergroup",
            message_ids(),
            title=old.title,
            forum=old.forum,
            started=True,
            members=old.members,
            bot_status=old.bot_status,
            bot_rights=old.bot_rights,
        )
        owner = next(iter(self.operators.values())).as_json()
        self.tell(old, self.post(old, owner, {"migrate_to_chat_id": new_id}))
        old.migrated_to, self.group_id = new_id, new_id
        self.tell(self.group, self.post(self.group, owner, {"migrate_from_chat_id": old.id}))
        return new_id

    @property
    def group(self) -> Chat:
        return self.chats[self.group_id]

    @property
    def bot(self) -> Json:
        return {
            "id": self.bot_id, "is_bot": True, "first_name": self.profile.name(), "username": self.username
        }  # fmt: skip

    def find(self, chat_id: str) -> Chat:
        if not chat_id:
            raise bad_request("chat_id is empty")
        number = int(chat_id) if chat_id.lstrip("-").isdigit() else 0
        chat = self.chats.get(number)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to:
            raise migrated(chat.migrated_to)
        return chat

    def open_to_bot(self, chat_id: str) -> Chat:
        chat = self.find(chat_id)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.bot_status in GONE:
            left = "bot is not a member of" if chat.bot_status == "left" else "bot was kicked from"
            raise forbidden(f"{left} the {chat.kind} chat")
        return chat

    # what changes

    def touch(self, chat: Chat, message: Message | None = None) -> None:
        self.revision += 1
        chat.revision = self.revision
        if message is not None:
            message.revision = self.revision
        self.changed.fire()

    def touch_all(self) -> None:
        for chat in self.chats.values():
            self.touch(chat)

    def now(self) -> float:
        return clock.now().timestamp()

    def post(
        self, chat: Chat, author: Json, content: Json, *, thread: int = 0, reply_to: Message | None = None
    ) -> Message:
        number = next(chat.ids)
        body: Json = {"message_id": number, "from": author}
        if author is ANONYMOUS:
            body["sender_chat"] = chat.as_json()
        body |= {"chat": chat.as_json(), "date": clock.seconds()}
        if thread:
            body |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            body["reply_to_message"] = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
        message = Message(body | content, self.revision)
        chat.messages[number] = message
        chat.action = "" if author.get("id") == self.bot_id else chat.action
        self.touch(chat, message)
        return message

    def tell(self, chat: Chat, message: Message) -> None:
        """Let the bot know of a message, unless it is not there or its privacy mode keeps it away."""
        if chat.bot_status in GONE:
            return
        if chat.private or chat.bot_status == "administrator" or self._meant_for_bot(message.body):
            self.updates.put("message", message.body)

    def _meant_for_bot(self, body: Json) -> bool:
        words: Any = body.get("text", "")
        if not SENT & body.keys():
            return True
        answered = body.get("reply_to_message", {}).get("from", {}).get("id")
        return words.startswith("/") or f"@{self.username}" in words or answered == self.bot_id

    def remove(self, chat: Chat, message_id: int) -> bool:
        if chat.messages.pop(message_id, None) is None:
            return False
        chat.pinned = [pinned for pinned in chat.pinned if pinned != message_id]
        self.touch(chat)
        return True

    def open_topic(self, chat: Chat, name: str, color: int, author: Json) -> Topic:
        message = self.post(chat, author, {"forum_topic_created": {"name": name, "icon_color": color}})
        message.body |= {"message_thread_id": message.id, "is_topic_message": True}
        topic = chat.topics[message.id] = Topic(message.id, name, color)
        self.touch(chat, message)
        return topic

    def delete_topic(self, chat: Chat, thread: int) -> bool:
        """Its messages go with it; whether there was one."""
        if chat.topics.pop(thread, None) is None:
            return False
        for message in [m for m in chat.messages.values() if m.body.get("message_thread_id") == thread]:
            self.remove(chat, message.id)
        self.touch(chat)
        return True
