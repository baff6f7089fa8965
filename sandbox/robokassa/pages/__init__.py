"""What people see in a browser: the payment page and the shop's cabinet, in the sandbox bank's clothes."""

from aiohttp import web

from sandbox.robokassa.pages.cabinet import cabinet_routes
from sandbox.robokassa.pages.pay import pay_routes
from sandbox.yookassa.pages.view import style_route


def page_routes() -> list[web.AbstractRouteDef]:
    return [*pay_routes(), *cabinet_routes(), style_route()]
