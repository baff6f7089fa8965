"""The summary before paying: what is bought, what it costs and why, and what else to know."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.catalogue import Catalogue
from bot.domain.contacts import spaced_phone
from bot.domain.customers import Customer
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.saved_cards import SavedCard
from bot.i18n.autopay_words import saved_card_title
from bot.i18n.card_words import paid_with
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money, months
from bot.i18n.payment_words import bill_line
from bot.i18n.sentences import method_hint, method_terms, method_title, said
from bot.i18n.strangers import shown
from bot.services.methods import MethodOffer
from bot.services.orders import Summary


def summary_words(
    catalogue: Catalogue,
    view: Summary,
    customer: Customer | None,
    *,
    card: SavedCard | None = None,
    autopay: Sequence[str] = (),
) -> str:
    """All that the customer agrees to by paying; `autopay` is what there is to say of one."""
    what = [*bought(view), *order_terms(catalogue, view.order)]
    how_much = [*reckoning(view), _("To pay: {amount}", amount=money(view.to_pay))]
    if not view.to_pay:
        return "\n".join([*what, "", *how_much, *autopay, "", _accepted()])
    how = paying_words(catalogue, view.offer, customer, card=card, autopay=autopay)
    return "\n".join([*what, "", *how_much, *how])


def top_up_words(
    catalogue: Catalogue,
    amount: Money,
    offer: MethodOffer,
    customer: Customer | None,
    *,
    card: SavedCard | None = None,
    autopay: Sequence[str] = (),
) -> str:
    head = _("Top-up of your balance: {amount}", amount=money(amount))
    return "\n".join([head, *paying_words(catalogue, offer, customer, card=card, autopay=autopay)])


def paying_words(
    catalogue: Catalogue,
    offer: MethodOffer,
    customer: Customer | None,
    *,
    card: SavedCard | None = None,
    autopay: Sequence[str] = (),
) -> list[str]:
    """The method with its terms or the saved card, where the receipt goes, and what happens next."""
    lines = _how(catalogue, offer, card)
    contact = (customer.email or spaced_phone(customer.phone)) if customer else ""
    if contact:
        lines.append(_("Receipt: {contact}", contact=shown(contact)))
    if hint := method_hint(offer.name, phone=shown(spaced_phone(customer.phone)) if customer else ""):
        lines.append(hint)
    after = _("After paying come back here: we will write as soon as the money arrives.")
    return [*lines, *autopay, "", after, _accepted()]


def _how(catalogue: Catalogue, offer: MethodOffer, card: SavedCard | None) -> list[str]:
    if card is None:
        title, terms = method_title(catalogue, offer.name), method_terms(catalogue, offer.name, offer.schemes)
        return [_("Method: {method}", method="; ".join(filter(None, (title, terms))))]
    told = (saved_card_title(card), method_terms(catalogue, offer.name))
    return [_("Method: {method}", method="; ".join(filter(None, told))), *paid_with(card)]


def order_terms(catalogue: Catalogue, order: Order) -> list[str]:
    """What the seller says of refunds of what is made to order; nothing for anything else."""
    tariffs = (catalogue.tariff(line.tariff) for line in order.lines)
    made = (tariff.made_to_order for tariff in tariffs if tariff is not None)
    return list(dict.fromkeys(said(each.terms) for each in made if each is not None and each.terms))


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
