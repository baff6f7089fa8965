"""The table of Bot API methods; each file beside this one adds its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.telegram.fields import Fields
from sandbox.telegram.world import World

Method = Callable[[World, Fields], Any | Awaitable[Any]]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register under Telegram's name; names are compared without regard to case, as there."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register
