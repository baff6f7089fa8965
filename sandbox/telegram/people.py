"""What people do in their Telegram besides writing: press, pay, block, delete."""

from __future__ import annotations

from sandbox.telegram.cashier import Cashier, Form, Sheet
from sandbox.telegram.fields import Json
from sandbox.telegram.membership import bot_changes
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.stars import give_stars_back
from sandbox.telegram.world import World
from sandbox.telegram.writing import NotPossibleError, Place, Writer


class People:
    def __init__(self, world: World, shop: str = "") -> None:
        self._world = world
        self._writer = Writer(world)
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

    def who_and_where(self, person_id: str, chat_id: object) -> tuple[Person, Chat]:
        """As the addresses name them: "group" is the operators' group, whatever its id is by now."""
        person = self.person(int(person_id))
        if chat_id == "group":
            chat_id = self._world.group_id
        return person, self.chat(person, int(str(chat_id)) if chat_id else None)

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
            return self._writer.posts(Place(person, chat), {"successful_payment": paid}, told=False)

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
