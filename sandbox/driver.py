"""People in the sandbox's Telegram, driven from tests as one would tell it: says, taps, sees.

    async with Telegram("http://127.0.0.1:8081") as telegram:
        anna = telegram.person(1001)
        await anna.says("/start")
        await anna.taps("Оплатить")
        await anna.sees("Выберите период")
        karim = telegram.operator(2002)
        await karim.sees("990", since=0)
        await karim.says("Чек у вас?", reply_to=card["body"]["message_id"])
        await anna.sends_album([("1.png", one), ("2.png", two)], caption="Вот они")
        topic = await telegram.group.opens_topic("Деньги")
        await karim.in_topic(topic).says("/todo")

`sees` and `taps` look at what came after the person's last act first, so an old screen proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sandbox.driver_session import DriverSession
from sandbox.driver_writing import Writing
from sandbox.group_driver import Group
from sandbox.screen import Button, Json, describe, find_button, newest, newest_invoice, shown_text

PATIENCE = 30.0
# How long a button is looked for among the new messages before an old message may serve.
FRESH_FIRST = 1.0


Found = TypeVar("Found")


class NotSeenError(AssertionError):
    """The screen never showed what the test waited for; the message tells what it did show."""


class Telegram(DriverSession):
    def person(self, person_id: int, *, chat: str | int | None = None) -> Person:
        """Somebody in the private chat with the bot, or with chat="group" in the operators' group."""
        return Person(self, person_id, chat)

    @property
    def group(self) -> Group:
        """What befalls the operators' group: topics, another id, the bot thrown out or made silent."""
        return Group(self)

    def operator(self, person_id: int) -> Person:
        """Somebody in the operators' group; who there is and with which role, says sandbox.telegram.demo."""
        return self.person(person_id, chat="group")

    async def add_customer(
        self, name: str, language: str = "ru", phone: str = "", username: str = ""
    ) -> Person:
        asked = {"name": name, "language": language, "phone": phone, "username": username}
        answer = await self.post("/people", asked)
        return self.person(int(answer["id"]))

    async def calls(self, method: str = "", *, after: int = 0) -> list[Json]:
        found: list[Json] = await self.get("/calls", method=method, after=after)
        return found


class Person(Writing):
    def in_topic(self, thread: int) -> Person:
        """The same person, who writes into that topic of the group and looks at nothing else there."""
        return Person(self._telegram, self.id, self._chat, thread=thread)

    # looking

    async def screen(self) -> Json:
        """The whole chat as this person sees it."""
        return self._in_topic(await self._telegram.get(f"/chat/{self.id}", chat=self._chat))

    async def sees(self, text: str, *, within: float = PATIENCE, since: int | None = None) -> Json:
        """The newest message of others with this text, new or changed since the person's last act."""
        start = self._acted_at if since is None else since

        def find(screen: Json) -> Json | None:
            others = (m for m in newest(screen, start) if m["body"]["from"]["id"] != self.id)
            return next((m for m in others if text in shown_text(m)), None)

        return await self._wait_for(find, within, f"{text!r}")

    async def texts(self) -> list[str]:
        """What all messages on the screen say, oldest first."""
        return [shown_text(message) for message in (await self.screen())["messages"]]

    async def sees_button(self, text: str, *, within: float = PATIENCE) -> Json:
        button = await self._button(text, None, within)
        return button.body

    async def sees_album(self, count: int, *, within: float = PATIENCE) -> list[Json]:
        """The newest album that others sent since the last act, with so many messages, oldest first."""

        def find(screen: Json) -> list[Json] | None:
            albums: dict[str, list[Json]] = {}
            for message in newest(screen, self._acted_at):
                if message["body"]["from"]["id"] != self.id and "media_group_id" in message["body"]:
                    albums.setdefault(message["body"]["media_group_id"], []).insert(0, message)
            return next((album for album in albums.values() if len(album) == count), None)

        return await self._wait_for(find, within, f"an album of {count}")

    async def document(self, *, within: float = PATIENCE) -> tuple[str, bytes]:
        """Name and content of the newest document since the last act."""

        def find(screen: Json) -> Json | None:
            return next((m for m in newest(screen, self._acted_at) if "document" in m["body"]), None)

        found = (await self._wait_for(find, within, "a document"))["body"]["document"]
        content: bytes = await self._telegram.get(f"/files/{found['file_id']}")
        return found["file_name"], content

    # acting

    async def taps(
        self, text: str, *, message: Json | None = None, within: float = PATIENCE, wait: float = 15
    ) -> Json:
        """Press a button by its text: on that message, else on a new one, the keyboard below, an old one.

        Waits at most `wait` seconds for the bot's answer. Gives that answer, the link of a link button,
        or the message that was sent.
        """
        button = await self._button(text, message, within)
        if "url" in button.body:
            return {"url": button.body["url"]}
        if "copy_text" in button.body:
            return {"copied": button.body["copy_text"]["text"]}
        if message is not None and "callback_data" in button.body:
            return await self.presses(message, button.body["callback_data"], wait=wait)
        if button.message is not None:
            place = {"row": button.row, "column": button.column}
            return await self._act("tap", message=button.message, wait=wait, **place)
        if button.body.get("request_contact"):
            return await self.shares_contact()
        return await self.says(button.text)

    async def presses(self, message: Json, data: str, *, wait: float = 15) -> Json:
        """Send any callback data for a message, as a changed client can, or one with an old screen."""
        return await self._act("tap", message=message["body"]["message_id"], data=data, wait=wait)

    async def opens(self, start: str) -> Json:
        """Follow t.me/<bot>?start=…"""
        return await self._act("open", start=start)

    async def pays(self, message: Json | None = None, *, link: str = "") -> Json:
        """Pay an invoice message, or an invoice link t.me/$…"""
        if link:
            return await self._act("pay", slug=link.rpartition("$")[2])
        if message is None:
            message = await self._wait_for(newest_invoice, PATIENCE, "an invoice")
        return await self._act("pay", message=message["body"]["message_id"])

    async def deletes(self, message: Json) -> None:
        await self._act("delete", message=message["body"]["message_id"])

    async def blocks(self) -> None:
        await self._act("block")

    async def unblocks(self) -> None:
        await self._act("unblock")

    async def _button(self, text: str, message: Json | None, within: float) -> Button:
        if message is not None:
            there = {"messages": [message], "keyboard": None}
            button = find_button(there, text, 0)
            if button is None:
                raise NotSeenError(f"no button {text!r} on:\n{describe(there)}")
            return button
        since = self._acted_at
        fresh = await self._look_for(
            lambda screen: find_button(screen, text, since), min(FRESH_FIRST, within)
        )
        if fresh is not None:
            return fresh
        return await self._wait_for(lambda screen: find_button(screen, text, 0), within, f"button {text!r}")

    async def _wait_for(self, find: Callable[[Json], Found | None], within: float, what: str) -> Found:
        found = await self._look_for(find, within)
        if found is None:
            raise NotSeenError(
                f"{self.id} waited {within} s for {what} and sees:\n{describe(await self.screen())}"
            )
        return found

    async def _look_for(self, find: Callable[[Json], Found | None], within: float) -> Found | None:
        deadline = time.monotonic() + within
        screen = await self.screen()
        while (found := find(screen)) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            asked = {"chat": self._chat, "since": screen["revision"], "wait": left}
            screen = self._in_topic(await self._telegram.get(f"/chat/{self.id}", **asked))
        return found
