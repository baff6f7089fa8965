"""The sandbox's own HTTP API, used by the page and by tests.

Reading:
    GET  /world                          people, group, bot
    GET  /chat/{person}                  what the person sees; ?chat=ID for the group,
                                         ?last=N for its newest messages only,
                                         ?since=REVISION&wait=SECONDS holds the answer until it changes
    GET  /events                         server-sent events {"revision", "chats": {id: revision}}
    GET  /files/{file_id}                a file that went through the chat
    GET  /calls?after=N&method=NAME      what the bot asked of the Bot API, in order
    GET  /services.json                  names and addresses of the services with a /faults of their own
    GET  /faults                         Telegram's faults: {name: {"label", "value", "choices"}}
Acting (JSON bodies; `chat` defaults to the private chat with the bot; answers are JSON):
    POST /faults                         {name: value, ...}
    POST /people                         {"name", "language", "phone"} → a new customer
    POST /chat/{person}/send             {"text", "chat", "thread", "reply_to", "anonymous"}
    POST /chat/{person}/tap              {"message", "row", "column", "chat", "wait"} → the answer;
                                         "data" instead of row and column presses what is not there
    POST /chat/{person}/contact          {"of": another person's id, "phone"}; one's own by default
    POST /chat/{person}/file             multipart: file, caption, kind=photo|document, chat, thread
    POST /chat/{person}/pay              {"message"} or {"slug"} → {"outcome": paid|refused|expired}
                                         with "card" and "email" as typed into the form
    POST /chat/{person}/refund           the last Stars come back, by nobody of the bot's
    POST /chat/{person}/open             {"start"} → opens t.me/<bot>?start=…
    POST /chat/{person}/delete           {"message", "chat"}
    POST /chat/{person}/block            and /unblock
    POST /group/topic                    {"person", "name"} → {"thread"}
    POST /group/migrate                  the basic group becomes a supergroup → {"id"}
    POST /group/bot                      {"status": administrator|member|kicked, "rights": {name: bool}}
Refusals are 400 with {"error"}.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.faults import fault_routes
from sandbox.telegram.cashier import Form
from sandbox.telegram.errors import ApiError
from sandbox.telegram.fields import Json, Upload
from sandbox.telegram.membership import bot_changes
from sandbox.telegram.model import ALL_RIGHTS, Chat, Message, Person
from sandbox.telegram.people import NotPossibleError, People
from sandbox.telegram.queries import SECONDS_TO_ANSWER
from sandbox.telegram.views import chat_view, message_view, world_view
from sandbox.telegram.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LONGEST_WAIT = 60.0
KEEP_ALIVE = 15.0
MOST_MESSAGES = 10_000


class Control:
    def __init__(self, world: World, services: dict[str, str]) -> None:
        self._world = world
        self._people = People(world, services.get("YooKassa", ""))
        self._services = services

    def add_routes(self, app: web.Application) -> None:
        get, post = app.router.add_get, app.router.add_post
        get("/world", self._see_world)
        get("/chat/{person}", self._see_chat)
        get("/events", self._events)
        get("/files/{file_id}", self._file)
        get("/calls", self._calls)
        get("/services.json", self._list_services)
        app.add_routes(fault_routes(self._world.faults))
        post("/people", self._add_person)
        post("/chat/{person}/{act:send|tap|contact|pay|refund|open|delete|block|unblock}", self._act)
        post("/chat/{person}/file", self._send_file)
        post("/group/topic", self._open_topic)
        post("/group/migrate", self._migrate)
        post("/group/bot", self._set_bot_rights)

    # reading

    async def _see_world(self, _: web.Request) -> web.Response:
        return web.json_response(world_view(self._world))

    async def _see_chat(self, request: web.Request) -> web.Response:
        person, chat = self._who_and_where(request, request.query.get("chat"))
        last = int(request.query.get("last", MOST_MESSAGES))
        since = int(request.query.get("since", -1))
        wait = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
        await self._world.changed.wait_until(lambda: chat.revision > since, wait)
        return web.json_response(chat_view(self._world, chat, person, last=last))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        world, seen = self._world, -1

        def news() -> bool:
            return world.revision > seen

        while not world.changed.closed:
            line = ": still here"
            if news():
                seen = world.revision
                chats = {str(chat.id): chat.revision for chat in world.chats.values()}
                line = "data: " + json.dumps({"revision": seen, "group": world.group_id, "chats": chats})
            try:
                await response.write(f"{line}\n\n".encode())
            except ConnectionResetError:
                break
            await world.changed.wait_until(news, KEEP_ALIVE)
        return response

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._world.files.by_id(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        mime, name = stored.upload.mime, stored.upload.name.replace('"', "")
        # Anything a browser could run is only ever saved to disk.
        shown = mime in {"image/png", "image/jpeg", "application/pdf"}
        headers = {"Content-Disposition": "inline"} if shown else {"X-Content-Type-Options": "nosniff"}
        if not shown:
            mime = "application/octet-stream"
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
        return web.Response(body=stored.upload.content, content_type=mime, headers=headers)

    async def _calls(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        return web.json_response(self._world.calls.after(after, request.query.get("method", "")))

    async def _list_services(self, _: web.Request) -> web.Response:
        return web.json_response(self._services)

    # acting

    async def _add_person(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        name = str(asked.get("name", "")).strip()[:64]
        if not name:
            raise NotPossibleError("a person has a name")
        newcomer = Person(0, name, str(asked.get("language", "ru")), phone=str(asked.get("phone", "")))
        person = self._world.add_customer(newcomer)
        self._world.touch(self._world.chats[person.id])
        return web.json_response({"id": person.id})

    async def _act(self, request: web.Request) -> web.Response:
        asked: Json = await request.json() if request.can_read_body else {}
        person, chat = self._who_and_where(request, asked.get("chat"))
        act = getattr(self, f"_act_{request.match_info['act']}")
        return web.json_response(await act(person, chat, asked))

    async def _act_send(self, person: Person, chat: Chat, asked: Json) -> Json:
        return _sent(self._people.says(
            person, chat, str(asked.get("text", "")), thread=int(asked.get("thread", 0)),
            reply_to=int(asked.get("reply_to", 0)), anonymous=bool(asked.get("anonymous")),
        ))  # fmt: skip

    async def _act_open(self, person: Person, chat: Chat, asked: Json) -> Json:
        return _sent(self._people.says(person, chat, f"/start {asked.get('start', '')}"))

    async def _act_tap(self, person: Person, chat: Chat, asked: Json) -> Json:
        message, wait = int(asked["message"]), float(asked.get("wait", SECONDS_TO_ANSWER))
        if "data" in asked:
            return await self._people.sends_data(person, chat, message, str(asked["data"]), wait=wait)
        row, column = int(asked.get("row", 0)), int(asked.get("column", 0))
        return await self._people.taps(person, chat, message, row, column, wait=wait)

    async def _act_contact(self, person: Person, chat: Chat, asked: Json) -> Json:
        other = self._people.person(int(asked["of"])) if "of" in asked else None
        return _sent(self._people.shares_contact(person, chat, of=other, phone=str(asked.get("phone", ""))))

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
        person, chat = self._who_and_where(request, form.get("chat"))
        file = form.get("file")
        if not isinstance(file, FileField):
            raise NotPossibleError("the form carries no file")
        upload = Upload(file.filename, file.content_type, file.file.read())
        photo = form.get("kind") == "photo"
        caption, thread = str(form.get("caption", "")), int(str(form.get("thread", 0)))
        sent = self._people.sends_file(person, chat, upload, caption=caption, photo=photo, thread=thread)
        return web.json_response(_sent(sent))

    async def _open_topic(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        author = self._people.person(int(asked["person"])).as_json()
        topic = self._world.open_topic(self._world.group, str(asked["name"]), 0x6FB9F0, author)
        self._world.tell(self._world.group, self._world.group.messages[topic.id])
        return web.json_response({"thread": topic.id})

    async def _migrate(self, _: web.Request) -> web.Response:
        return web.json_response({"id": self._world.migrate_group()})

    async def _set_bot_rights(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        group = self._world.group
        rights: dict[str, bool] = asked.get("rights", {})
        if unknown := rights.keys() - set(ALL_RIGHTS):
            raise NotPossibleError(f"no such rights: {unknown}")
        owner = next(iter(self._world.operators.values()))
        with bot_changes(self._world, group, owner.as_json()):
            group.bot_status = str(asked.get("status", group.bot_status))
            group.bot_rights |= {right for right, given in rights.items() if given}
            group.bot_rights -= {right for right, given in rights.items() if not given}
        return web.json_response({"status": group.bot_status, "rights": sorted(group.bot_rights)})

    def _who_and_where(self, request: web.Request, chat_id: object) -> tuple[Person, Chat]:
        person = self._people.person(int(request.match_info["person"]))
        if chat_id == "group":
            chat_id = self._world.group_id
        return person, self._people.chat(person, int(str(chat_id)) if chat_id else None)


def _sent(message: Message) -> Json:
    return message_view(message)


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a person asked wrongly into a 400 that says so."""
    try:
        return await handler(request)
    except NotPossibleError as error:
        return web.json_response({"error": str(error)}, status=400)
    except ApiError as error:
        return web.json_response({"error": error.description}, status=400)
    except (KeyError, ValueError) as error:
        return web.json_response({"error": f"cannot read the request: {error!r}"}, status=400)
