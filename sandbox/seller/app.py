"""Joins the parts of the cabinet into one web application."""

from pathlib import Path

from aiohttp import web

from sandbox.faults import fault_routes, open_to_other_ports
from sandbox.seller.bot_api import BotApi
from sandbox.seller.control import control_routes
from sandbox.seller.hook import hook_routes
from sandbox.seller.keys import BOT, FAULTS, LINES, POST
from sandbox.seller.lines import Lines
from sandbox.seller.mishaps import seller_faults
from sandbox.seller.pages import page_routes
from sandbox.seller.post import Post


def create_app(folder: Path, secret: str, bot_url: str, api_token: str) -> web.Application:
    """`folder` has the file of connectors that the bot imported; the cabinet keeps its own beside it."""
    faults = seller_faults()
    app = web.Application(middlewares=[open_to_other_ports])
    app[LINES] = Lines(folder)
    app[POST] = Post(secret, app[LINES])
    app[BOT] = BotApi(bot_url, api_token)
    app[FAULTS] = faults
    app.add_routes([*fault_routes(faults), *hook_routes(), *control_routes(), *page_routes()])
    return app
