"""Where the parts of the application hang; the faults hang where the API's mishaps look for them."""

from collections import deque
from pathlib import Path

from aiohttp import web

from sandbox.webpay.notifications import FormNotifier
from sandbox.webpay.shop import Shop
from sandbox.yookassa.keys import FAULTS
from sandbox.yookassa.money import Json

SHOP = web.AppKey("webpay_shop", Shop)
NOTIFIER = web.AppKey("webpay_notifier", FormNotifier)
CALLS = web.AppKey("webpay_calls", deque[Json])
MEMORY: web.AppKey[Path | None] = web.AppKey("webpay_memory")

__all__ = ["CALLS", "FAULTS", "MEMORY", "NOTIFIER", "SHOP"]
