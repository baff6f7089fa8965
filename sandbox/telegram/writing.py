"""What people write and send, and where: to the bot in private, into the group, its topics, as an answer."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.telegram.entities import read_text
from sandbox.telegram.fields import Json, Upload
from sandbox.telegram.files import CONTENTS
from sandbox.telegram.keyboards import put_away
from sandbox.telegram.membership import bot_changes
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.world import ANONYMOUS, World

LONGEST_ALBUM = 10
ALBUMS = {"photo", "video", "document"}


class NotPossibleError(Exception):
    """A person cannot do that: no such message, button or chat."""


@dataclass(frozen=True)
class Place:
    """Who writes and where; what is answered brings its topic along."""

    person: Person
    chat: Chat
    thread: int = 0
    reply_to: int = 0
    anonymous: bool = False


class Writer:
    def __init__(self, world: World) -> None:
        self._world = world

    def says(self, place: Place, text: str) -> Message:
        plain, entities = read_text(text, "")
        if not plain or len(plain) > 4096:
            raise NotPossibleError("a message has 1-4096 characters")
        return self.posts(place, {"text": plain} | ({"entities": entities} if entities else {}))

    def sends_file(self, place: Place, upload: Upload, kind: str, *, caption: str = "") -> Message:
        return self.posts(place, self._content(upload, kind) | ({"caption": caption} if caption else {}))

    def sends_album(
        self, place: Place, uploads: Sequence[Upload], kind: str, *, caption: str = ""
    ) -> list[Message]:
        """One message for each; as the apps do it, more than ten become several albums."""
        if kind not in ALBUMS:
            raise NotPossibleError(f"{kind} makes no album")
        contents = [self._content(upload, kind) for upload in uploads]
        if caption and contents:
            contents[0]["caption"] = caption
        return [self.posts(place, content) for content in _grouped(contents)]

    def shares_contact(self, place: Place, *, of: Person | None = None, phone: str = "") -> Message:
        """One's own contact carries one's own user id; a forwarded one carries the other's."""
        chat, owner = place.chat, of or place.person
        contact: Json = {"phone_number": phone or owner.number, "first_name": owner.name}
        keyboard = chat.keyboards.get(place.person.id)
        answered = keyboard.message if keyboard and of is None else 0
        content = {"contact": contact | {"user_id": owner.id}}
        return self.posts(Place(place.person, chat, place.thread, answered), content)

    def posts(self, place: Place, content: Json, *, told: bool = True) -> Message:
        chat = place.chat
        answered = chat.messages.get(place.reply_to or place.thread)
        thread = place.thread or (answered.body.get("message_thread_id", 0) if answered else 0)
        if thread and (thread not in chat.topics or chat.topics[thread].closed):
            raise NotPossibleError("no such topic, or it is closed")
        self._begin(place.person, chat)
        unseen = place.anonymous or (place.person.hidden and not chat.private)
        author = ANONYMOUS if unseen else place.person.as_json()
        message = self._world.post(chat, author, content, thread=thread, reply_to=answered)
        if told:
            self._world.tell(chat, message)
        put_away(self._world, chat, place.person.id)
        return message

    def _content(self, upload: Upload, kind: str) -> Json:
        if kind not in CONTENTS:
            raise NotPossibleError(f"nobody can send a {kind}")
        return {kind: CONTENTS[kind](self._world.files.keep(upload, f"{kind}s"))}

    def _begin(self, person: Person, chat: Chat) -> None:
        """Writing to the bot starts it, and takes a block away as the app does by its Restart button."""
        if chat.private and chat.blocked:
            with bot_changes(self._world, chat, person.as_json()):
                chat.blocked = False
        chat.started = True


def _grouped(contents: list[Json]) -> Iterator[Json]:
    for start in range(0, len(contents), LONGEST_ALBUM):
        some = contents[start : start + LONGEST_ALBUM]
        album = {"media_group_id": str(secrets.randbelow(10**17))} if len(some) > 1 else {}
        yield from (album | content for content in some)
