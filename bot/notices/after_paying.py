"""What a success message says of the card and of autopay: saved, connected, charged by it, or on offer."""

from __future__ import annotations

from bot.i18n import _, autopay_news, day
from bot.keyboards.autopay_taps import change_button, connect_after_button, stop_button
from bot.keyboards.buttons import Row
from bot.notices.registry import Payload


def lines(facts: Payload) -> list[str]:
    """What becomes of the card, and of autopay, each after an empty line."""
    parts = (_card(facts), _autopay(facts))
    return [line for part in parts if part for line in ("", *part)]


def rows(facts: Payload) -> list[Row]:
    """The way to stop what goes on by itself, else to let it do so."""
    if facts.get("autopay_id") and facts.get("autopay_stands", True):
        id_ = int(facts["autopay_id"])
        return [[change_button(id_, anew=True), stop_button(id_, anew=True)]]
    if facts.get("autopay_offered") and facts.get("payment_id"):
        return [[connect_after_button(int(facts["payment_id"]), anew=True)]]
    return []


def _autopay(facts: Payload) -> list[str]:
    if facts.get("autopay_new"):
        return [
            _("🔁 Autopay is connected."),
            *(autopay_news.agreed(facts["autopay"]) if "autopay" in facts else []),
        ]
    if facts.get("next_on"):
        next_on = day(facts["next_on"])
        if facts.get("by_autopay"):
            return [_("🔁 Paid by autopay. The next charge: {date}.", date=next_on)]
        return [_("🔁 Your autopay: the next charge is on {date}.", date=next_on)]
    if facts.get("autopay_id"):
        return [_("🔁 Paid by autopay. We will write before the next charge.")]
    return []


def _card(facts: Payload) -> list[str]:
    if not facts.get("card_saved"):
        return []
    if facts.get("autopay_new"):
        return [
            _("💳 The card is saved. Autopay aside, it pays only with the CVC or the bank's confirmation.")
        ]
    return [_("💳 The card is saved. Nobody can pay with it without the CVC or the bank's confirmation.")]
