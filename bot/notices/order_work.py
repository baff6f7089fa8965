"""What operators see of an order that is paid and made: its stage, its day, and what goes with the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.texts import Text
from bot.i18n import _, day, money, months, said, shown
from bot.keyboards import order_work as buttons
from bot.notices.about import amount, customer, text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.reviews import ORDERS, quoted
from bot.notices.worth import WORTH


@operators_notice("order_work", lives=WORTH)
def order_work(facts: Payload) -> Rendered:
    text = text_of(_head(facts), _standing(facts), _gone(facts), _draft(facts["draft"]))
    replaces = int(facts.get("replaces") or 0)
    keyboard = buttons.work(facts, _following(facts))
    return Rendered(text, keyboard, topic=ORDERS, replaces=replaces, afterwards=buttons.undo(facts))


@operators_notice("order_work_refunded", lives=WORTH)
def order_work_refunded(facts: Payload) -> Rendered:
    """Below the card of the work, which is brought up to date."""
    if facts["whole"]:
        head = _("↩️ All of this order's money went back: stop the work.")
    elif facts["by_us"]:
        head = _("↩️ {amount} of this order went back; the work goes on.", amount=amount(facts))
    else:
        head = _(
            "↩️ {amount} of this order was taken back, not by us. Look before you go on.", amount=amount(facts)
        )
    return Rendered(text_of(head, customer(facts)), under=int(facts["under"]), redraws=True, topic=ORDERS)


def _head(facts: Payload) -> list[str]:
    what = f"{said(Text(facts['tariff']))}, {months(int(facts['months']))}"
    late = facts.get("late_since")
    return [
        _("🛠 Order {number}: {what}", number=facts["order_id"], what=what),
        customer(facts),
        _("Paid: {amount}", amount=money(facts["price"])),
        _("⏰ It was promised for {date}.", date=day(late)) if late else "",
    ]


def _standing(facts: Payload) -> list[str]:
    """Every stage in its line: what is behind us, where we are, what comes."""
    place, due = _place(facts), facts["stage_due"]
    lines = []
    for number, stage in enumerate(facts["stages"]):
        mark = "✅" if number < place else "▶️" if number == place else "▫️"
        until = _(", by {date}", date=day(due)) if number == place and due else ""
        lines.append(f"{mark} {said(Text(stage['title']))}{until}")
    return lines


def _gone(facts: Payload) -> list[str]:
    if facts["over"]:
        return [_("↩️ All of its money went back: nothing is left to work for.")]
    return [_("↩️ {amount} went back.", amount=money(each["amount"])) for each in facts["gone"]]


def _draft(draft: Mapping[str, Any]) -> list[str]:
    """What the customer gets with the next stage."""
    lines = [
        _("by {date}", date=day(draft["due"])) if draft.get("due") else "",
        shown(str(draft.get("url") or ""), 300),
        _("a file") if draft.get("file") else "",
    ]
    with_it = ", ".join(filter(None, lines))
    words = quoted(str(draft.get("words") or ""), 600)
    if not with_it and not words:
        return []
    return [_("With the next stage goes: {what}", what=with_it or "…"), words]


def _place(facts: Payload) -> int:
    names = [stage["name"] for stage in facts["stages"]]
    return names.index(facts["stage"]) if facts["stage"] in names else -1


def _following(facts: Payload) -> int | None:
    following = _place(facts) + 1
    return following if following < len(facts["stages"]) and not facts["over"] else None
