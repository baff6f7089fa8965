"""The figures on a link's page. Whoever has the link sees them, so they name nobody."""

from __future__ import annotations

import re

from bot.domain.catalogue import Catalogue
from bot.domain.orders import OrderLine
from bot.i18n import _, card_title, moment, money, months, said, shown
from bot.i18n.code_words import spaced_code, steps_of
from bot.listener.pages.page import Fact
from bot.services.links import LinkKind, LinkView

_ARRIVED = (LinkKind.PAID, LinkKind.SHORT, LinkKind.ON_BALANCE)


def facts_of(view: LinkView, catalogue: Catalogue) -> list[Fact]:
    """Sum and purpose; once the money is there, what proves it. A line without figures is left out."""
    payment, lines = view.payment, view.order.lines if view.order else ()
    known = [
        (_("Payment code"), [spaced_code(view.code)]),
        (_("Sum"), [money(view.amount)]),
        (_("For"), [masked(line, catalogue) for line in lines] or _bill(view)),
    ]
    if view.kind in _ARRIVED:
        known += [
            (_("Card"), [card_title(payment.proof.card)]),
            (_("Transaction"), [shown(payment.provider_payment)]),
            ("RRN", [shown(payment.proof.rrn)]),
            (_("When"), [moment(payment.settled_at)] if payment.settled_at else []),
        ]
    if view.code:
        known += [(said(each.title), steps_of(each)) for each in catalogue.networks_in(view.amount.currency)]
    return [Fact(title, tuple(filter(None, values))) for title, values in known if any(values)]


def _bill(view: LinkView) -> list[str]:
    return [_("Invoice {number}", number=shown(view.order.invoice))] if view.order else []


def masked(line: OrderLine, catalogue: Catalogue) -> str:
    """«WhatsApp …67, 1 месяц»: enough for whoever knows the line, nothing for whoever does not."""
    tariff = catalogue.tariff(line.tariff)
    digits = re.sub(r"\D", "", line.title)
    end = f" …{digits[-2:]}" if len(digits) > 4 else ""
    name = said(tariff.title) if tariff else _("A service")
    return f"{name}{end}, {months(line.months)}"
