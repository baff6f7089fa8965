"""Where the parts of the application hang; the faults hang where the API's mishaps look for them."""

from collections import deque
from pathlib import Path

from aiohttp import web

from sandbox.robokassa.result import ResultSender
from sandbox.robokassa.shop import Shop
from sandbox.yookassa.keys import FAULTS
from sandbox.yookassa.money import Json

SHOP = web.AppKey("robokassa_shop", Shop)
SENDER = web.AppKey("result_sender", ResultSender)
CALLS = web.AppKey("robokassa_calls", deque[Json])
MEMORY: web.AppKey[Path | None] = web.AppKey("robokassa_memory")

__all__ = ["CALLS", "FAULTS", "MEMORY", "SENDER", "SHOP"]
