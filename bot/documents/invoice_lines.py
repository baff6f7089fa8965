"""The lines of an invoice: what each is called on paper, and what it counts."""

from __future__ import annotations

from typing import Any

from bot.domain.invoices import InvoiceLine, Unit
from bot.i18n import _, months
from bot.i18n.figures import SYMBOLS, exact
from bot.i18n.usage_words import uses_of

Cells = list[str]


def columns(currency: str) -> list[dict[str, Any]]:
    """Sums bear no sign of their own: the headings name the currency."""
    sign = SYMBOLS[currency]
    return [
        {"title": "№", "align": "right", "width": "auto"},
        {"title": _("What for"), "align": "left", "width": "1"},
        {"title": _("Quantity"), "align": "right", "width": "auto"},
        {"title": _("Unit"), "align": "left", "width": "auto"},
        {"title": _("Price, {currency}", currency=sign), "align": "right", "width": "auto"},
        {"title": _("Sum, {currency}", currency=sign), "align": "right", "width": "auto"},
    ]


def row(place: int, line: InvoiceLine) -> Cells:
    if line.unit is Unit.CREDIT:
        return [str(place), _("Paid before"), "", "", "", exact(line.amount)]
    return [str(place), _name(line), str(line.quantity), _unit(line), exact(line.price), exact(line.amount)]


def _name(line: InvoiceLine) -> str:
    match line.unit:
        case Unit.PERIOD:
            return f"{line.title}, {months(line.months)}"
        case Unit.USAGE:
            return f"{line.title}: {uses_of(line.uses, line.seconds)}"
        case _other:
            return line.title


def _unit(line: InvoiceLine) -> str:
    match line.unit:
        case Unit.MONTH:
            return _("mo.")
        case Unit.PERIOD:
            return _("period")
        case _other:
            return _("service")
