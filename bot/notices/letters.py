"""What customers and operators are told of letters that did not arrive."""

from __future__ import annotations

from bot.domain.notices import LETTER_REFUSED
from bot.i18n import _, ngettext, shown
from bot.i18n.letter_words import letter_title
from bot.keyboards.buttons import Place, go, keyboard
from bot.notices.about import customer, text_of
from bot.notices.operators import HOUSE
from bot.notices.registry import Payload, Rendered, notice, operators_notice

LONGEST_ADDRESS = 80


@notice(LETTER_REFUSED)
def letter_refused(facts: Payload) -> Rendered:
    text = _(
        "✉️ A letter did not arrive at {address}: {letter}. The mail server did not take it. "
        "Check the address, or ask for the papers here in the chat.",
        address=_address(facts),
        letter=letter_title(str(facts["letter"])),
    )
    rows = [
        [go(_("Change the e-mail address"), Place.SETTINGS, anew=True)],
        [go(_("Invoices"), Place.INVOICES, anew=True), go(_("Menu"), Place.MENU, anew=True)],
    ]
    return Rendered(text, keyboard(*rows, menu=False))


@operators_notice(LETTER_REFUSED)
def letter_refused_to_operators(facts: Payload) -> Rendered:
    head = _(
        "⚠️ A letter could not be sent to {address}: {letter}. The mail server said: {error}",
        address=_address(facts),
        letter=letter_title(str(facts["letter"])),
        error=shown(str(facts.get("error") or "…"), 200),
    )
    return Rendered(text_of(head, customer(facts)), topic=HOUSE)


@operators_notice("letters_given_up")
def letters_given_up(facts: Payload) -> Rendered:
    """Mail was switched off while they waited."""
    text = ngettext(
        "⚠️ {count} letter was waiting, but mail is switched off (no SMTP__URL): it will not be sent.",
        "⚠️ {count} letters were waiting, but mail is switched off (no SMTP__URL): they will not be sent.",
        int(facts["count"]),
    )
    return Rendered(text, topic=HOUSE)


def _address(facts: Payload) -> str:
    return shown(str(facts["address"]), LONGEST_ADDRESS)
