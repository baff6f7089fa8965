"""Where the parts of the application hang, so that handlers find them with their types."""

from aiohttp import web

from sandbox.faults import Faults
from sandbox.mailbox.box import Box

BOX = web.AppKey("box", Box)
FAULTS = web.AppKey("faults", Faults)
