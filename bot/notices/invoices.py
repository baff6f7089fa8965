"""Invoices on their way: the paper with the purpose to copy, and what operators hear of it."""

from __future__ import annotations

from aiogram.types import CopyTextButton, InlineKeyboardButton

from bot.domain.documents import Enclosure
from bot.i18n import _, day, money, shown
from bot.keyboards.buttons import Place, go, keyboard, link
from bot.notices.about import amount, customer, text_of
from bot.notices.operators import MONEY
from bot.notices.registry import Payload, Rendered, notice, operators_notice


@notice("invoice_issued")
def invoice_issued(facts: Payload) -> Rendered:
    text = text_of(
        _("Invoice {number} for {amount}.", number=shown(str(facts["number"])), amount=amount(facts)),
        _("It is valid until {date}.", date=day(facts["valid_until"])) if facts.get("valid_until") else "",
        _("Write this purpose in the payment order; without the number we cannot tell your payment:"),
        shown(str(facts["purpose"]), 300),
    )
    copy = InlineKeyboardButton(
        text=_("Copy the purpose"), copy_text=CopyTextButton(text=str(facts["purpose"])[:256])
    )
    menu = go(_("Menu"), Place.MENU, anew=True)
    buttons = keyboard([copy], [link(_("Open the invoice"), str(facts["url"]))], [menu], menu=False)
    return Rendered(text, buttons, enclosures=(Enclosure("invoice", {"invoice_id": facts["invoice_id"]}),))


@operators_notice("invoice_issued")
def invoice_issued_to_somebody(facts: Payload) -> Rendered:
    head = _(
        "🧾 Invoice {number} for {amount} was issued to {buyer}.",
        number=shown(str(facts["number"])),
        amount=money(facts["amount"]),
        buyer=shown(str(facts["payer"]), 160),
    )
    return Rendered(text_of(head, customer(facts)), topic=MONEY)
