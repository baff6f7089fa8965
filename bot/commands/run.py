"""The bot itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import click


@click.command()
def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C: the chat, the callbacks and the clock."""
    from bot.config import load_settings

    settings = load_settings()
    from bot.app.logs import set_up_logs

    set_up_logs(settings.log_level)
    from bot.app.run import run as run_doors

    with asyncio.Runner(loop_factory=_quickest_loop()) as runner:
        runner.run(run_doors(settings))


def _quickest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where the extra `speed` is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
