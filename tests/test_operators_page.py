"""Operators find every command in the desk's reference, and none there that is not heard."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from aiogram import Router
from aiogram.filters import Command

from bot.handlers import operators
from bot.handlers.operators.commands import COMMANDS

REFERENCE = Path("docs/desk-reference.md")
OPENS_A_GROUP = "start"
"""Telegram sends it when the bot is added by a link; it answers as /help does."""


def test_the_desks_reference_names_every_command() -> None:
    rows = re.findall(r"^\| (`/[^|]+) \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    named = {command for row in rows for command in re.findall(r"`/([a-z]+)", row)}
    assert named == _heard() - {OPENS_A_GROUP}
    assert set(COMMANDS) <= named


def _heard() -> set[str]:
    filters = (
        found.callback
        for router in _routers()
        for handler in router.message.handlers
        for found in handler.filters or ()
    )
    return {str(name) for each in filters if isinstance(each, Command) for name in each.commands}


def _routers() -> Iterator[Router]:
    for module in pkgutil.walk_packages(operators.__path__, f"{operators.__name__}."):
        router = getattr(import_module(module.name), "router", None)
        if isinstance(router, Router):
            yield router
