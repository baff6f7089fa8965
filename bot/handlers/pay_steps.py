"""The questions of Pay: each is asked only while its answer is missing and there is a choice."""

from __future__ import annotations

from bot.domain.errors import CustomerError
from bot.gateways.base import Way
from bot.handlers.card_steps import cards_for, fit_for
from bot.handlers.choice import Choice, Pay, wait_at
from bot.handlers.getting_in import show_nothing_found
from bot.handlers.invoice_steps import ask_about_invoice, ask_whom_to_invoice, show_invoice_summary
from bot.handlers.particulars import accept_terms, consent_words, contact_words, needs
from bot.handlers.payment import show_link
from bot.i18n import _, ngettext, sentence_for, shown
from bot.i18n.card_words import saved_card_lines
from bot.i18n.payment_words import method_lines, period_lines
from bot.keyboards import connectors as lists
from bot.keyboards import pay as screens
from bot.keyboards.buttons import only_back
from bot.keyboards.methods import which_method
from bot.keyboards.payers import which_payer
from bot.middlewares.visits import Visit
from bot.services.methods import MethodOffer
from bot.services.offers import PeriodOffer

PROMO_REFUSED = "promo_"
"""How the codes of all refusals of a promo code begin."""


async def go_on(visit: Visit, choice: Choice) -> None:
    """Ask for the first thing that is missing; what has one possible answer is not asked."""
    for ask in _QUESTIONS:
        if await ask(visit, choice):
            return
    await wait_at(visit, choice, Pay.link)
    if choice.by_transfer:
        await show_invoice_summary(visit, choice)
    else:
        await _show_link(visit, choice)


async def _show_link(visit: Visit, choice: Choice) -> None:
    """The summary; where the saved card is gone, that is said above the other ways to pay."""
    try:
        await show_link(visit, choice)
    except CustomerError as gone:
        if gone.code != "saved_card_gone":
            raise
        visit.note = sentence_for(gone)
        choice.lose_card()
        choice.take_back(Pay.link)
        choice.forget_method()
        await go_on(visit, choice)


async def _ask_connectors(visit: Visit, choice: Choice) -> bool:
    if choice.connectors or choice.rest:
        return False
    page = await visit.connectors.page(visit.customer_id, search=choice.search, page=choice.page, to_pay=True)
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
    if choice.months or choice.rest:
        return False
    what, offers = await _offered(visit, choice)
    if not offers:
        raise CustomerError("no_common_period")
    if len(offers) == 1:
        choice.months = offers[0].months
        return False
    await wait_at(visit, choice, Pay.months)
    prices = "\n".join(period_lines(offers))
    await visit.show("\n\n".join(filter(None, [what, prices, _("For how long?")])), screens.periods(offers))
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
        await accept_terms(visit)
        await _place(visit, choice)
    offers = await visit.payments.methods(visit.customer_id, choice.order)
    if not offers:
        raise CustomerError("no_methods")
    offers = fit_for(choice, _those_named(choice, offers))
    chosen = next((offer for offer in offers if choice.is_for(offer)), None)
    cards = [] if chosen else await cards_for(visit, choice, offers)
    if chosen is None and len(offers) == 1 and len(cards) < 2:
        chosen = offers[0]
        choice.card = cards[0].card.id if cards else 0
    if chosen is not None:
        choice.method, choice.currency = chosen.name, chosen.price.currency
        choice.contact = needs(chosen)
        choice.by_code, choice.by_transfer = chosen.way is Way.CODE, chosen.way is Way.TRANSFER
        return False
    await wait_at(visit, choice, Pay.method)
    lines = [_("How shall we pay?"), "", *saved_card_lines(cards), *method_lines(visit.catalogue, offers)]
    await visit.show("\n".join(lines), which_method(visit.catalogue, offers, cards))
    return True


def _those_named(choice: Choice, offers: list[MethodOffer]) -> list[MethodOffer]:
    """All of them, unless a method was chosen before anything else was: then it is asked in what currency."""
    named = [offer for offer in offers if offer.name == choice.method and not choice.wished]
    return named or offers


async def _ask_payer(visit: Visit, choice: Choice) -> bool:
    """Money by code names its payer alone; an order that money came for already has one."""
    if choice.by_transfer:
        return await _ask_invoiced(visit, choice)
    if choice.payer or choice.rest or not choice.by_code:
        return False
    payers = await visit.connectors.payers(visit.customer_id)
    if len(payers) < 2:
        return False
    await wait_at(visit, choice, Pay.payer)
    await visit.show(_("Who pays?"), which_payer(payers))
    return True


async def _ask_invoiced(visit: Visit, choice: Choice) -> bool:
    """A payer who was found without asking needs an order of his own."""
    if await ask_whom_to_invoice(visit, choice):
        return True
    return not choice.order and await _ask_method(visit, choice)


async def _ask_consent(visit: Visit, choice: Choice) -> bool:
    words = await consent_words(visit, choice.currency)
    if not words:
        return False
    await wait_at(visit, choice, Pay.consent)
    await visit.show(words, screens.consent())
    return True


async def _ask_contact(visit: Visit, choice: Choice) -> bool:
    question = await contact_words(visit, choice.contact)
    if not question:
        return False
    await wait_at(visit, choice, Pay.contact)
    await visit.show(question, only_back())
    return True


_QUESTIONS = (
    _ask_connectors,
    ask_about_invoice,
    _ask_months,
    _ask_method,
    _ask_payer,
    _ask_consent,
    _ask_contact,
)


async def ask_promo(visit: Visit, choice: Choice) -> None:
    await wait_at(visit, choice, Pay.promo)
    await visit.show(_("Send the promo code."), only_back())


async def use_promo(visit: Visit, choice: Choice, code: str | None) -> None:
    """Place the order anew with that code, or without any; one that does not count leaves it as it was."""
    try:
        order = await visit.orders.place(
            visit.customer_id,
            choice.connectors,
            choice.months,
            promo=code,
            link=choice.link,
            payer_id=choice.payer or None,
        )
    except CustomerError as refusal:
        if not refusal.code.startswith(PROMO_REFUSED):
            raise
        visit.note = sentence_for(refusal)
        return
    choice.order, choice.promo = order.id, order.promo_code


async def _place(visit: Visit, choice: Choice) -> None:
    """A code that does not count for what is chosen now is said, and the order placed without it."""
    await use_promo(visit, choice, choice.promo)
    if not choice.order:
        await use_promo(visit, choice, "")


async def ask_search(visit: Visit, choice: Choice) -> None:
    await wait_at(visit, choice, Pay.search)
    await visit.show(_("Send a part of the name or of the number."), only_back())
