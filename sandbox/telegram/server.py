"""The Bot API over HTTP: token, method, faults, answer."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from aiohttp import web

from sandbox.telegram.errors import ApiError, too_many
from sandbox.telegram.fields import Fields, Json, read_fields
from sandbox.telegram.methods import METHODS
from sandbox.telegram.mishaps import loses_answer
from sandbox.telegram.world import World

# Reading changes nothing, so a lost answer would prove nothing.
ONLY_READ = ("get", "close", "logout")
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
NOT_FOUND = ApiError(404, "Not Found")


class ConnectionDroppedError(Exception):
    """The connection ends without an answer, as when a network breaks."""


class BotApi:
    def __init__(self, world: World) -> None:
        self._world = world

    def add_routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            await self._weather()
            result = await self._call(request)
        except ConnectionDroppedError:
            return drop(request)
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.code)
        except BadGatewayError:
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    async def _weather(self) -> None:
        """Whatever was switched on that keeps every call from arriving."""
        connection, answers = self._world.faults["connection"], self._world.faults["answers"]
        if connection.value == "502 with HTML":
            raise BadGatewayError
        if connection.value == "reset":
            raise ConnectionDroppedError
        if answers.number:
            await asyncio.sleep(answers.number / 1000)

    async def _call(self, request: web.Request) -> Any:
        self._check_token(request)
        name = request.match_info["method"]
        try:
            fields = await read_fields(request)
        except web.HTTPRequestEntityTooLarge:
            raise ApiError(413, "Request Entity Too Large") from None
        return await self.run(name, fields)

    async def run(self, name: str, fields: Fields) -> Any:
        """One method by its name; every call but the long polls is noted."""
        function = METHODS.get(name.lower())
        if function is None:
            raise ApiError(404, "Not Found: method not found")
        polls = name.lower() == "getupdates"
        call: Json = {} if polls else self._world.calls.note(name, fields.for_log())
        try:
            if flood := self._world.faults["flood"].number:
                raise too_many(flood)
            result = function(self._world, fields)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            call |= {"ok": False, "error_code": error.code, "description": error.description}
            raise
        call |= {"ok": True, "result": result}
        if not name.lower().startswith(ONLY_READ) and loses_answer(self._world.faults):
            raise ConnectionDroppedError
        return result

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if ":" not in token:
            raise NOT_FOUND
        if token != self._world.token:
            raise ApiError(401, "Unauthorized")

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self._world.token:
            return web.json_response(ApiError(401, "Unauthorized").as_json(), status=401)
        stored = self._world.files.by_path(request.match_info["path"])
        if stored is None:
            return web.json_response(NOT_FOUND.as_json(), status=404)
        return web.Response(body=stored.upload.content, content_type="application/octet-stream")


class BadGatewayError(Exception):
    """The proxy before Telegram answers with a page for people."""


def drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
