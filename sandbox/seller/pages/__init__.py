"""What people see in a browser: the cabinet with its connectors and webhooks."""

from aiohttp import web

from sandbox.seller.pages.cabinet import cabinet_routes
from sandbox.seller.pages.view import file_routes


def page_routes() -> list[web.AbstractRouteDef]:
    return [*cabinet_routes(), *file_routes()]
