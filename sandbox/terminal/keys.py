"""Where the parts of the application hang, so that handlers find them with their types."""

from aiohttp import web

from sandbox.faults import Faults
from sandbox.terminal.line import Line

LINE = web.AppKey("line", Line)
FAULTS = web.AppKey("faults", Faults)
SELLER = web.AppKey("seller", str)
