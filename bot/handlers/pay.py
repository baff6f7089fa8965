"""Pay: asks for what is still missing, one screen at a time, and ends with the link."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.domain.errors import CustomerError
from bot.handlers.choice import Choice, Pay, load, wait_at
from bot.handlers.getting_in import show_nothing_found
from bot.handlers.menu import show_menu
from bot.handlers.payment import show_link
from bot.handlers.places import opens, resume_after_stale, resumes
from bot.i18n import _, method_title, money, said, scheme_titles, shown
from bot.keyboards import connectors as lists
from bot.keyboards import pay as screens
from bot.keyboards.buttons import BACK, Place, TurnPage, by_handle
from bot.keyboards.connectors import DONE, SEARCH, SEVERAL, SHOW_ALL, PickConnector
from bot.middlewares.visits import Visit
from bot.services.payments import MethodOffer

router = Router(name="pay")
router.callback_query.filter(StateFilter(Pay))
router.message.filter(StateFilter(Pay))

MOST_AT_ONCE = 20


@opens(Place.PAY)
async def pay_opened(visit: Visit) -> None:
    await go_on(visit, Choice())


@opens(Place.AGAIN)
async def again_opened(visit: Visit) -> None:
    """The last order once more: its link is one tap away."""
    again = await visit.orders.again(visit.customer_id)
    if again is None:
        return await pay_opened(visit)
    choice = Choice(connectors=list(again.connector_ids), months=again.months, method=again.method)
    return await go_on(visit, choice)


async def pay_for(visit: Visit, connector_id: str) -> None:
    """Pay for this one; raises NotYours for anybody else's."""
    connector = await visit.connectors.get(visit.customer_id, connector_id)
    await go_on(visit, Choice(connectors=[connector.id]))


@resumes(Pay)
async def pay_resumed(visit: Visit) -> None:
    choice = await load(visit)
    if visit.dialog == Pay.search.state:
        return await _ask_search(visit, choice)
    return await go_on(visit, choice)


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
    offers = await visit.orders.periods(visit.customer_id, choice.connectors)
    if not offers:
        raise CustomerError("no_common_period")
    if len(offers) == 1:
        choice.months = offers[0].months
        return False
    await wait_at(visit, choice, Pay.months)
    await visit.show(_("For how long?"), screens.periods(offers))
    return True


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
    await visit.show(text, screens.only_back())
    return True


async def _ask_search(visit: Visit, choice: Choice) -> None:
    await wait_at(visit, choice, Pay.search)
    await visit.show(_("Send a part of the name or of the number."), screens.only_back())


def _method_line(visit: Visit, offer: MethodOffer) -> str:
    """«Банковская карта — 990 ₽: Мир, Visa; без комиссии; сразу»."""
    terms = visit.catalogue.method(offer.name)
    facts = (scheme_titles(offer.schemes), said(terms.fee), said(terms.counts))
    title = f"• {method_title(visit.catalogue, offer.name)} — {money(offer.price)}"
    return "; ".join(filter(None, (title, *facts)))


@router.callback_query(Pay.connectors, PickConnector.filter())
async def connector_picked(visit: Visit, callback_data: PickConnector) -> None:
    choice = await load(visit)
    picked = by_handle(callback_data.handle, choice.listed)
    if picked is None:
        return await resume_after_stale(visit)
    if not choice.several:
        choice.connectors = [picked]
    elif picked in choice.ticked:
        choice.ticked.remove(picked)
    elif len(choice.ticked) < MOST_AT_ONCE:
        choice.ticked.append(picked)
    else:
        raise CustomerError("choose_connectors", most=MOST_AT_ONCE)
    return await go_on(visit, choice)


@router.callback_query(Pay.connectors, F.data == SEVERAL)
async def several_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.several = True
    await go_on(visit, choice)


@router.callback_query(Pay.connectors, F.data == DONE)
async def ticks_done(visit: Visit) -> None:
    choice = await load(visit)
    choice.connectors = list(choice.ticked)
    await go_on(visit, choice)


@router.callback_query(Pay.connectors, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    choice = await load(visit)
    choice.page = callback_data.to
    await go_on(visit, choice)


@router.callback_query(Pay.connectors, F.data == SEARCH)
async def search_wanted(visit: Visit) -> None:
    await _ask_search(visit, await load(visit))


@router.callback_query(Pay.connectors, F.data == SHOW_ALL)
async def all_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.search, choice.page = "", 0
    await go_on(visit, choice)


@router.message(Pay.search, F.text)
async def words_sent(visit: Visit) -> None:
    choice = await load(visit)
    choice.search, choice.page = shown(visit.text), 0
    await go_on(visit, choice)


@router.callback_query(Pay.months, screens.PickPeriod.filter())
async def period_picked(visit: Visit, callback_data: screens.PickPeriod) -> None:
    choice = await load(visit)
    choice.months = callback_data.months
    await go_on(visit, choice)


@router.callback_query(Pay.method, screens.PickMethod.filter())
async def method_picked(visit: Visit, callback_data: screens.PickMethod) -> None:
    choice = await load(visit)
    choice.method = callback_data.name
    await go_on(visit, choice)


@router.callback_query(Pay.consent, F.data == screens.AGREE)
async def consent_given(visit: Visit) -> None:
    await visit.customers.consent(visit.customer_id)
    await go_on(visit, await load(visit))


@router.message(Pay.contact, F.text)
async def contact_sent(visit: Visit) -> None:
    choice = await load(visit)
    if "@" in visit.text or choice.contact == "email":
        await visit.customers.set_email(visit.customer_id, visit.text)
    else:
        await visit.customers.set_phone(visit.customer_id, visit.text)
    await go_on(visit, choice)


@router.callback_query(F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    choice = await load(visit)
    if visit.dialog == Pay.search.state:
        return await go_on(visit, choice)
    if choice.several and visit.dialog == Pay.connectors.state:
        choice.several, choice.ticked = False, []
        return await go_on(visit, choice)
    if not choice.step_back():
        return await show_menu(visit)
    return await go_on(visit, choice)
