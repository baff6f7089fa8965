"""Invoices on their way: the paper with the purpose to copy, and what operators hear of it."""

from __future__ import annotations

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.documents import Enclosure
from bot.i18n import _, day, money, shown
from bot.keyboards.buttons import Place, go, keyboard, link
from bot.notices.about import amount, customer, text_of, titles
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


@operators_notice("payment_sent")
def payment_sent(facts: Payload) -> Rendered:
    head = _(
        "📤 The payment of invoice {number} for {amount} is on its way, the customer says: {payer}.",
        number=shown(str(facts["number"])),
        amount=amount(facts),
        payer=shown(str(facts["payer"]), 160),
    )
    return Rendered(text_of(head, customer(facts)), topic=MONEY)


@notice("bridged")
def bridged(facts: Payload) -> Rendered:
    head = _(
        "🟢 We have switched it on until your payment of invoice {number} arrives:",
        number=shown(str(facts["number"])),
    )
    note = _("These days are a part of what the invoice pays for.")
    return Rendered(text_of(head, _lent(facts), note), _leads_on())


@operators_notice("bridged")
def bridged_by_somebody(facts: Payload) -> Rendered:
    head = _(
        "🌉 Switched on until invoice {number} is paid: {payer}.",
        number=shown(str(facts["number"])),
        payer=shown(str(facts["payer"]), 160),
    )
    return Rendered(text_of(head, _lent(facts), customer(facts)), topic=MONEY)


@notice("transfer_undone")
def transfer_undone(facts: Payload) -> Rendered:
    text = text_of(
        _("A bank transfer of {amount} was taken for yours by mistake.", amount=amount(facts)),
        _("What it had paid was taken back: {what}.", what=titles(facts)) if facts.get("titles") else "",
        _("If it was your money, write to us and we will look again."),
    )
    return Rendered(text, _leads_on(Place.SUPPORT))


@operators_notice("transfer_undone")
def transfer_undone_by_somebody(facts: Payload) -> Rendered:
    head = _("↩️ The booking of a transfer of {amount} was taken back.", amount=amount(facts))
    what = titles(facts) if facts.get("titles") else ""
    return Rendered(text_of(head, customer(facts), what), topic=MONEY)


def _lent(facts: Payload) -> list[str]:
    return [
        "• " + _("{what}, until {date}", what=shown(str(line["title"])), date=day(line["paid_until"]))
        for line in facts["lines"]
    ]


def _leads_on(*places: Place) -> InlineKeyboardMarkup:
    titles_of = {Place.SUPPORT: _("Help")}
    rows = [[go(titles_of[place], place, anew=True)] for place in places]
    return keyboard(*rows, [go(_("Menu"), Place.MENU, anew=True)], menu=False)
