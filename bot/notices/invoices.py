"""Invoices on their way: the paper with the purpose to copy, and what operators hear of it."""

from __future__ import annotations

from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.domain.documents import Enclosure
from bot.i18n import _, day, money, shown
from bot.i18n.invoice_words import purpose_words
from bot.keyboards.buttons import Place, go, keyboard, link
from bot.keyboards.invoices import copy_purpose, give_up, we_have_paid
from bot.keyboards.operators import payment_sent as payment_sent_buttons
from bot.notices.about import amount, customer, text_of, titles
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.notices.topics import MONEY
from bot.notices.worth import WORTH


@notice("invoice_issued")
def invoice_issued(facts: Payload) -> Rendered:
    invoice_id, purpose = int(facts["invoice_id"]), str(facts["purpose"])
    text = text_of(
        _("Invoice {number} for {amount}.", number=shown(str(facts["number"])), amount=amount(facts)),
        _("It is valid until {date}.", date=day(facts["valid_until"])) if facts.get("valid_until") else "",
        "\n".join(["", *purpose_words(purpose)]),
    )
    buttons = keyboard(
        [copy_purpose(purpose)],
        [we_have_paid(invoice_id, anew=True)],
        [link(_("Open the invoice"), str(facts["url"]))],
        [give_up(invoice_id, anew=True)] if facts.get("valid_until") else [],
        [go(_("Menu"), Place.MENU, anew=True)],
        menu=False,
    )
    return Rendered(text, buttons, enclosures=(Enclosure("invoice", {"invoice_id": invoice_id}),))


@operators_notice("invoice_issued")
def invoice_issued_to_somebody(facts: Payload) -> Rendered:
    head = _(
        "🧾 Invoice {number} for {amount} was issued to {buyer}.",
        number=shown(str(facts["number"])),
        amount=money(facts["amount"]),
        buyer=shown(str(facts["payer"]), 160),
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
    return ["• " + _lent_line(line) for line in facts["lines"]]


def _lent_line(line: Payload) -> str:
    """Of somebody else's line no date is told."""
    what = shown(str(line["title"]))
    if line["paid_until"] is None:
        return what
    return _("{what}, until {date}", what=what, date=day(line["paid_until"]))


def _leads_on(*places: Place) -> InlineKeyboardMarkup:
    titles_of = {Place.SUPPORT: _("Help")}
    rows = [[go(titles_of[place], place, anew=True)] for place in places]
    return keyboard(*rows, [go(_("Menu"), Place.MENU, anew=True)], menu=False)


@operators_notice("payment_sent", lives=WORTH)
def payment_sent(facts: Payload) -> Rendered:
    """His word is no money: only a line of the bank's statement is."""
    file = facts.get("file") or {}
    lines = [
        _("📨 “We have sent the payment”: invoice {number}", number=shown(str(facts["number"]))),
        _("{amount} of {date}", amount=amount(facts), date=day(facts["issued_on"])),
        _missing(facts),
        " · ".join(filter(None, (shown(str(facts["payer"]), 160), str(facts["tax_number"])))),
        customer(facts),
        _file_words(file, 1, int(facts["files"])) if file else _("No payment order was sent with it."),
    ]
    text = text_of(lines, photo=bool(file))
    return Rendered(text, payment_sent_buttons(facts), topic=MONEY, **_shown_file(file))


@operators_notice("payment_order", lives=WORTH)
def payment_order(facts: Payload) -> Rendered:
    """The other files of one customer's word."""
    head = _("📨 “We have sent the payment”: invoice {number}", number=shown(str(facts["number"])))
    file = facts["file"]
    text = text_of(head, _file_words(file, int(facts["place"]), int(facts["of"])), photo=True)
    return Rendered(text, topic=MONEY, **_shown_file(file))


def _missing(facts: Payload) -> str:
    missing = facts.get("missing")
    if not missing or missing == facts["amount"]:
        return ""
    return _("Missing: {amount}", amount=money(missing))


def _file_words(file: Payload, place: int, count: int) -> str:
    name = shown(str(file.get("name") or "")) or _("picture")
    return _("Payment order {place} of {count}: {name}", place=place, count=count, name=name)


def _shown_file(file: Payload) -> dict[str, Any]:
    if not file:
        return {}
    return {"photo" if file["is_picture"] else "document": str(file["file_id"])}
