"""One JSON object a line, ours and the libraries'; nothing here ever sees a token or a body."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_TOKEN = re.compile(r"bot\d+:[\w-]+")


def _hide_token(_logger: Any, _method: str, line: Any) -> str:
    """Telegram's addresses hold the token, and some errors of the HTTP client hold the address."""
    return _TOKEN.sub("bot(hidden)", line)


_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
_TALKATIVE = ("aiogram.event", "aiogram.dispatcher", "aiohttp.access", "asyncio")
"""They tell of every update, or again of what we tell ourselves."""


def set_up_logs(level: str) -> None:
    """Write to the standard output; called once, before anything is said."""
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer(ensure_ascii=False), _hide_token],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
                _hide_token,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
