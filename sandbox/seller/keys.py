"""Where the parts of the application hang, so that handlers find them with their types."""

from aiohttp import web

from sandbox.faults import Faults
from sandbox.seller.bot_api import BotApi
from sandbox.seller.lines import Lines
from sandbox.seller.post import Post

LINES = web.AppKey("lines", Lines)
POST = web.AppKey("post", Post)
BOT = web.AppKey("bot", BotApi)
FAULTS = web.AppKey("faults", Faults)
