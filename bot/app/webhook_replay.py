"""Sending webhooks again for who asks on the command line, also while the bot runs on the same books."""

from __future__ import annotations

from bot.app.books import open_books
from bot.app.running import ask_running_bot
from bot.config import Settings
from bot.domain.errors import BooksBusy
from bot.domain.webhooks import Wanted
from bot.services.webhook_history import WebhookHistoryService


async def replay(settings: Settings, wanted: Wanted) -> int:
    """Let them be sent again; how many there are."""
    try:
        async with open_books(settings) as database:
            return await WebhookHistoryService(database).replay(wanted)
    except BooksBusy as busy:
        asked = {
            "since": wanted.since.isoformat() if wanted.since else None,
            "connector": wanted.connector_id,
            "id": wanted.reference,
        }
        told = await ask_running_bot(settings, busy, "POST", "/webhooks/replay", asked)
        return int(told["replayed"])
