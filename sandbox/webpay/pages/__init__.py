"""What people see in a browser: the payment page and the shop's cabinet."""

from aiohttp import web

from sandbox.webpay.pages.cabinet import cabinet_routes
from sandbox.webpay.pages.pay import pay_routes
from sandbox.yookassa.pages.view import style_route


def page_routes() -> list[web.AbstractRouteDef]:
    return [*pay_routes(), *cabinet_routes(), style_route()]
