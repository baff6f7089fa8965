"""Papers by e-mail, once more asked about with the address that stands now; and invoices by a link."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section.months import ask_months
from bot.handlers.invoices_section.scope import Scope, Section, demand_open, load, wait_at
from bot.handlers.invoices_section.usage import show_charges, show_detail
from bot.i18n.order_words import link_words, order_words, ordered_words
from bot.keyboards import metered as screens
from bot.keyboards.buttons import BACK
from bot.keyboards.metered import Aim
from bot.middlewares.visits import Visit

router = Router(name="invoices_ordering")


@dataclass(slots=True)
class Order:
    """What is to be sent by e-mail."""

    aim: str
    months: list[str] = field(default_factory=list)


async def show_order(visit: Visit, scope: Scope, order: Order) -> None:
    """The address is shown masked, for whoever looks over the shoulder; without one it is asked for."""
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    await wait_at(visit, scope, Section.order, order=asdict(order))
    text = order_words(order.aim, order.months, now.address)
    await visit.show(text, screens.order(has_address=bool(now.address)))


@router.callback_query(Section.months, F.data == screens.NEXT)
async def months_picked(visit: Visit) -> None:
    demand_open(visit)
    data, scope = await visit.state.get_data(), await load(visit)
    aim, months = Aim(data["aim"]), data["months"]
    if not months:
        return await ask_months(visit, scope, aim, months)
    match aim:
        case Aim.DETAIL:
            await show_detail(visit, scope, months[0])
        case Aim.LINK:
            await show_links(visit, scope, months[0])
        case _:
            await show_order(visit, scope, Order(aim, months))
    return None


@router.callback_query(StateFilter(Section.detail, Section.charges), F.data == screens.BY_MAIL)
async def mail_wanted(visit: Visit) -> None:
    demand_open(visit)
    data = await visit.state.get_data()
    is_detail = visit.dialog == Section.detail.state
    order = Order(Aim.DETAIL, [data["month"]]) if is_detail else Order(Aim.CHARGES, [visit.usage.this_month])
    await show_order(visit, await load(visit), order)


@router.callback_query(Section.order, F.data == screens.SEND)
async def order_confirmed(visit: Visit) -> None:
    scope, order = await load(visit), await _order(visit)
    who, papers = visit.customer_id, visit.paper_orders
    match Aim(order.aim):
        case Aim.COPY:
            await papers.copies(who, scope.payer, order.months)
        case Aim.DETAIL:
            await papers.detail(who, scope.payer, scope.subscriber, order.months[0])
        case _:
            await papers.charges(who, scope.payer, scope.subscriber)
    await show_ordered(visit, scope, order)


async def show_ordered(visit: Visit, scope: Scope, order: Order) -> None:
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    await wait_at(visit, scope, Section.ordered, order=asdict(order))
    await visit.show(ordered_words(order.aim, order.months, now.address), screens.ordered())


@router.callback_query(Section.order, F.data == BACK)
async def back_from_order(visit: Visit) -> None:
    scope, order = await load(visit), await _order(visit)
    match Aim(order.aim):
        case Aim.DETAIL:
            await show_detail(visit, scope, order.months[0])
        case Aim.CHARGES:
            await show_charges(visit, scope)
        case aim:
            await ask_months(visit, scope, aim, order.months)


async def order_resumed(visit: Visit, scope: Scope) -> None:
    """What was sent already is not asked about again."""
    show = show_ordered if visit.dialog == Section.ordered.state else show_order
    await show(visit, scope, await _order(visit))


async def show_links(visit: Visit, scope: Scope, month: str) -> None:
    """A button for each file; while the month is formed, how far it has come, and a button to look again."""
    found = await visit.paper_orders.links(visit.customer_id, scope.payer, month)
    await wait_at(visit, scope, Section.link, month=month)
    await visit.show(link_words(found), screens.links(found))


@router.callback_query(Section.link, F.data == screens.LOOK_AGAIN)
async def links_wanted_again(visit: Visit) -> None:
    await show_links(visit, await load(visit), (await visit.state.get_data())["month"])


@router.callback_query(Section.link, F.data == BACK)
async def back_from_links(visit: Visit) -> None:
    month = (await visit.state.get_data())["month"]
    await ask_months(visit, await load(visit), Aim.LINK, [month])


async def links_resumed(visit: Visit, scope: Scope) -> None:
    await show_links(visit, scope, (await visit.state.get_data())["month"])


async def _order(visit: Visit) -> Order:
    return Order(**(await visit.state.get_data())["order"])
