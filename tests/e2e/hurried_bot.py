"""The real bot, which takes Telegram for a place without limits: nobody waits for a turn in the group."""

from __future__ import annotations

from unittest.mock import patch

from bot.commands import main
from bot.middlewares import turns

AT_ONCE = (0.01, 100)
HURRIED = turns.Rates(overall=AT_ONCE, chat=AT_ONCE, group=AT_ONCE)

if __name__ == "__main__":
    with patch.object(turns, "Rates", return_value=HURRIED):
        main()
