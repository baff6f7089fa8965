"""Papers that operators bring to customers."""

from __future__ import annotations

from bot.domain.documents import Enclosure
from bot.i18n import _, month_name, shown
from bot.keyboards import operators as buttons
from bot.notices.about import amount, customer, text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import TALK
from bot.notices.worth import WORTH


@operators_notice("invoice_by_hand", lives=WORTH)
def invoice_by_hand(facts: Payload) -> Rendered:
    """A payer wants his invoice on paper: the file to print hangs on the card, closed once he has it."""
    head = _(
        "🖨 Invoice {number} for {month}, {amount}: the payer wants it by hand.",
        number=shown(str(facts["number"])),
        month=month_name(str(facts["month"])),
        amount=amount(facts),
    )
    address = shown(str(facts.get("address") or ""), 300)
    lines = [
        head,
        _("Payer: {payer}", payer=shown(str(facts["payer"]))),
        _("Address: {address}", address=address) if address else "",
        customer(facts),
    ]
    paper = Enclosure("invoice", {"invoice_id": facts["invoice_id"]})
    text = text_of(lines, photo=True)
    return Rendered(text, buttons.question(facts), topic=TALK, enclosures=(paper,))
