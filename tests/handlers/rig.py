"""A chat to tap through: the real dispatcher and services, Telegram over HTTP, and a person with thumbs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot, Dispatcher

from bot.handlers import DIALOGS, customers_router, errors, membership, telegram_payments
from bot.middlewares.invoices import Invoices
from bot.middlewares.isolation import TapIsolation
from bot.middlewares.living import LivingMessages
from bot.middlewares.visits import Guests
from bot.services.house import House
from tests.telegram import Call, FakeTelegram

Button = dict[str, Any]


@dataclass
class Seen:
    """A message of the bot as it stands in the chat now."""

    id: int
    chat_id: int
    text: str
    rows: list[list[Button]] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]

    def button(self, words: str) -> Button | None:
        exact = [button for row in self.rows for button in row if button["text"] == words]
        partly = [button for row in self.rows for button in row if words in button["text"]]
        return next(iter(exact + partly), None)


class ChatTelegram(FakeTelegram):
    """Keeps every message as it stands after all edits."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[int, Seen] = {}
        self.answers: list[Call] = []

    def next_message_id(self) -> int:
        return next(self._message_ids)

    def _message(self, call: Call) -> dict[str, Any]:
        made = super()._message(call)
        markup = call.fields.get("reply_markup") or {}
        seen = self.messages.setdefault(made["message_id"], Seen(made["message_id"], call.chat_id, ""))
        if call.method != "editMessageReplyMarkup":
            seen.text = call.text
        seen.rows = markup.get("inline_keyboard", [])
        seen.below = [key["text"] for row in markup.get("keyboard", []) for key in row]
        return made

    async def _result(self, call: Call) -> Any:
        if call.method == "answerCallbackQuery":
            self.answers.append(call)
        if call.method == "deleteMessage":
            self.messages.pop(int(call.fields["message_id"]), None)
        return await super()._result(call)


class Chat:
    """The bot, and people who talk to it."""

    def __init__(self, telegram: ChatTelegram, house: House, catalogue: Any, storage: Any) -> None:
        self.telegram = telegram
        self.bot: Bot = telegram.bot()
        self._house, self._catalogue, self._storage = house, catalogue, storage
        self._update_ids = itertools.count(1)
        self.restart()

    def restart(self) -> None:
        """A new process: only what is stored is left."""
        self.living, self.guests = LivingMessages(), Guests()
        self.bot.session.middleware(self.living)
        for router in (*DIALOGS, telegram_payments.router, errors.router, membership.router):
            router._parent_router = None
        self.dispatcher = Dispatcher(storage=self._storage, events_isolation=TapIsolation())
        self.dispatcher.include_routers(
            telegram_payments.router,
            errors.router,
            membership.router,
            customers_router(self.living, self.guests),
        )
        house = {name: getattr(self._house, name) for name in self._house.__slots__}
        self.dispatcher.workflow_data.update(
            house,
            catalogue=self._catalogue,
            guests=self.guests,
            living=self.living,
            telegram_invoices=Invoices("123456:LIVE:rig"),
        )

    def person(self, id_: int, name: str = "Anna", language: str = "ru") -> Person:
        return Person(self, id_, name, language)

    async def feed(self, **update: Any) -> None:
        await self.dispatcher.feed_raw_update(self.bot, {"update_id": next(self._update_ids), **update})


class Person:
    def __init__(self, chat: Chat, id_: int, name: str, language: str) -> None:
        self.chat = chat
        self.id = id_
        self.user = {"id": id_, "is_bot": False, "first_name": name, "language_code": language}
        self.taps_made = 0

    async def says(self, text: str) -> None:
        await self.sends(text=text)

    async def sends(self, **what: Any) -> int:
        message_id = self.chat.telegram.next_message_id()
        chat = {"id": self.id, "type": "private", "first_name": "Anna"}
        if what.get("text", "").startswith("/"):
            length = len(what["text"].split()[0])
            what["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        message = {"message_id": message_id, "date": 1, "chat": chat, "from": self.user, **what}
        await self.chat.feed(message=message)
        return message_id

    async def shares_contact(self, phone: str, *, of: int | None = None, forwarded: bool = False) -> None:
        contact = {"phone_number": phone, "first_name": "Anna", "user_id": of or self.id}
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "X"}
        await self.sends(contact=contact, **({"forward_origin": origin} if forwarded else {}))

    async def sends_photo(self, caption: str = "") -> None:
        photo = [{"file_id": "photo-1", "file_unique_id": "u", "width": 9, "height": 9}]
        await self.sends(photo=photo, **({"caption": caption} if caption else {}))

    async def taps(self, words: str, *, on: Seen | None = None) -> None:
        """Press the button that says this, on the newest message that has one; links are only counted."""
        seen, button = self._find(words, on)
        self.taps_made += 1
        if "callback_data" in button:
            await self.taps_data(button["callback_data"], on=seen)

    async def taps_data(self, data: str, *, on: Seen | None = None) -> None:
        """Press a button that may no longer stand there."""
        seen = on or self.screen
        chat = {"id": self.id, "type": "private", "first_name": "Anna"}
        message = {"message_id": seen.id, "date": 1, "chat": chat, "text": seen.text or "-"}
        query = {
            "id": str(next(self.chat._update_ids)),
            "from": self.user,
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
        await self.chat.feed(callback_query=query)

    def _find(self, words: str, on: Seen | None) -> tuple[Seen, Button]:
        for seen in [on] if on else reversed(self.messages):
            if button := seen.button(words):
                return seen, button
        raise AssertionError(f"no button {words!r}; there are {[seen.buttons for seen in self.messages]}")

    @property
    def messages(self) -> list[Seen]:
        found = [seen for seen in self.chat.telegram.messages.values() if seen.chat_id == self.id]
        return sorted(found, key=lambda seen: seen.id)

    @property
    def screen(self) -> Seen:
        """The newest message with inline buttons."""
        return [seen for seen in self.messages if seen.rows][-1]

    @property
    def toast(self) -> str:
        return self.chat.telegram.answers[-1].text if self.chat.telegram.answers else ""

    def url(self, words: str) -> str:
        return str(self._find(words, None)[1]["url"])
