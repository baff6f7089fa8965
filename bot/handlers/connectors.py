"""The customer's connectors: the list, one of them, and adding one where the catalogue allows."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import CustomerError
from bot.handlers.getting_in import show_nothing_found
from bot.handlers.pay import pay_for
from bot.handlers.places import open_place, opens, resume_after_stale, resumes
from bot.i18n import _, said, shown
from bot.i18n.suspension_words import stand_lines
from bot.keyboards import connectors as lists
from bot.keyboards.buttons import BACK, Place, TurnPage, by_handle, only_back
from bot.keyboards.connectors import SEARCH, SHOW_ALL, UNLINK, PayFor, PickConnector, PickTariff
from bot.keyboards.payers import PickPayer, which_payer
from bot.keyboards.suspension import on_its_page
from bot.middlewares.visits import Visit
from bot.services.suspension.views import Subject

router = Router(name="connectors")


class Lines(StatesGroup):
    listed = State()
    search = State()
    one = State()
    payer = State()
    unlink = State()
    tariff = State()
    title = State()


@opens(Place.CONNECTORS)
async def connectors_opened(visit: Visit) -> None:
    await _show_list(visit)


@resumes(Lines)
async def connectors_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    if visit.dialog == Lines.one.state:
        return await show_connector(visit, data["connector"])
    if visit.dialog == Lines.payer.state:
        return await _ask_payer(visit, data["connector"])
    if visit.dialog == Lines.unlink.state:
        return await _ask_unlink(visit, data["connector"])
    if visit.dialog == Lines.tariff.state:
        return await add_opened(visit)
    if visit.dialog == Lines.title.state:
        return await _ask_title(visit, data["tariff"])
    return await _show_list(visit, data.get("search", ""), data.get("page", 0))


async def _show_list(visit: Visit, search: str = "", page: int = 0) -> None:
    found = await visit.connectors.page(visit.customer_id, search=search, page=page)
    if found.total == 0 and not search:
        return await show_nothing_found(visit)
    listed = [connector.id for connector in found.items]
    await visit.enter(Lines.listed, listed=listed, search=search, page=found.page)
    text = _("Your connectors. Those that end first stand on top.")
    if search:
        text = _("Found for “{words}”: {count}.", words=shown(search), count=found.total)
    can_add = bool(visit.catalogue.addable)
    await visit.show(text, lists.own_connectors(found, searched=bool(search), can_add=can_add))
    return None


async def show_connector(visit: Visit, connector_id: str) -> None:
    connector = await visit.connectors.get(visit.customer_id, connector_id)
    await visit.enter(Lines.one, connector=connector.id)
    tariff = visit.catalogue.tariff(connector.tariff)
    lines = [
        shown(connector.title),
        _("Tariff: {tariff}", tariff=said(tariff.title) if tariff else _("no longer sold")),
        _("Billed each month for what was used.")
        if tariff and tariff.metered
        else _("Paid: {until}", until=lists.paid_until(connector.paid_until)),
    ]
    payers = await visit.connectors.payers(visit.customer_id)
    payer = next((each for each in payers if each.id == connector.payer_id), None)
    if payer and len(payers) > 1:
        lines.append(_("Payer: {payer}", payer=shown(payer.shown_name)))
    if tariff and tariff.description:
        lines += ["", said(tariff.description)]
    stand = await visit.suspensions.stand(visit.customer_id, Subject(connector_id=connector.id))
    lines[3:3] = stand_lines(stand)
    payable = bool(tariff and tariff.periods and not tariff.is_paid_off(connector))
    buttons = lists.connector_page(
        connector,
        payable=payable,
        metered=bool(tariff and tariff.metered),
        several_payers=len(payers) > 1,
        suspension=on_its_page(stand),
    )
    await visit.show("\n".join(lines), buttons)


@router.callback_query(Lines.listed, PickConnector.filter())
async def connector_tapped(visit: Visit, callback_data: PickConnector) -> None:
    listed = (await visit.state.get_data()).get("listed", [])
    picked = by_handle(callback_data.handle, listed)
    if picked is None:
        return await resume_after_stale(visit)
    return await show_connector(visit, picked)


@router.callback_query(Lines.one, PayFor.filter())
async def pay_tapped(visit: Visit, callback_data: PayFor) -> None:
    connector_id = (await visit.state.get_data()).get("connector", "")
    if by_handle(callback_data.handle, [connector_id]) is None:
        return await resume_after_stale(visit)
    return await pay_for(visit, connector_id)


@router.callback_query(Lines.one, F.data == lists.CHANGE_PAYER)
async def other_payer_wanted(visit: Visit) -> None:
    await _ask_payer(visit, (await visit.state.get_data())["connector"])


async def _ask_payer(visit: Visit, connector_id: str) -> None:
    connector = await visit.connectors.get(visit.customer_id, connector_id)
    payers = await visit.connectors.payers(visit.customer_id)
    await visit.enter(Lines.payer, connector=connector.id)
    text = _("Who shall pay for {title} from now on?", title=shown(connector.title))
    await visit.show(text, which_payer(payers))


@router.callback_query(Lines.payer, PickPayer.filter())
async def payer_picked(visit: Visit, callback_data: PickPayer) -> None:
    connector_id = (await visit.state.get_data())["connector"]
    await visit.connectors.choose_payer(visit.customer_id, connector_id, callback_data.payer)
    await show_connector(visit, connector_id)


@router.callback_query(Lines.one, F.data == UNLINK)
async def unlink_wanted(visit: Visit) -> None:
    await _ask_unlink(visit, (await visit.state.get_data())["connector"])


async def _ask_unlink(visit: Visit, connector_id: str) -> None:
    connector = await visit.connectors.get(visit.customer_id, connector_id)
    await visit.enter(Lines.unlink, connector=connector.id)
    text = _(
        "Unlink {title} from this chat? What is paid stays paid, an order that is not paid is cancelled. "
        "To get it back you need a new link from the seller, or an operator.",
        title=shown(connector.title),
    )
    await visit.show(text, lists.unlink())


@router.callback_query(Lines.unlink, F.data == UNLINK)
async def unlink_confirmed(visit: Visit) -> None:
    connector_id = (await visit.state.get_data())["connector"]
    connector = await visit.connector_links.detach(visit.customer_id, connector_id)
    visit.toast = _("{title} is unlinked.", title=shown(connector.title))
    await connectors_opened(visit)


@router.callback_query(StateFilter(Lines.unlink, Lines.payer), F.data == BACK)
async def back_to_connector(visit: Visit) -> None:
    await show_connector(visit, (await visit.state.get_data())["connector"])


@router.callback_query(Lines.listed, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    data = await visit.state.get_data()
    await _show_list(visit, data.get("search", ""), callback_data.to)


@router.callback_query(Lines.listed, F.data == SEARCH)
async def search_wanted(visit: Visit) -> None:
    await visit.enter(Lines.search)
    await visit.show(_("Send a part of the name or of the number."), only_back())


@router.callback_query(Lines.listed, F.data == SHOW_ALL)
async def all_wanted(visit: Visit) -> None:
    await _show_list(visit)


@router.message(Lines.search, F.text)
async def words_sent(visit: Visit) -> None:
    await _show_list(visit, shown(visit.text))


@opens(Place.ADD)
async def add_opened(visit: Visit) -> None:
    addable = visit.catalogue.addable
    if not addable:
        raise CustomerError("not_addable")
    if len(addable) == 1:
        return await _ask_title(visit, addable[0].id)
    await visit.enter(Lines.tariff)
    await visit.show(_("What shall we connect?"), lists.tariffs_to_add(visit.catalogue))
    return None


@router.callback_query(Lines.tariff, PickTariff.filter())
async def tariff_picked(visit: Visit, callback_data: PickTariff) -> None:
    await _ask_title(visit, callback_data.id)


async def _ask_title(visit: Visit, tariff_id: str) -> None:
    tariff = visit.catalogue.tariff(tariff_id)
    if tariff is None or not tariff.addable:
        raise CustomerError("not_addable")
    await visit.enter(Lines.title, tariff=tariff.id)
    await visit.show(said(tariff.ask) or _("What shall it be called?"), only_back())


@router.message(Lines.title, F.text)
async def title_sent(visit: Visit) -> None:
    """Added, and on to its first payment."""
    tariff_id = (await visit.state.get_data())["tariff"]
    tariff = visit.catalogue.tariff(tariff_id)
    words = shown(visit.text)
    title = f"{said(tariff.title)} {words}" if tariff and words else words
    connector = await visit.connectors.add(visit.customer_id, tariff_id, title)
    visit.toast = _("{title} is added. It starts with its first payment.", title=shown(connector.title))
    await pay_for(visit, connector.id)


@router.callback_query(Lines.search, F.data == BACK)
async def back_from_search(visit: Visit) -> None:
    await _show_list(visit)


@router.callback_query(Lines.title, F.data == BACK)
async def back_from_title(visit: Visit) -> None:
    several = len(visit.catalogue.addable) > 1
    await open_place(visit, Place.ADD if several else Place.CONNECTORS)
