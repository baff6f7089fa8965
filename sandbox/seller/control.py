"""Strings behind the scene, for tests: the lines as the cabinet knows them, and what it heard."""

from dataclasses import asdict

from aiohttp import web

from sandbox.seller.keys import LINES, POST


def control_routes() -> list[web.AbstractRouteDef]:
    return [web.get("/control/lines", list_lines), web.get("/control/webhooks", list_webhooks)]


async def list_lines(request: web.Request) -> web.Response:
    return web.json_response([asdict(line) for line in request.app[LINES].all()])


async def list_webhooks(request: web.Request) -> web.Response:
    return web.json_response([letter.shown() for letter in request.app[POST].letters])
