"""The real bot, which kills itself (SIGKILL) when it first comes to the step named in the file `die_at`."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from bot.commands import main
from bot.gateways.yookassa.gateway import YooKassa
from bot.services.callbacks import CallbackService
from bot.services.checkouts import CheckoutService
from bot.services.inbox import InboxService
from bot.services.outbox import OutboxService
from bot.services.payments import PaymentService
from bot.services.terminals import TerminalService
from bot.services.webhooks import WebhookService
from bot.storage.orders import Orders
from bot.storage.payments import Payments

DIE_AT = Path("die_at")
Step = tuple[type, str, str]

STEPS: dict[str, Step] = {
    "payment inside its transaction": (Payments, "add", "after"),
    "payment written, provider not called": (PaymentService, "_begin", "after"),
    "provider called, answer not kept": (YooKassa, "create_link", "after"),
    "link kept, not shown": (PaymentService, "_linked", "after"),
    "callback arrived": (CallbackService, "receive", "before"),
    "provider asked back": (YooKassa, "ask_hint", "after"),
    "money credited, order not settled": (Payments, "succeed", "after"),
    "order settled, not committed": (Orders, "settled", "after"),
    "committed, provider not answered": (CallbackService, "_settle", "after"),
    "notice taken, not sent": (OutboxService, "take", "after"),
    "notice sent, not noted": (OutboxService, "note", "before"),
    "webhook sent, not noted": (WebhookService, "note", "before"),
}
"""Everything between the tap and the notice: where the axe falls, and on which side of the call."""

AT_THE_TERMINAL: dict[str, Step] = {
    "terminal's money booked, network not answered": (TerminalService, "_pay", "after"),
}
IN_THE_CHAT: dict[str, Step] = {
    "update with money arrived": (InboxService, "keep", "before"),
    "update kept, Telegram not told": (InboxService, "keep", "after"),
    "update in hand, not booked": (CheckoutService, "_take", "before"),
    "update booked, not done with": (CheckoutService, "_take", "after"),
}
EVERY_STEP = STEPS | AT_THE_TERMINAL | IN_THE_CHAT


def lay_axes() -> None:
    """Prepare every step; the file alone decides, at the moment of the call, whether the axe falls."""
    for step, (owner, name, side) in EVERY_STEP.items():
        setattr(owner, name, _dying(getattr(owner, name), step, side))


def _dying(original: Callable[..., Any], step: str, side: str) -> Callable[..., Any]:
    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        if side == "before":
            _die_at(step)
        result = original(*args, **kwargs)
        if hasattr(result, "__await__"):
            return _then_die(result, step) if side == "after" else result
        if side == "after":
            _die_at(step)
        return result

    return call


async def _then_die(work: Any, step: str) -> Any:
    result = await work
    if result != []:  # an outbox with nothing in it is no step
        _die_at(step)
    return result


def _die_at(step: str) -> None:
    if DIE_AT.exists() and DIE_AT.read_text() == step:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    lay_axes()
    main()
