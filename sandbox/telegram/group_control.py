"""What befalls the operators' group, over HTTP; control.py lists it."""

from __future__ import annotations

from aiohttp import web

from sandbox.telegram.fields import Json
from sandbox.telegram.membership import BOT_STATUSES, bot_changes
from sandbox.telegram.model import ALL_RIGHTS, Chat
from sandbox.telegram.people import People
from sandbox.telegram.world import GONE, World
from sandbox.telegram.writing import NotPossibleError

MEMBER_STATUSES = {"member", "administrator", "left"}
BLUE = 0x6FB9F0


class GroupControl:
    def __init__(self, world: World, people: People) -> None:
        self._world = world
        self._people = people

    def add_routes(self, app: web.Application) -> None:
        post = app.router.add_post
        post("/group/forum", self._set_forum)
        post("/group/topic", self._open_topic)
        post("/group/topic/delete", self._delete_topic)
        post("/group/member", self._set_member)
        post("/group/migrate", self._migrate)
        post("/group/bot", self._set_bot)

    async def _set_forum(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        self._world.group.forum = bool(asked["on"])
        self._world.touch(self._world.group)
        return web.json_response({"forum": self._world.group.forum})

    async def _open_topic(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        author = self._people.person(int(asked["person"])).as_json()
        group, name = self._world.group, str(asked["name"]).strip()
        if not group.forum or not 1 <= len(name) <= 128:
            raise NotPossibleError("a topic has a name of 1-128 characters, in a group with topics")
        topic = self._world.open_topic(group, name, BLUE, author)
        self._world.tell(group, group.messages[topic.id])
        return web.json_response({"thread": topic.id})

    async def _delete_topic(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        if not self._world.delete_topic(self._world.group, int(asked["thread"])):
            raise NotPossibleError("there is no such topic")
        return web.json_response({})

    async def _set_member(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        person, status, group = (
            self._people.person(int(asked["person"])),
            str(asked["status"]),
            self._world.group,
        )
        if status not in MEMBER_STATUSES:
            raise NotPossibleError(f"nobody can be {status}")
        before = group.members.pop(person.id, "left")
        if status != "left":
            group.members[person.id] = status
        if before == "left" != status:
            self._announce({"new_chat_members": [person.as_json()]})
        if before != "left" == status:
            self._announce({"left_chat_member": person.as_json()})
        self._world.touch(group)
        return web.json_response({})

    async def _migrate(self, _: web.Request) -> web.Response:
        return web.json_response({"id": self._world.migrate_group()})

    async def _set_bot(self, request: web.Request) -> web.Response:
        asked: Json = await request.json()
        group = self._world.group
        rights: dict[str, bool] = asked.get("rights", {})
        status, before = str(asked.get("status", group.bot_status)), group.bot_status
        if unknown := rights.keys() - set(ALL_RIGHTS) or {status} - BOT_STATUSES:
            raise NotPossibleError(f"there is no {unknown}")
        with bot_changes(self._world, group, self._owner()):
            group.bot_status = status
            group.bot_rights |= {right for right, given in rights.items() if given}
            group.bot_rights -= {right for right, given in rights.items() if not given}
        self._show_coming_and_going(group, before)
        return web.json_response({"status": group.bot_status, "rights": sorted(group.bot_rights)})

    def _show_coming_and_going(self, group: Chat, before: str) -> None:
        """People read of it; the bot is told of its return alone."""
        if group.bot_status in GONE and before not in GONE:
            self._world.post(group, self._owner(), {"left_chat_member": self._world.bot})
        if group.bot_status not in GONE and before in GONE:
            self._announce({"new_chat_members": [self._world.bot]})

    def _announce(self, event: Json) -> None:
        group = self._world.group
        self._world.tell(group, self._world.post(group, self._owner(), event))

    def _owner(self) -> Json:
        return next(iter(self._world.operators.values())).as_json()
