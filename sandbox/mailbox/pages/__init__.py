"""What people see in a browser: the letters of everybody, and one of them opened."""

from aiohttp import web

from sandbox.mailbox.pages.reading import reading_routes
from sandbox.mailbox.pages.view import file_routes


def page_routes() -> list[web.AbstractRouteDef]:
    return [*reading_routes(), *file_routes()]
