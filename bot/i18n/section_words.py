"""What the invoices section says of itself."""

from __future__ import annotations

from datetime import datetime

from bot.domain.invoices import Delivery, InvoiceState
from bot.domain.masking import masked_email
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import moment, money, month_name, short_day
from bot.i18n.strangers import shown
from bot.services.delivery import PayerDelivery
from bot.services.invoices import InvoiceView
from bot.services.paging import Page
from bot.services.subscribers import Subscriber


def subscriber_title(whose: Subscriber) -> str:
    """«Абонент: +7 495…», or «Все абоненты: ООО Ромашка»."""
    if whose.connector is None:
        return _("All subscribers: {payer}", payer=shown(whose.payer.shown_name))
    return _("Subscriber: {title}", title=shown(whose.connector.title))


def closed_words(opens_at: datetime) -> str:
    return _(
        "⏸ From the 1st to the 3rd of a month its invoices are formed, so copies, links, detail and charges "
        "can't be ordered. That opens on {moment}. Your invoices stay here.",
        moment=moment(opens_at),
    )


DELIVERIES = {
    Delivery.EMAIL: N_("By e-mail"),
    Delivery.CHAT: N_("Into this chat"),
    Delivery.HAND: N_("By hand"),
}


def delivery_title(way: Delivery) -> str:
    return _(DELIVERIES[way])


def delivery_words(now: PayerDelivery) -> str:
    """How regular invoices come, where, and what another choice changes."""
    lines = [
        _("How invoices come"),
        "",
        _("Payer: {payer}", payer=shown(now.payer.shown_name)),
        _("Regular invoices: {way}", way=_way_now(now)),
        "",
        _(
            "A regular invoice goes the way, and to the address, that stand here when it is formed. "
            "What you order goes to the address that stands here now."
        ),
    ]
    if not now.mail_is_on:
        lines += ["", _("Letters are off just now: invoices come into this chat or by hand.")]
    return "\n".join(lines)


def _way_now(now: PayerDelivery) -> str:
    """«на e-mail i***@example.org»."""
    match now.delivery:
        case Delivery.EMAIL:
            return _("by e-mail to {address}", address=masked_email(now.address))
        case Delivery.HAND:
            return _("by hand")
        case _ if now.payer.delivery is Delivery.EMAIL and now.mail_is_on:
            return _("into this chat, until there is a proved e-mail address")
    return _("into this chat")


AIMS = {
    "detail": N_("Usage detail. Of which month?"),
    "copy": N_("Copies of regular invoices by e-mail. Of which months?"),
    "link": N_("A regular invoice by a link. Of which month?"),
}


def aim_question(aim: str) -> str:
    """What is ordered, and for which months."""
    return _(AIMS[aim])


MARKS = {
    InvoiceState.ISSUED: "⏳",
    InvoiceState.PART_PAID: "◐",
    InvoiceState.PAID: "✅",
    InvoiceState.LAPSED: "⌛",
    InvoiceState.VOID: "✖️",
}
STATES = {
    InvoiceState.ISSUED: N_("issued, not paid yet"),
    InvoiceState.PART_PAID: N_("paid in part, {amount} is missing"),
    InvoiceState.PAID: N_("paid"),
    InvoiceState.LAPSED: N_("its time is over; it can still be paid"),
    InvoiceState.VOID: N_("void"),
}


def state_mark(state: InvoiceState) -> str:
    return MARKS[state]


def list_words(page: Page[InvoiceView]) -> str:
    """A line for each on the page; its button below opens it."""
    if not page.total:
        return _("There are no invoices yet.")
    return "\n\n".join([_("Your invoices, the newest first."), *(_line(view) for view in page.items)])


def _line(view: InvoiceView) -> str:
    """«⏳ INV-2026-000123, 14.11.26», and below it «1 200 ₽ · выставлен, не оплачен»."""
    invoice = view.invoice
    of = month_name(invoice.month) if invoice.month else short_day(invoice.issued_on)
    state = _(STATES[invoice.state], amount=money(view.missing))
    return f"{state_mark(invoice.state)} {invoice.number}, {of}\n{money(invoice.total)} · {state}"
