"""What the page of an order's own link says, in the language spoken where it is made."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue
from bot.domain.states import OrderState
from bot.i18n import _, day, method_title, money, money_of_all, wall_clock
from bot.i18n.summary_words import order_terms
from bot.listener.pages.facts import masked
from bot.listener.pages.page import Act, Fact, Mood, Page
from bot.services.methods import MethodOffer
from bot.services.order_links import OrderLinkKind, OrderLinkView


def order_page(view: OrderLinkView, token: str, catalogue: Catalogue, chat: str) -> Page:
    """A button for each method while it can be paid; else how it ended."""
    back = Act(_("Open the chat"), chat)
    facts = _facts(view, catalogue)
    if view.kind is OrderLinkKind.PAYABLE and view.offers:
        several = len({each.price.currency for each in view.offers}) > 1
        acts = [_act(each, token, catalogue, several=several) for each in view.offers]
        advice = "\n".join(order_terms(catalogue, view.order))
        return Page(Mood.PLAIN, _("To be paid"), _("Choose how to pay."), facts, [*acts, back], advice)
    mood, title, lead = _standing(view)
    return Page(mood, title, lead, facts, [back])


def _act(offer: MethodOffer, token: str, catalogue: Catalogue, *, several: bool) -> Act:
    title = method_title(catalogue, offer.name)
    words = f"{title}: {money(offer.price)}" if several else title
    fields = {"method": offer.name, "currency": offer.price.currency}
    return Act(words, f"/order/{token}", posts=True, fields=fields)


def _facts(view: OrderLinkView, catalogue: Catalogue) -> list[Fact]:
    """Whoever has the link sees them, so they name nobody."""
    order = view.order
    missing = list(dict.fromkeys(offer.price for offer in view.offers))
    known = [
        (_("Sum"), [money_of_all(missing or order.prices)]),
        (_("For"), [masked(line, catalogue) for line in order.lines]),
    ]
    if view.kind is OrderLinkKind.PAYABLE and order.state is OrderState.AWAITING:
        known.append((_("Pay until"), [day(wall_clock(order.expires_at).date())]))
    return [Fact(title, tuple(values)) for title, values in known if values]


def _standing(view: OrderLinkView) -> tuple[Mood, str, str]:
    if view.kind is OrderLinkKind.PAID:
        return Mood.GOOD, _("Already paid"), _("Nothing is left to pay. Thank you!")
    if view.kind is OrderLinkKind.REVIEW:
        lead = _("We are still looking at this order. You will get a letter once it can be paid.")
        return Mood.WAIT, _("Not confirmed yet"), lead
    if view.kind is OrderLinkKind.PAYABLE:
        return Mood.PLAIN, _("Nothing to pay here"), _("It can't be paid by a page. Pay in the chat, please.")
    lead = _("This order was cancelled or a new one took its place. The chat shows what is open.")
    return Mood.PLAIN, _("Nothing to pay here"), lead
