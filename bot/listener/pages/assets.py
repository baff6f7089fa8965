"""The files a page needs, kept by browsers for ever: a changed file has another address."""

from __future__ import annotations

import hashlib
import pathlib

from aiohttp import web

FOLDER = pathlib.Path(__file__).parent
TYPES = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "onward.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
FILES = {name: (FOLDER / name).read_bytes() for name in TYPES}

routes = web.RouteTableDef()


def address_of(name: str) -> str:
    return f"/assets/{name}?{hashlib.sha256(FILES[name]).hexdigest()[:12]}"


@routes.get("/assets/{name}")
async def asset(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return web.Response(body=FILES[name], content_type=TYPES[name], charset="utf-8", headers=kept)
