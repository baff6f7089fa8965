"""The summary before paying: what is bought, what it costs and why, and what else to know."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue
from bot.domain.contacts import spaced_phone
from bot.domain.customers import Customer
from bot.domain.money import Money
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money, months
from bot.i18n.payment_words import bill_line
from bot.i18n.sentences import method_hint, method_terms, method_title
from bot.i18n.strangers import shown
from bot.services.orders import Summary


def summary_words(catalogue: Catalogue, view: Summary, customer: Customer | None) -> str:
    """All that the customer agrees to by paying."""
    how_much = [*reckoning(view), _("To pay: {amount}", amount=money(view.to_pay))]
    if not view.to_pay:
        return "\n".join([*bought(view), "", *how_much, "", _accepted()])
    how = paying_words(catalogue, view.offer.name, view.offer.schemes, customer)
    return "\n".join([*bought(view), "", *how_much, *how])


def top_up_words(
    catalogue: Catalogue, amount: Money, method: str, schemes: tuple[str, ...], customer: Customer | None
) -> str:
    head = _("Top-up of your balance: {amount}", amount=money(amount))
    return "\n".join([head, *paying_words(catalogue, method, schemes, customer)])


def paying_words(
    catalogue: Catalogue, method: str, schemes: tuple[str, ...], customer: Customer | None
) -> list[str]:
    """The method with its terms, where the receipt goes, and what happens next."""
    title, terms = method_title(catalogue, method), method_terms(catalogue, method, schemes)
    lines = [_("Method: {method}", method="; ".join(filter(None, (title, terms))))]
    contact = (customer.email or spaced_phone(customer.phone)) if customer else ""
    if contact:
        lines.append(_("Receipt: {contact}", contact=shown(contact)))
    if hint := method_hint(method, phone=shown(spaced_phone(customer.phone)) if customer else ""):
        lines.append(hint)
    after = _("After paying come back here: we will write as soon as the money arrives.")
    return [*lines, "", after, _accepted()]


def bought(view: Summary) -> list[str]:
    """«• WhatsApp +7…: 1 месяц, до 14 декабря 2026»; of somebody else's line no date is told."""
    if not view.order.lines:
        return [bill_line(view.order)]
    lines = []
    for line in view.order.lines:
        until = view.lasts.get(line.connector_id)
        told = f"• {shown(line.title)}: {months(line.months)}"
        lines.append(_("{what}, until {date}", what=told, date=day(until)) if until else told)
    return lines


def _accepted() -> str:
    return _("By paying you accept the terms: /terms")


def reckoning(view: Summary) -> list[str]:
    """The way from the full price to what is left to pay, where these are not the same."""
    lines = []
    if view.full_price and view.full_price != view.price:
        lines.append(_("Price: {amount}", amount=money(view.full_price)))
        off = money(view.price - view.full_price)
        lines.append(_("Promo code {code}: {amount}", code=shown(view.promo), amount=off))
    elif view.to_pay != view.price:
        lines.append(_("Price: {amount}", amount=money(view.price)))
    if view.uses_balance and view.balance.minor > 0:
        used = min(view.balance, view.price)
        lines.append(_("From the balance: {amount}", amount=money(-used)))
    return lines
