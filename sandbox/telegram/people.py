"""What people do in their Telegram: write, press, share, pay, block."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.cashier import Cashier, Form, Sheet
from sandbox.telegram.entities import read_text
from sandbox.telegram.fields import Json, Upload
from sandbox.telegram.files import as_document, as_photo
from sandbox.telegram.membership import bot_changes
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.stars import give_stars_back
from sandbox.telegram.world import ANONYMOUS, World


class NotPossibleError(Exception):
    """A person cannot do that: no such message, button or chat."""


class People:
    def __init__(self, world: World, shop: str = "") -> None:
        self._world = world
        self._cashier = Cashier(world, shop)

    def person(self, person_id: int) -> Person:
        person = self._world.person(person_id)
        if person is None:
            raise NotPossibleError(f"nobody has the id {person_id}")
        return person

    def chat(self, person: Person, chat_id: int | None) -> Chat:
        """The person's chat with the bot, or the group for those who are in it."""
        if chat_id in (None, person.id):
            return self._world.chats[person.id]
        if chat_id != self._world.group_id or person.id not in self._world.group.members:
            raise NotPossibleError(f"{person.id} is not in the chat {chat_id}")
        return self._world.group

    def says(
        self,
        person: Person,
        chat: Chat,
        text: str,
        *,
        thread: int = 0,
        reply_to: int = 0,
        anonymous: bool = False,
    ) -> Message:
        plain, entities = read_text(text, "")
        if not plain or len(plain) > 4096:
            raise NotPossibleError("a message has 1-4096 characters")
        content: Json = {"text": plain} | ({"entities": entities} if entities else {})
        return self._post(person, chat, content, thread=thread, reply_to=reply_to, anonymous=anonymous)

    def sends_file(
        self, person: Person, chat: Chat, upload: Upload, *, caption: str, photo: bool, thread: int = 0
    ) -> Message:
        stored = self._world.files.keep(upload, "photos" if photo else "documents")
        content: Json = {"photo": as_photo(stored)} if photo else {"document": as_document(stored)}
        return self._post(person, chat, content | ({"caption": caption} if caption else {}), thread=thread)

    def shares_contact(
        self, person: Person, chat: Chat, *, of: Person | None = None, phone: str = ""
    ) -> Message:
        """One's own contact carries one's own user id; a forwarded one carries the other's."""
        owner = of or person
        contact: Json = {"phone_number": phone or owner.number, "first_name": owner.name}
        answered = chat.keyboard_from if chat.keyboard and of is None else 0
        return self._post(person, chat, {"contact": contact | {"user_id": owner.id}}, reply_to=answered)

    async def taps(
        self, person: Person, chat: Chat, message_id: int, row: int, column: int, *, wait: float
    ) -> Json:
        """Press an inline button; what the bot answered, or that it did not."""
        rows = self._message(chat, message_id).body.get("reply_markup", {}).get("inline_keyboard", [])
        if row >= len(rows) or column >= len(rows[row]):
            raise NotPossibleError("no such button")
        button = rows[row][column]
        if "pay" in button:
            return await self.pays(person, chat, message_id, Form())
        if "callback_data" not in button:
            raise NotPossibleError("this button asks the bot nothing")
        return await self.sends_data(person, chat, message_id, button["callback_data"], wait=wait)

    async def sends_data(
        self, person: Person, chat: Chat, message_id: int, data: str, *, wait: float
    ) -> Json:
        """Ask with any data: a changed client can, and a screen may show a button that is gone."""
        message = self._message(chat, message_id)
        query = self._world.queries.ask()
        self._world.updates.put("callback_query", {
            "id": query.id, "from": person.as_json(), "message": message.body,
            "chat_instance": str(abs(chat.id) * 7919), "data": data,
        })  # fmt: skip
        answer = await self._world.queries.wait(query, wait)
        return {"answered": answer is not None} | (answer or {})

    async def pays(self, person: Person, chat: Chat, message_id: int, form: Form) -> Json:
        message = self._message(chat, message_id)
        if message.invoice is None:
            raise NotPossibleError("this message is no invoice")
        if message.paid and chat.private:
            raise NotPossibleError("this invoice is paid")
        return await self._pay(person, chat, message.invoice, form, message)

    async def pays_link(self, person: Person, slug: str, form: Form) -> Json:
        invoice = self._world.payments.links.get(slug)
        if invoice is None:
            raise NotPossibleError("no such invoice")
        return await self._pay(person, self._world.chats[person.id], invoice, form)

    async def _pay(
        self, person: Person, chat: Chat, invoice: Json, form: Form, message: Message | None = None
    ) -> Json:
        def post(paid: Json) -> Message:
            return self._post(person, chat, {"successful_payment": paid}, told=False)

        return await self._cashier.take(Sheet(person, chat, invoice, form, message), post)

    def gets_stars_back(self, person: Person) -> Message:
        """Telegram's own people, or another program with the bot's token, give back the last Stars."""
        paid = self._world.payments.last_stars_of(person.id)
        if paid is None:
            raise NotPossibleError("no Stars were paid that could go back")
        return give_stars_back(self._world, person.id, paid.charge_id)

    def blocks(self, person: Person) -> None:
        self._set_blocked(person, blocked=True)

    def unblocks(self, person: Person) -> None:
        self._set_blocked(person, blocked=False)

    def _set_blocked(self, person: Person, *, blocked: bool) -> None:
        chat = self._world.chats[person.id]
        with bot_changes(self._world, chat, person.as_json()):
            chat.blocked = blocked

    def deletes(self, chat: Chat, message_id: int) -> None:
        """The bot is not told, as in Telegram."""
        self._message(chat, message_id)
        self._world.remove(chat, message_id)

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None:
            raise NotPossibleError(f"no message {message_id} in this chat")
        return message

    def _post(
        self,
        person: Person,
        chat: Chat,
        content: Json,
        *,
        thread: int = 0,
        reply_to: int = 0,
        anonymous: bool = False,
        told: bool = True,
    ) -> Message:
        answered = chat.messages.get(reply_to or thread)
        if answered is not None:
            thread = thread or answered.body.get("message_thread_id", 0)
        if thread and (thread not in chat.topics or chat.topics[thread].closed):
            raise NotPossibleError("no such topic, or it is closed")
        self._begin(person, chat)
        unseen = anonymous or (person.hidden and not chat.private)
        author: Any = ANONYMOUS if unseen else person.as_json()
        message = self._world.post(chat, author, content, thread=thread, reply_to=answered)
        if told:
            self._world.tell(chat, message)
        self._put_away(chat)
        return message

    def _begin(self, person: Person, chat: Chat) -> None:
        """Writing to the bot starts it, and takes a block away as the app does by its Restart button."""
        if chat.private and chat.blocked:
            self.unblocks(person)
        chat.started = True

    def _put_away(self, chat: Chat) -> None:
        """Some keyboards are for one answer only."""
        if chat.keyboard and (chat.keyboard.get("force_reply") or chat.keyboard.get("one_time_keyboard")):
            chat.keyboard = None
            self._world.touch(chat)
