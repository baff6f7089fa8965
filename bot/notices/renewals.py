"""What a customer is reminded of so that nothing of his stops: what runs out, and a card that expires."""

from __future__ import annotations

from datetime import timedelta

from bot.i18n import _
from bot.i18n.renewal_words import expiry_sentence, runs_out_lines, served_lines
from bot.keyboards.buttons import Place, go, keyboard
from bot.keyboards.renewals import renew
from bot.notices.about import text_of
from bot.notices.registry import Payload, Rendered, notice


@notice("runs_out", lives=timedelta(days=1))
def runs_out(facts: Payload) -> Rendered:
    """`lines` of connector_id, title, paid_until, days that are left, and whether they are lent."""
    head = _("🔔 It is time to pay:")
    foot = _("If you have just paid, the date moves as soon as the money arrives.")
    return Rendered(text_of(head, runs_out_lines(facts), "\n" + foot), renew(facts["lines"]))


@notice("card_expires")
def card_expires(facts: Payload) -> Rendered:
    text = text_of("💳 " + expiry_sentence(facts), served_lines(facts))
    rows = [[go(_("Replace the card"), Place.MY_CARDS, anew=True)]]
    last = [go(_("Notices"), Place.NOTICES, anew=True), go(_("Menu"), Place.MENU, anew=True)]
    return Rendered(text, keyboard(*rows, last, menu=False))
