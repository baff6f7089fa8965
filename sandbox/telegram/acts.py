"""What people do in the chat, over HTTP; control.py lists it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.telegram.cashier import Form
from sandbox.telegram.fields import Json, Upload
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.people import People
from sandbox.telegram.queries import SECONDS_TO_ANSWER
from sandbox.telegram.views import message_view
from sandbox.telegram.world import World
from sandbox.telegram.writing import NotPossibleError, Place, Writer

ACTS = "send|tap|contact|claim|sticker|voice|pay|refund|open|delete|block|unblock"


class Acts:
    def __init__(self, world: World, people: People) -> None:
        self._world = world
        self._people = people
        self._writer = Writer(world)

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post(f"/chat/{{person}}/{{act:{ACTS}}}", self._act)
        app.router.add_post("/chat/{person}/file", self._send_file)

    async def _act(self, request: web.Request) -> web.Response:
        asked: Json = await request.json() if request.can_read_body else {}
        person, chat = self._people.who_and_where(request.match_info["person"], asked.get("chat"))
        act = getattr(self, f"_act_{request.match_info['act']}")
        return web.json_response(await act(person, chat, asked))

    async def _act_send(self, person: Person, chat: Chat, asked: Json) -> Json:
        return _sent(self._writer.says(_place(person, chat, asked), str(asked.get("text", ""))))

    async def _act_open(self, person: Person, chat: Chat, asked: Json) -> Json:
        return _sent(self._writer.says(Place(person, chat), f"/start {asked.get('start', '')}"))

    async def _act_claim(self, person: Person, chat: Chat, asked: Json) -> Json:
        name, mime = str(asked.get("name", "video.mp4")), str(asked.get("mime", "video/mp4"))
        upload = Upload(name, mime, b"", int(asked["size"]))
        return _sent(self._writer.sends_file(_place(person, chat, asked), upload, _kind(asked)))

    async def _act_sticker(self, person: Person, chat: Chat, asked: Json) -> Json:
        upload = Upload(f"{asked.get('emoji') or '👍'}.webp", "image/webp", b"RIFF\0\0\0\0WEBP")
        return _sent(self._writer.sends_file(_place(person, chat, asked), upload, "sticker"))

    async def _act_voice(self, person: Person, chat: Chat, asked: Json) -> Json:
        upload = Upload("voice.ogg", "audio/ogg", b"OggS")
        return _sent(self._writer.sends_file(_place(person, chat, asked), upload, "voice"))

    async def _act_tap(self, person: Person, chat: Chat, asked: Json) -> Json:
        message, wait = int(asked["message"]), float(asked.get("wait", SECONDS_TO_ANSWER))  # seconds
        if "data" in asked:
            return await self._people.sends_data(person, chat, message, str(asked["data"]), wait=wait)
        row, column = int(asked.get("row", 0)), int(asked.get("column", 0))
        return await self._people.taps(person, chat, message, row, column, wait=wait)

    async def _act_contact(self, person: Person, chat: Chat, asked: Json) -> Json:
        other = self._people.person(int(asked["of"])) if "of" in asked else None
        place, phone = _place(person, chat, asked), str(asked.get("phone", ""))
        return _sent(self._writer.shares_contact(place, of=other, phone=phone))

    async def _act_pay(self, person: Person, chat: Chat, asked: Json) -> Json:
        form = Form(str(asked.get("card", "")), str(asked.get("email", "")))
        if "slug" in asked:
            return await self._people.pays_link(person, str(asked["slug"]), form)
        return await self._people.pays(person, chat, int(asked["message"]), form)

    async def _act_refund(self, person: Person, _: Chat, __: Json) -> Json:
        return _sent(self._people.gets_stars_back(person))

    async def _act_delete(self, _: Person, chat: Chat, asked: Json) -> Json:
        self._people.deletes(chat, int(asked["message"]))
        return {}

    async def _act_block(self, person: Person, _: Chat, __: Json) -> Json:
        self._people.blocks(person)
        return {}

    async def _act_unblock(self, person: Person, _: Chat, __: Json) -> Json:
        self._people.unblocks(person)
        return {}

    async def _send_file(self, request: web.Request) -> web.Response:
        form = await request.post()
        person, chat = self._people.who_and_where(request.match_info["person"], form.get("chat"))
        files = [file for file in form.getall("file", []) if isinstance(file, FileField)]
        if not files:
            raise NotPossibleError("the form carries no file")
        uploads = [Upload(file.filename, file.content_type, file.file.read()) for file in files]
        place, kind, caption = _place(person, chat, form), _kind(form), str(form.get("caption", ""))
        if len(uploads) == 1:
            return web.json_response(_sent(self._writer.sends_file(place, uploads[0], kind, caption=caption)))
        album = self._writer.sends_album(place, uploads, kind, caption=caption)
        return web.json_response({"album": [_sent(message) for message in album]})


def _place(person: Person, chat: Chat, asked: Mapping[str, Any]) -> Place:
    thread, reply_to = int(asked.get("thread") or 0), int(asked.get("reply_to") or 0)
    return Place(person, chat, thread, reply_to, bool(asked.get("anonymous")))


def _kind(asked: Mapping[str, Any]) -> str:
    return str(asked.get("kind") or "document")


def _sent(message: Message) -> Json:
    return message_view(message)
