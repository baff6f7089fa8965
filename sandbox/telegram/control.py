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
    POST /people                         {"name", "language", "phone", "username"} → a new customer
    POST /chat/{person}/send             {"text"}; for whatever is sent also "thread", "reply_to", "anonymous"
    POST /chat/{person}/tap              {"message", "row", "column", "chat", "wait"} → the answer;
                                         "data" instead of row and column presses what is not there
    POST /chat/{person}/contact          {"of": another person's id, "phone"}; one's own by default
    POST /chat/{person}/file             multipart: file, caption, kind=photo|document|video, chat, thread,
                                         reply_to; several files make an album → {"album": […]}
    POST /chat/{person}/claim            {"name", "size", "kind"}: a file of that size without its bytes
    POST /chat/{person}/sticker          {"emoji"}; /voice: three seconds of nothing
    POST /chat/{person}/pay              {"message"} or {"slug"} → {"outcome": paid|refused|expired}
                                         with "card" and "email" as typed into the form
    POST /chat/{person}/refund           the last Stars come back, by nobody of the bot's
    POST /chat/{person}/open             {"start"} → opens t.me/<bot>?start=…
    POST /chat/{person}/delete           {"message", "chat"}
    POST /chat/{person}/block            and /unblock
    POST /group/forum                    {"on"}: topics on or off
    POST /group/topic                    {"person", "name"} → {"thread"}
    POST /group/topic/delete             {"thread"}; the bot is not told
    POST /group/member                   {"person", "status": member|administrator|left}: comes, goes, rises
    POST /group/migrate                  the group becomes a supergroup with another id → {"id"}
    POST /group/bot                      {"status": administrator|member|restricted|left|kicked,
                                          "rights": {name: bool}}; restricted: it may not write
Refusals are 400 with {"error"}.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import fault_routes
from sandbox.telegram.acts import Acts
from sandbox.telegram.errors import ApiError
from sandbox.telegram.fields import Json
from sandbox.telegram.group_control import GroupControl
from sandbox.telegram.model import Person
from sandbox.telegram.people import People
from sandbox.telegram.views import chat_view, world_view
from sandbox.telegram.world import World
from sandbox.telegram.writing import NotPossibleError

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
        Acts(self._world, self._people).add_routes(app)
        GroupControl(self._world, self._people).add_routes(app)

    # reading

    async def _see_world(self, _: web.Request) -> web.Response:
        return web.json_response(world_view(self._world))

    async def _see_chat(self, request: web.Request) -> web.Response:
        person, chat = self._people.who_and_where(request.match_info["person"], request.query.get("chat"))
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
        language, username = str(asked.get("language", "ru")), str(asked.get("username", ""))
        newcomer = Person(0, name, language, username, str(asked.get("phone", "")))
        person = self._world.add_customer(newcomer)
        self._world.touch(self._world.chats[person.id])
        return web.json_response({"id": person.id})


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
