"""The operators' group: people who press, type and reply in it, and a Telegram that knows who they are."""

from __future__ import annotations

import itertools
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.fsm.storage.memory import MemoryStorage

from bot.domain.catalogue import Catalogue
from bot.domain.notices import Notice, Sent
from bot.domain.states import Lane
from bot.handlers import operators, operators_router
from bot.handlers.errors import router as errors_router
from bot.i18n import speaking
from bot.services.house import House
from bot.workers.delivery import Delivery
from tests.handlers.rig import ChatTelegram, Seen
from tests.telegram import BOT_ID, Call

GROUP, ELSEWHERE = -1001, -1002
OWNER, CASHIER, OPERATOR, VIEWER, STRANGER = 2001, 2002, 2003, 2004, 2005
NAMES = {OWNER: "Olga", CASHIER: "Clara", OPERATOR: "Oleg", VIEWER: "Vera", STRANGER: "Stas"}
PHOTO = {"file_id": "file-1", "file_unique_id": "u", "width": 9, "height": 9}
DOCUMENT = {"file_id": "file-2", "file_unique_id": "v"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class GroupTelegram(ChatTelegram):
    """Tells the names of the group's people, and remembers which messages are photos or documents."""

    def __init__(self) -> None:
        super().__init__()
        self.photos: set[int] = set()
        self.documents: set[int] = set()
        self.replies: dict[int, dict[str, Any]] = {}
        """What people wrote, by the message of the bot that replied to it."""
        self.said: dict[int, dict[str, Any]] = {}

    def _message(self, call: Call) -> dict[str, Any]:
        made = super()._message(call)
        if call.method == "sendPhoto":
            self.photos.add(made["message_id"])
        if call.method == "sendDocument":
            self.documents.add(made["message_id"])
        asked = (call.fields.get("reply_parameters") or {}).get("message_id")
        if asked in self.said:
            self.replies[made["message_id"]] = self.said[asked]
        return made

    async def _result(self, call: Call) -> Any:
        if call.method == "getChatMember":
            user_id = int(call.fields["user_id"])
            user = {"id": user_id, "is_bot": False, "first_name": NAMES[user_id]}
            return {"status": "member", "user": user}
        return await super()._result(call)

    def content(self, seen: Seen) -> dict[str, Any]:
        """What Telegram shows of a message to whoever hears of it."""
        if seen.id in self.photos:
            return {"caption": seen.text, "photo": [PHOTO]}
        if seen.id in self.documents:
            return {"caption": seen.text, "document": DOCUMENT}
        return {"text": seen.text or "-"}


class Group:
    """The dispatcher with the group's router alone; cards hang there as the outbox would have sent them."""

    def __init__(self, telegram: GroupTelegram, house: House, catalogue: Catalogue) -> None:
        self.telegram, self.house, self.catalogue = telegram, house, catalogue
        self.bot = telegram.bot()
        self._updates = itertools.count(1)
        self._storage = MemoryStorage()
        self.restart()

    def restart(self) -> None:
        """A new process: only what is stored is left."""
        for part in vars(operators).values():
            if isinstance(router := getattr(part, "router", None), Router):
                router._parent_router = None
        errors_router._parent_router = None
        self.dispatcher = Dispatcher(storage=self._storage)
        self.dispatcher.include_routers(operators_router(), errors_router)
        services = {name: getattr(self.house, name) for name in self.house.__slots__}
        self.dispatcher.workflow_data.update(services, catalogue=self.catalogue)

    def person(self, id_: int) -> Operator:
        return Operator(self, id_)

    async def feed(self, **update: Any) -> None:
        await self.dispatcher.feed_raw_update(self.bot, {"update_id": next(self._updates), **update})

    async def hang_up_news(self) -> list[Seen]:
        """Send to the group what services wrote for it, as the outbox's worker does."""
        outbox, hung = self.house.outbox, []
        delivery = Delivery(self.bot, outbox, speak=speaking, operators_language="ru")
        while ids := await outbox.waiting({Lane.OPERATORS: 16}):
            for notice in await outbox.take(ids):
                outcome = await delivery.deliver(notice)
                assert isinstance(outcome, Sent), outcome
                await outbox.note([outcome])
                hung.append(self.telegram.messages[outcome.message_id])
        return hung

    async def told_to_customers(self) -> list[Notice]:
        outbox = self.house.outbox
        return await outbox.take(await outbox.waiting({Lane.MONEY: 16}))

    @property
    def newest(self) -> Seen:
        return self.telegram.messages[max(self.telegram.messages)]

    @property
    def toast(self) -> str:
        return self.telegram.answers[-1].text


class Operator:
    def __init__(self, group: Group, id_: int) -> None:
        self.group, self.id = group, id_
        self.user = {"id": id_, "is_bot": False, "first_name": NAMES[id_]}

    async def says(self, text: str, **more: Any) -> None:
        entities = []
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        await self.sends(text=text, entities=entities, **more)

    async def sends(self, *, chat: int = GROUP, thread: int | None = None, **what: Any) -> None:
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        message = {
            "message_id": self.group.telegram.next_message_id(),
            "date": 1,
            "chat": {"id": chat, "type": "supergroup", "title": "Operators"},
            "from": self.user,
            **topic,
            **what,
        }
        self.group.telegram.said[message["message_id"]] = message
        await self.group.feed(message=message)

    async def replies(self, to: Seen, text: str, **more: Any) -> None:
        asked = {
            "message_id": to.id,
            "date": 1,
            "chat": {"id": GROUP, "type": "supergroup", "title": "Operators"},
            "from": {"id": BOT_ID, "is_bot": True, "first_name": "Kassir"},
            "text": to.text,
            **more.pop("asked", {}),
        }
        await self.says(text, reply_to_message=asked, **more)

    async def taps(self, words: str, on: Seen, *, chat: int = GROUP, thread: int | None = None) -> None:
        button = on.button(words)
        assert button is not None, f"no button {words!r} among {on.buttons}"
        await self.taps_data(button["callback_data"], on, chat=chat, thread=thread)

    async def taps_data(self, data: str, on: Seen, *, chat: int = GROUP, thread: int | None = None) -> None:
        """Press a button that may no longer stand there."""
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        message = {
            "message_id": on.id,
            "date": 1,
            "chat": {"id": chat, "type": "supergroup", "title": "Operators"},
            **self.group.telegram.content(on),
            **topic,
            **self._answered(on),
        }
        query = {
            "id": str(next(self.group._updates)),
            "from": self.user,
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
        await self.group.feed(callback_query=query)

    def _answered(self, on: Seen) -> dict[str, Any]:
        """Telegram shows what a message replied to, one step back."""
        asked = self.group.telegram.replies.get(on.id)
        return {"reply_to_message": asked} if asked else {}
