"""What people see in a browser: the payer's form, and the seller's statements."""

from aiohttp import web

from sandbox.bank.pages.pay import pay_routes
from sandbox.bank.pages.statements import statement_routes
from sandbox.bank.pages.view import file_routes


def page_routes() -> list[web.AbstractRouteDef]:
    return [*pay_routes(), *statement_routes(), *file_routes()]
