"""What a customer is told of a form that he began and left."""

from __future__ import annotations

from datetime import timedelta

from bot.i18n import _, coming_day, shown
from bot.keyboards.order_forms import waits
from bot.notices.registry import Payload, Rendered, notice


@notice("form_waits", lives=timedelta(days=14))
def form_waits(facts: Payload) -> Rendered:
    text = _(
        "✏️ You began an order and did not send it in: {title}. Your answers are kept until {date}.",
        title=shown(str(facts["title"])),
        date=coming_day(facts["until"]),
    )
    return Rendered(text, waits(int(facts["form_id"])))
