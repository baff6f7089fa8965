"""What people see in a browser: the terminal's screen, the wallet, the journal with the registers."""

from aiohttp import web

from sandbox.terminal.pages.journal import journal_routes
from sandbox.terminal.pages.operation import operation_routes
from sandbox.terminal.pages.terminal import terminal_routes
from sandbox.terminal.pages.view import file_routes
from sandbox.terminal.pages.wallet import wallet_routes


def page_routes() -> list[web.AbstractRouteDef]:
    return [*terminal_routes(), *wallet_routes(), *operation_routes(), *journal_routes(), *file_routes()]
