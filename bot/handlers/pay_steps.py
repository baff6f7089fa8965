"""The questions of Pay: each is asked only while its answer is missing and there is a choice."""

from __future__ import annotations

from bot.domain.errors import CustomerError
from bot.handlers.choice import Choice, Pay, wait_at
from bot.handlers.getting_in import show_nothing_found
from bot.handlers.payment import show_link
from bot.i18n import _, method_title, money, ngettext, said, scheme_titles, shown
from bot.keyboards import connectors as lists
from bot.keyboards import pay as screens
from bot.keyboards.buttons import only_back
from bot.middlewares.visits import Visit
from bot.services.methods import MethodOffer
from bot.services.offers import PeriodOffer


async def go_on(visit: Visit, choice: Choice) -> None:
    """Ask for the first thing that is missing; what has one possible answer is not asked."""
    for ask in (_ask_connectors, _ask_months, _ask_method, _ask_consent, _ask_contact):
        if await ask(visit, choice):
            return
    await wait_at(visit, choice, Pay.link)
    await show_link(visit, choice.order, choice.method)


async def _ask_connectors(visit: Visit, choice: Choice) -> bool:
    if choice.connectors:
        return False
    page = await visit.connectors.page(visit.customer_id, search=choice.search, page=choice.page)
    if page.total == 0 and not choice.search:
        await show_nothing_found(visit)
        return True
    if page.total == 1 and not choice.search:
        choice.connectors = [page.items[0].id]
        return False
    choice.listed = [connector.id for connector in page.items]
    await wait_at(visit, choice, Pay.connectors)
    searched = bool(choice.search)
    if choice.several:
        text, buttons = (
            _("Tick what to pay for."),
            lists.connector_ticks(page, choice.ticked, searched=searched),
        )
    else:
        text, buttons = _("What shall we pay for?"), lists.pay_connectors(page, searched=searched)
    if searched:
        text += "\n" + _("Found for “{words}”: {count}.", words=shown(choice.search), count=page.total)
    await visit.show(text, buttons)
    return True


async def _ask_months(visit: Visit, choice: Choice) -> bool:
    if choice.months:
        return False
    what, offers = await _offered(visit, choice)
    if not offers:
        raise CustomerError("no_common_period")
    if len(offers) == 1:
        choice.months = offers[0].months
        return False
    await wait_at(visit, choice, Pay.months)
    await visit.show("\n\n".join([what, _("For how long?")]), screens.periods(offers))
    return True


async def _offered(visit: Visit, choice: Choice) -> tuple[str, list[PeriodOffer]]:
    """What is paid for, and the periods it is sold for; somebody else's line shows its masked title alone."""
    if not choice.link:
        offers = await visit.orders.periods(visit.customer_id, choice.connectors)
        return await _what(visit, choice), offers
    linked = await visit.connector_links.open_to_pay(visit.customer_id, choice.link)
    return _("You are paying for somebody else: {title}.", title=shown(linked.title)), linked.periods


async def _what(visit: Visit, choice: Choice) -> str:
    """«WhatsApp +7…: до 14 декабря 2026», or how many are paid for together."""
    count = len(choice.connectors)
    if count > 1:
        return ngettext("{count} connector", "{count} connectors", count)
    connector = await visit.connectors.get(visit.customer_id, choice.connectors[0])
    return f"{shown(connector.title)}: {lists.paid_until(connector.paid_until)}"


async def _ask_method(visit: Visit, choice: Choice) -> bool:
    if choice.order and choice.currency:
        return False
    if not choice.order:
        await _accept_terms(visit)
        order = await visit.orders.place(visit.customer_id, choice.connectors, choice.months)
        choice.order = order.id
    offers = await visit.payments.methods(visit.customer_id, choice.order)
    if not offers:
        raise CustomerError("no_methods")
    chosen = next((offer for offer in offers if offer.name == choice.method), None)
    if chosen is None and len(offers) == 1:
        chosen = offers[0]
    if chosen is not None:
        choice.method, choice.currency = chosen.name, chosen.price.currency
        choice.contact = "email" if chosen.needs_email else "any" if chosen.needs_contact else ""
        return False
    await wait_at(visit, choice, Pay.method)
    lines = [_("How shall we pay?"), "", *(_method_line(visit, offer) for offer in offers)]
    await visit.show("\n".join(lines), screens.methods(visit.catalogue, offers))
    return True


async def _accept_terms(visit: Visit) -> None:
    """Paying accepts the present version; the summary says so, and the order keeps it."""
    customer = await visit.customers.get(visit.customer_id)
    if customer is None or customer.terms_version != visit.catalogue.terms.version:
        await visit.customers.accept_terms(visit.customer_id)


async def _ask_consent(visit: Visit, choice: Choice) -> bool:
    paper = visit.catalogue.consent_for(choice.currency)
    if paper is None:
        return False
    customer = await visit.customers.get(visit.customer_id)
    if customer is not None and customer.consented_at is not None:
        return False
    await wait_at(visit, choice, Pay.consent)
    asked = said(paper.text) or _("We need your consent to the processing of your personal data.")
    await visit.show("\n\n".join(filter(None, (asked, paper.url))), screens.consent())
    return True


async def _ask_contact(visit: Visit, choice: Choice) -> bool:
    if not choice.contact:
        return False
    customer = await visit.customers.get(visit.customer_id)
    if customer is not None and (customer.email or (customer.phone and choice.contact == "any")):
        return False
    await wait_at(visit, choice, Pay.contact)
    text = _("Where shall the receipt go? Send an e-mail address or a phone number.")
    if choice.contact == "email":
        text = _("Where shall the receipt go? Send an e-mail address.")
    await visit.show(text, only_back())
    return True


async def ask_search(visit: Visit, choice: Choice) -> None:
    await wait_at(visit, choice, Pay.search)
    await visit.show(_("Send a part of the name or of the number."), only_back())


def _method_line(visit: Visit, offer: MethodOffer) -> str:
    """«Банковская карта — 990 ₽: Мир, Visa; без комиссии; сразу»."""
    terms = visit.catalogue.method(offer.name)
    facts = (scheme_titles(offer.schemes), said(terms.fee), said(terms.counts))
    title = f"• {method_title(visit.catalogue, offer.name)} — {money(offer.price)}"
    return "; ".join(filter(None, (title, *facts)))
