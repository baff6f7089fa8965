"""The people, chats, topics and messages of the sandbox's Telegram."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.telegram.fields import Json

ALL_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_send_welcome_messages", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


# Ids stay short, and above 1, which in a forum stands for the general topic.
SOME_TIME_IN_2023 = 1_700_000_000


@dataclass(frozen=True)
class Person:
    """`desk` is the role the bot's settings give; whoever is `hidden` writes in the group as its anonymous
    administrator, yet presses buttons under the own id, as in Telegram."""

    id: int
    name: str
    language: str = "ru"
    username: str = ""
    phone: str = ""
    surname: str = ""
    desk: str = ""
    hidden: bool = False

    @property
    def number(self) -> str:
        return self.phone or f"7999{self.id:07d}"

    def as_json(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.surname:
            user["last_name"] = self.surname
        if self.username:
            user["username"] = self.username
        return user | {"language_code": self.language}


@dataclass(frozen=True)
class Group:
    """The operators' group at the start; `kind` "group" is a basic one that can still migrate."""

    id: int
    title: str
    operators: tuple[Person, ...]
    kind: str = "supergroup"
    forum: bool = False


@dataclass
class Message:
    body: Json
    revision: int
    editable: bool = True
    edited: bool = False
    paid: bool = False
    invoice: Json | None = None
    reactions: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.body["message_id"])


@dataclass
class Topic:
    id: int
    name: str
    color: int = 0x6FB9F0
    closed: bool = False


@dataclass(frozen=True)
class Keyboard:
    """What stands at the foot of one person's chat, and the message that brought it."""

    markup: Json
    message: int


@dataclass
class Chat:
    id: int
    kind: str
    ids: Iterator[int]
    person: Person | None = None
    title: str = ""
    forum: bool = False
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    bot_rights: set[str] = field(default_factory=lambda: set(ALL_RIGHTS))
    bot_status: str = "administrator"
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    keyboards: dict[int, Keyboard] = field(default_factory=dict)
    action: str = ""
    action_until: float = 0.0
    revision: int = 0

    @property
    def private(self) -> bool:
        return self.person is not None

    def as_json(self) -> Json:
        if self.person:
            user = self.person.as_json()
            return {"id": self.id, "type": "private"} | {
                name: user[name] for name in ("first_name", "last_name", "username") if name in user
            }
        chat = {"id": self.id, "title": self.title, "type": self.kind}
        return chat | {"is_forum": True} if self.forum else chat


def message_ids() -> Iterator[int]:
    """Later runs begin higher, so that no message is taken for one of the last run."""
    return itertools.count(max(2, int(time.time()) - SOME_TIME_IN_2023))
