"""How a command begins and ends: its settings, its place behind the running bot, its exit codes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.config import Settings

REFUSED, WRONG_SETTINGS = 1, 2
FILE = click.Path(dir_okay=False, path_type=Path)


def read_settings() -> Settings:
    """What a command has to say it says itself, so the log keeps to what went wrong."""
    import structlog

    from bot.config import load_settings

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    settings = load_settings()
    if settings.clock_url:
        _set_clock(settings.clock_url)
    return settings


def _set_clock(url: str) -> None:
    """A command lives in the same present as the bot beside it."""
    import asyncio

    from bot.workers.moved_clock import set_clock

    asyncio.run(set_clock(url))


def give_way() -> None:
    """Leave the processor to the bot that runs on the same machine: nobody's payment waits for this."""
    if hasattr(os, "nice"):
        os.nice(19)
