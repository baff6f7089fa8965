"""The way in: whose invoices, then the section's menu."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.domain.invoicing import BY_TRANSFER
from bot.handlers.choice import Choice
from bot.handlers.invoices_section.scope import Scope, Section, load, subscriber, wait_at
from bot.handlers.pay_steps import go_on
from bot.handlers.places import open_place, opens, resume_after_stale
from bot.i18n import _, shown
from bot.i18n.section_words import closed_words, subscriber_title
from bot.keyboards import invoices_section as screens
from bot.keyboards.buttons import BACK, Place, TurnPage, by_handle, only_back
from bot.keyboards.connectors import SEARCH, SHOW_ALL, PickConnector
from bot.keyboards.payers import PickPayer
from bot.middlewares.visits import Visit

router = Router(name="invoices_opening")


@opens(Place.INVOICES)
async def section_opened(visit: Visit) -> None:
    await ask_subscriber(visit)


async def ask_subscriber(visit: Visit, search: str = "", page: int = 0) -> None:
    """Not asked where there is one or none."""
    listed = await visit.subscribers.page(visit.customer_id, search=search, page=page)
    if not search and listed.found.total < 2:
        only = next(iter(listed.found.items), None)
        return await show_section(visit, Scope(only.payer_id or 0, only.id) if only else Scope())
    ids = [each.id for each in listed.found.items]
    await wait_at(visit, Scope(), Section.subscribers, listed=ids, search=search, page=listed.found.page)
    text = _("Invoices. Choose a subscriber.")
    if search:
        text += "\n" + _("Found for “{words}”: {count}.", words=shown(search), count=listed.found.total)
    await visit.show(text, screens.subscribers(listed, searched=bool(search)))
    return None


async def show_section(visit: Visit, scope: Scope) -> None:
    whose = await subscriber(visit, scope)
    opens_at = visit.billing.opens_at() if whose else None
    await wait_at(visit, scope, Section.menu)
    lines = [
        _("Invoices"),
        subscriber_title(whose) if whose else "",
        closed_words(opens_at) if opens_at else "",
    ]
    buttons = screens.section(
        on_request=visit.catalogue.invoicing is not None,
        metered=scope.is_metered,
        requests=scope.is_metered and opens_at is None,
        mail=scope.is_metered and await visit.email_codes.can_send(),
        in_parts=scope.is_metered and await _pays_in_parts(visit, scope),
        several=scope.chosen,
    )
    await visit.show("\n\n".join(filter(None, lines)), buttons)


async def _pays_in_parts(visit: Visit, scope: Scope) -> bool:
    found = await visit.instalments.of_customer(visit.customer_id, scope.subscriber, payer_id=scope.payer)
    return found.total > 0


async def opening_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    match visit.dialog:
        case Section.subscribers.state:
            await ask_subscriber(visit, data.get("search", ""), data.get("page", 0))
        case Section.search.state:
            await search_wanted(visit)
        case _:
            await show_section(visit, await load(visit))


@router.callback_query(Section.subscribers, PickConnector.filter())
async def subscriber_picked(visit: Visit, callback_data: PickConnector) -> None:
    listed = (await visit.state.get_data()).get("listed", [])
    picked = by_handle(callback_data.handle, listed)
    if picked is None:
        return await resume_after_stale(visit)
    connector = await visit.connectors.get(visit.customer_id, picked)
    return await show_section(visit, Scope(connector.payer_id or 0, connector.id, chosen=True))


@router.callback_query(Section.subscribers, PickPayer.filter())
async def all_picked(visit: Visit, callback_data: PickPayer) -> None:
    await show_section(visit, Scope(callback_data.payer, chosen=True))


@router.callback_query(Section.subscribers, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    await ask_subscriber(visit, (await visit.state.get_data()).get("search", ""), callback_data.to)


@router.callback_query(Section.subscribers, F.data == SEARCH)
async def search_wanted(visit: Visit) -> None:
    await visit.enter(Section.search)
    await visit.show(_("Send a part of the name or of the number."), only_back())


@router.message(Section.search, F.text)
async def words_sent(visit: Visit) -> None:
    await ask_subscriber(visit, shown(visit.text))


@router.callback_query(Section.search, F.data == BACK)
@router.callback_query(Section.subscribers, F.data == SHOW_ALL)
@router.callback_query(StateFilter(Section), F.data == screens.CHANGE_SUBSCRIBER)
async def other_subscriber_wanted(visit: Visit) -> None:
    await ask_subscriber(visit)


@router.callback_query(StateFilter(Section), F.data == screens.ON_REQUEST)
async def invoice_wanted(visit: Visit) -> None:
    """Pay asks for connectors and period, and the method is chosen already."""
    await go_on(visit, Choice(method=BY_TRANSFER))


@router.callback_query(Section.menu, F.data == BACK)
async def back_from_menu(visit: Visit) -> None:
    if (await load(visit)).chosen:
        return await ask_subscriber(visit)
    return await open_place(visit, Place.MENU)
