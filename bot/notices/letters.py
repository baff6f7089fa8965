"""What customers and operators are told of letters that did not arrive."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton

from bot.domain.notices import LETTER_REFUSED
from bot.i18n import _, ngettext, shown
from bot.i18n.letter_words import letter_title
from bot.keyboards.buttons import Place, go, keyboard, tap
from bot.keyboards.payers import MendAddress
from bot.notices.about import customer, text_of
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.notices.topics import HOUSE

LONGEST_ADDRESS = 80
REGULAR = ("regular_invoice", "invoice_copy", "usage", "charges")
"""Letters that go to a proved address alone."""


@notice(LETTER_REFUSED)
def letter_refused(facts: Payload) -> Rendered:
    text = _(
        "✉️ A letter did not arrive at {address}: {letter}. The mail server did not take it. "
        "Check the address, or ask for the papers here in the chat.",
        address=_address(facts),
        letter=letter_title(str(facts["letter"])),
    )
    rows = [
        [_mend(facts)],
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


def _mend(facts: Payload) -> InlineKeyboardButton:
    """Straight to the address that was wrong: the payer's, or the customer's own."""
    words, payer_id = _("Change the e-mail address"), facts.get("payer_id")
    if not payer_id:
        return go(words, Place.SETTINGS, anew=True)
    return tap(words, MendAddress(payer=int(payer_id), proved=facts["letter"] in REGULAR))


def _address(facts: Payload) -> str:
    return shown(str(facts["address"]), LONGEST_ADDRESS)
