"""A charge of an autopay whose end nobody knows: a person looks, for nothing is charged twice on a guess."""

from __future__ import annotations

from bot.i18n import _, moment, shown
from bot.keyboards.unknown_charges import unknown_charge
from bot.notices.about import amount, customer, provider, text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import MONEY
from bot.notices.worth import WORTH


@operators_notice("charge_unknown", lives=WORTH)
def charge_unknown(facts: Payload) -> Rendered:
    head = _(
        "⚠️ For a day nobody knows whether {provider} charged {amount} for an autopay. It is not charged "
        "again until you say: look in the cabinet whether the money came.",
        provider=provider(facts),
        amount=amount(facts),
    )
    number = str(facts.get("number") or "")
    sent_at = facts.get("sent_at")
    lines = [
        head,
        customer(facts),
        _("Sent: {moment}", moment=moment(sent_at)) if sent_at else "",
        _("Its number there: {number}", number=shown(number)) if number else "",
        _("Our number of it: {reference}", reference=shown(str(facts.get("reference") or ""))),
    ]
    return Rendered(text_of(lines), unknown_charge(facts), topic=MONEY)
