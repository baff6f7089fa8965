"""Regular invoices: brought to customers, and told to operators."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.documents import Enclosure
from bot.i18n import N_, _, day, money, month_name, ngettext, shown
from bot.keyboards.buttons import Place, copy, go, keyboard
from bot.notices.about import amount, text_of
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.notices.topics import MONEY

COMMAND = "python -m bot billing"
LONGEST_COPY = 256


@notice("regular_invoice", lives=timedelta(days=30))
def regular_invoice(facts: Payload) -> Rendered:
    """The paper itself hangs on it."""
    purpose = str(facts.get("purpose") or "")
    text = text_of(
        _(
            "📄 Invoice {number} for {month}: {total}.",
            number=facts["number"],
            month=month_name(facts["month"]),
            total=amount(facts),
        ),
        _payer(facts),
        _("Pay until {date}.", date=day(facts["valid_until"])) if facts.get("valid_until") else "",
        _("The purpose of the payment must name the invoice's number.") if purpose else "",
    )
    copied = [copy(_("Copy the purpose"), purpose)] if 0 < len(purpose) <= LONGEST_COPY else []
    rows = keyboard(copied, [go(_(_INVOICES), Place.INVOICES, anew=True)], menu=False)
    return Rendered(text, rows, enclosures=(_paper(facts),))


@operators_notice("billing_started")
def billing_started(facts: Payload) -> Rendered:
    text = _(
        "🧾 The invoices for {month} are being formed. How far: {command}",
        month=month_name(facts["month"]),
        command=COMMAND,
    )
    return Rendered(text, topic=MONEY, silent=True)


@operators_notice("billing_no_account")
def billing_no_account(facts: Payload) -> Rendered:
    """It was there while the month was counted."""
    text = _(
        "⚠️ The invoices for {month} in {currency} cannot be formed: the catalogue has no account for "
        "{currency} any more. All others are formed; these charges wait for the next month's invoices. "
        'Put [[seller.accounts]] with currency = "{currency}" back into the catalogue and restart the bot.',
        month=month_name(facts["month"]),
        currency=shown(str(facts["currency"])),
    )
    return Rendered(text, topic=MONEY)


@operators_notice("billing_formed")
def billing_formed(facts: Payload) -> Rendered:
    count, carried = int(facts["count"]), int(facts["carried"])
    text = text_of(
        _("🧾 The invoices for {month} are formed.", month=month_name(facts["month"])),
        [" · ".join([ngettext("{count} invoice", "{count} invoices", count), *map(money, facts["sums"])])],
        ngettext(
            "{count} charge waits for the next month: nobody pays for it, "
            "or there is no account of its currency.",
            "{count} charges wait for the next month: nobody pays for them, "
            "or there is no account of their currency.",
            carried,
        )
        if carried
        else "",
    )
    return Rendered(text, topic=MONEY)


def _payer(facts: Payload) -> str:
    name = shown(str(facts.get("payer") or ""))
    return _("Payer: {payer}", payer=name) if name else ""


def _paper(facts: Payload) -> Enclosure:
    return Enclosure("invoice", {"invoice_id": facts["invoice_id"]})


_INVOICES = N_("Invoices")
