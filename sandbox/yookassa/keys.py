"""Where the parts of the application hang, so that handlers find them with their types."""

from collections import deque

from aiohttp import web

from sandbox.faults import Faults
from sandbox.yookassa.idempotence import UsedKeys
from sandbox.yookassa.money import Json
from sandbox.yookassa.notifications import Notifier
from sandbox.yookassa.shop import Shop

SHOP = web.AppKey("shop", Shop)
USED_KEYS = web.AppKey("used_keys", UsedKeys)
NOTIFIER = web.AppKey("notifier", Notifier)
FAULTS = web.AppKey("faults", Faults)
ARRIVALS = web.AppKey("arrivals", deque[float])
CALLS = web.AppKey("calls", deque[Json])
PAGE_BASE = web.AppKey("page_base", str)


def page_base(request: web.Request) -> str:
    """Where a browser finds the payment pages: as configured, else where this request came to."""
    return request.config_dict[PAGE_BASE] or str(request.url.origin())
