"""Where the parts of the application hang, so that handlers find them with their types."""

from aiohttp import web

from sandbox.bank.transfers import Transfers
from sandbox.faults import Faults

TRANSFERS = web.AppKey("transfers", Transfers)
FAULTS = web.AppKey("faults", Faults)
